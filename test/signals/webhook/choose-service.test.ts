import { expect, test } from '@jest/globals';
import { parseServiceName } from '../../../src/domain/service-name.ts';
import { chooseService } from '../../../src/signals/webhook/choose-service.ts';

const service = (name: string, account: string, sid: string) => ({
  name: parseServiceName(name)!,
  accountSid: account,
  serviceSid: sid,
});
const ONE = service('one', 'AC1', 'IS1');
const TWO = service('two', 'AC1', 'IS2');
const ALONE = service('alone', 'AC2', 'IS3');

test.each([
  [{ AccountSid: 'AC1', ChatServiceSid: 'IS2' }, null, TWO],
  [{ AccountSid: 'AC1', ChatServiceSid: 'IS2' }, 'one', TWO],
  [{ AccountSid: 'AC1' }, 'one', ONE],
  [{ AccountSid: 'AC1' }, null, 'unclear-service'],
  [{ AccountSid: 'AC1' }, 'alone', 'other-service'],
  [{ AccountSid: 'AC1', ChatServiceSid: 'IS3' }, null, 'other-service'],
  [{ AccountSid: 'AC2' }, null, ALONE],
  [{ AccountSid: 'AC2', ChatServiceSid: 'IS9' }, null, 'other-service'],
  [{ AccountSid: 'AC3', ChatServiceSid: 'IS1' }, 'one', 'other-account'],
  [{ ChatServiceSid: 'IS1' }, 'one', 'other-account'],
  [{ AccountSid: ['AC1', 'AC1'], ChatServiceSid: 'IS1' }, null, 'other-account'],
])('%j with ?service=%s', (params, named, expected) => {
  expect(chooseService([ONE, TWO, ALONE], params, named)).toEqual(expected);
});
