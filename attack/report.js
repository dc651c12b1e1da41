/**
 * One line for a family, and below it what did not come out as it must.
 *
 * @param {import('./tools/tally.js').Result & { seconds: number }} result
 */
export function reportFamily({ family, tried, held, surprises, figures, seconds }) {
  const wrong = tried - held;
  const line = [
    family.padEnd(11),
    `${tried} tried`.padStart(12),
    `${held} as expected`.padStart(18),
    `${wrong} ${wrong === 1 ? 'surprise' : 'surprises'}`.padStart(14),
    `${seconds.toFixed(1)} s`.padStart(9),
  ].join('');
  const measured = Object.entries(figures).map(([name, value]) => `    ${name}: ${value}`);
  const told = surprises.map(({ attack, saw }) => `  ! ${attack}\n      ${saw}`);
  return [line, ...measured, ...told, ''].join('\n');
}
