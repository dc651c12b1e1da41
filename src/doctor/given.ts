import { type Finding, skip } from './finding.ts';

/**
 * Judges facts that another check reports on when they cannot be had: then there is nothing to judge.
 *
 * @param otherwise what is missing, such as `Redis does not answer`
 */
export function given<Facts>(
  read: () => Promise<Facts>,
  otherwise: string,
  judge: (facts: Facts) => Finding | Promise<Finding>,
): () => Promise<Finding> {
  return async () => {
    let facts: Facts;
    try {
      facts = await read();
    } catch {
      return skip(otherwise);
    }
    return judge(facts);
  };
}
