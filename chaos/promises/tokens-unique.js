/**
 * Two different tokens never have the same `jti`.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function tokensUnique({ history }) {
  /** @type {Map<string, string>} */
  const tokens = new Map();
  const violations = [];
  for (const { jti, token, who } of history.tokens) {
    const other = tokens.get(jti);
    if (other !== undefined && other !== token)
      violations.push(`${jti} names two tokens, one of them of ${who}`);
    tokens.set(jti, token);
  }
  return { checked: tokens.size, violations };
}
