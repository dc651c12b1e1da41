import type { Refusal } from '../domain/refusal.ts';
import type { EnterOutside } from '../issue/ports.ts';

/**
 * Asks somebody outside, unless too many such calls of the same network came to nothing.
 *
 * @param enter absent where such calls have no limit
 * @param isNobody whether the answer names nobody
 */
export async function askOutside<Answer>(
  enter: EnterOutside | undefined,
  ask: () => Promise<Answer>,
  isNobody: (answer: Answer) => boolean,
): Promise<Answer | Refusal> {
  const leave = enter?.() ?? (() => {});
  if (typeof leave !== 'function') return leave;
  let failed = false;
  try {
    const answer = await ask();
    failed = isNobody(answer);
    return answer;
  } finally {
    leave(failed);
  }
}
