import { EXIT } from './exit-codes.ts';

/**
 * Ends a program whose data nobody takes any more. Quietly, with the exit code that its command has come to by then, when
 * whoever reads has had enough, as `| head -1` has; with a line on standard error and code 1 when the data cannot be
 * written, as on a full disk. Words that cannot be written are lost, and the work goes on.
 */
export function endWithOutput(program: NodeJS.Process): void {
  program.stderr.on('error', () => {});
  program.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') program.exit();
    program.stderr.write(`mau-guard: standard output cannot be written: ${code ?? message}\n`);
    program.exit(EXIT.failure);
  });
}
