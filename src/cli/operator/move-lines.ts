import type { Problem } from './gateway-errors.ts';

/** A refusal whose faults name lines of what was sent, with those of the file that it was made from. */
export function moveLines(problem: Problem, toFile: (line: number) => number): Problem {
  const move = (_: string, line: string) => `line ${toFile(Number(line))}`;
  const errors = problem.errors.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^line (\d+)/, move),
    detail,
  }));
  return { ...problem, errors, json: { ...(problem.json as object), errors } };
}
