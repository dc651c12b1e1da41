import { describe, expect, it } from '@jest/globals';
import { createDemoVisitors } from '../../src/demo/demo-visitors.ts';

let count = 0;
const nextName = () => String(++count).padStart(16, 'n');
const visitors = createDemoVisitors('a secret of this start', nextName);

describe('visitors of the demo', () => {
  it('are each somebody else, known by their login alone', () => {
    const [one, other] = [visitors.next(), visitors.next()];
    expect(visitors.source(one)).toMatchObject({ issuer: 'demo', className: 'member', via: 'bearer' });
    expect(visitors.source(one)?.subject).not.toBe(visitors.source(other)?.subject);
    expect(visitors.source(one)).toEqual(visitors.source(one));
  });

  it('are nobody with a login that was changed, or of another start', () => {
    const login = visitors.next();
    const [stem, signature] = [login.slice(0, 30), login.slice(30)];
    expect(visitors.source(login)).toBeDefined();
    expect(visitors.source(`${stem.slice(0, -2)}x-${signature}`)).toBeUndefined();
    expect(
      visitors.source(`${stem}${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`),
    ).toBeUndefined();
    expect(visitors.source('demo-visitor--')).toBeUndefined();
    expect(visitors.source('')).toBeUndefined();
    expect(createDemoVisitors('another secret', nextName).source(login)).toBeUndefined();
  });
});
