import { describe, expect, it } from '@jest/globals';
import { SIGNALS } from '../../src/domain/signal.ts';
import { COUNTING_RULES } from '../../src/reports/counting-rules.ts';

describe('the counting rules', () => {
  it('say of every signal what its source says and when it was read', () => {
    expect(COUNTING_RULES.statements.map(({ signal }) => signal)).toEqual([...SIGNALS]);
    for (const { source, readOn, says } of COUNTING_RULES.statements) {
      expect(source).toMatch(/^https:\/\/(www|help)\.twilio\.com\//);
      expect(readOn).toMatch(/^\d{4}-\d{2}$/);
      expect(says.length).toBeGreaterThan(20);
    }
  });

  it('count low exactly what nobody disputes, and high everything', () => {
    const agreed = COUNTING_RULES.statements.filter(({ verdict }) => verdict === 'agreed');
    expect(new Set(COUNTING_RULES.low)).toEqual(new Set(agreed.map(({ signal }) => signal)));
    expect(new Set(COUNTING_RULES.high)).toEqual(new Set(SIGNALS));
  });
});
