import { amountOf } from '../../domain/amount-of.ts';
import { causeOf } from '../cause-of.ts';
import { error, type Finding, ok } from '../finding.ts';
import type { DoctorIssuer } from '../ports.ts';

/** Whether the keys that logins are checked with can be had. */
export async function checkIssuer({ countKeys, audience, setting }: DoctorIssuer): Promise<Finding> {
  if (countKeys === null) return ok('a shared secret: nothing to fetch');
  const why =
    audience === 'app'
      ? 'No login can be verified without the issuer’s keys; everybody gets 503.'
      : 'Operators cannot sign in to the dashboard there; ops keys work all the same.';
  const fix = `Compare ${setting} with the issuer exactly as it stands in its tokens (a slash at the end matters), and see that this machine reaches it.`;
  try {
    const keys = await countKeys();
    if (keys > 0) return ok(amountOf(keys, 'key'));
    return error({ detail: 'publishes no keys', why, fix });
  } catch (thrown) {
    return error({ detail: causeOf(thrown).message, why, fix });
  }
}
