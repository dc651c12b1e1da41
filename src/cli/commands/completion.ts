import { Argument, type Command } from 'commander';
import type { AddCommand } from '../cli-io.ts';
import { type CommandWords, writeCompletion } from '../operator/write-completion.ts';

const EXAMPLES = `Examples:
  mau-guard completion bash > ~/.local/share/bash-completion/completions/mau-guard
  eval "$(mau-guard completion zsh)"      # in ~/.zshrc, after compinit
  mau-guard completion fish > ~/.config/fish/completions/mau-guard.fish
`;

/** `completion`: a script for the shell, made of the commands as they are. */
export const addCompletionCommand: AddCommand = (program, io) => {
  program
    .command('completion')
    .description('print a completion script for the shell')
    .addHelpText('before', EXAMPLES)
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      io.stdout.write(writeCompletion(shell, wordsOf(program)));
    });
};

/** Every command with what may follow it. */
function wordsOf(command: Command, path: readonly string[] = []): CommandWords[] {
  const own: CommandWords = {
    path,
    description: command.description(),
    commands: command.commands.map((child) => child.name()),
    options: [
      ...command.options.map(({ long, description }) => ({ name: long ?? '', description })),
      { name: '--help', description: 'show help' },
    ].filter(({ name }) => name !== ''),
  };
  return [own, ...command.commands.flatMap((child) => wordsOf(child, [...path, child.name()]))];
}
