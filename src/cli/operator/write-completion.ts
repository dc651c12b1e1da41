/** A command and what may follow it. */
export interface CommandWords {
  /** Names from the program on; empty for the program itself. */
  path: readonly string[];
  description: string;
  commands: readonly string[];
  options: readonly { name: string; description: string }[];
}

/** A completion script. Everything else than commands and options is left to the shell, such as names of files. */
export function writeCompletion(shell: 'bash' | 'zsh' | 'fish', commands: readonly CommandWords[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
    default:
      return shell satisfies never;
  }
}

/** Words after which the path is looked up, so that options and their values in between do not matter. */
function bash(commands: readonly CommandWords[]): string {
  const cases = commands.map(({ path, commands: names, options }) => {
    const words = [...names, ...options.map(({ name }) => name)].join(' ');
    return `    '${path.join(' ')}') words='${words}' ;;`;
  });
  const known = commands.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  return `_mau_guard() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mau_guard mau-guard
`;
}

function fish(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ path, commands: names, options }) => {
    const condition = conditionOf(path, names);
    const described = (name: string) =>
      commands.find(
        (one) => one.path.length === path.length + 1 && one.path.join(' ') === [...path, name].join(' '),
      )?.description ?? '';
    return [
      ...names.map(
        (name) => `complete -c mau-guard -f -n ${condition} -a ${name} -d ${quote(described(name))}`,
      ),
      ...options.map(
        ({ name, description }) =>
          `complete -c mau-guard -n ${condition} -l ${name.slice(2)} -d ${quote(description)}`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** When the command line is at this command: all its names are there, and none of those below it. */
function conditionOf(path: readonly string[], below: readonly string[]): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const notSeen = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  return quote([...seen, ...notSeen].join('; and ') || 'true');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
