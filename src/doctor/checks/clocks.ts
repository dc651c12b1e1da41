import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import { error, type Finding, ok, skip, warn } from '../finding.ts';

/** A clock that is this wrong is on its way to being worse. */
const WARN_MS = 5_000;
/** From here on Twilio refuses tokens as not yet valid or expired. */
const ERROR_MS = 30_000;

/** @param skewMs the other clock minus ours */
export function judgeSkew(skewMs: number, whose: string): Finding {
  const size = Math.abs(skewMs);
  const seconds = (size / 1000).toFixed(1);
  const detail = `${whose} clock is ${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (size <= WARN_MS) return ok(detail);
  const problem = {
    detail,
    why: 'A token that begins in the future or has ended is refused (20104, 20105), and around the turn of a month people are counted in the wrong one.',
    fix: 'Let this machine take its time from NTP (`timedatectl set-ntp true`), and the other one if it is yours.',
  };
  return size > ERROR_MS ? error(problem) : warn(problem);
}

export async function checkTwilioClock(readSkewMs: () => Promise<number>): Promise<Finding> {
  try {
    return judgeSkew(await readSkewMs(), "Twilio's");
  } catch (thrown) {
    if (thrown instanceof TwilioUnavailable) return skip(thrown.says);
    throw thrown;
  }
}
