import { expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { createClassByPrefix } from '../../src/signals/class-by-prefix.ts';

test('the longest prefix that fits decides; without one the class is unknown', () => {
  const classOf = createClassByPrefix([
    { name: 'member', prefix: 'm_' },
    { name: 'vip', prefix: 'm_v_' },
    { name: 'nobody', prefix: '' },
  ]);
  const classes = ['m_v_1', 'm_v1', 'm_', 'm', 'xm_1', 'M_1'].map((each) => classOf(each as Identity));
  expect(classes).toEqual(['vip', 'member', 'member', 'unknown', 'unknown', 'unknown']);
});
