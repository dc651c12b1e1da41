import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../config/support.ts';
import { type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';
import { runCli } from './support.ts';

const read = (page: string) => readFileSync(join(REPOSITORY, 'docs', page), 'utf8');

/** The words of a command, as a shell reads them. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

/** Commands of operators in a line of text; these take what they need from the configuration. */
function commandsIn(page: string): string[] {
  const all = [...read(page).matchAll(/`mau-guard ([^`]+)`/g)].map(([, command = '']) => command);
  return all.filter((command) => !/^(serve|doctor|config|keys)\b/.test(command));
}

// Who needs a runbook is in a hurry. Nobody answers here, so wrong use is all that can be found: exit code 2.
test.each(['runbook.md', 'operating.md', 'upgrade.md'])('commands of docs/%s can be pasted', async (page) => {
  const fetch = () => Promise.reject(new TypeError('fetch failed'));
  const ran = commandsIn(page).map(async (command) => {
    const { code, stderr } = await runCli(words(command), { env: { MAU_OPS_KEY: 'mgk_any' }, fetch });
    return code === 2 ? `${command}: ${stderr}` : null;
  });
  expect(ran.length).toBeGreaterThan(0);
  expect((await Promise.all(ran)).filter((fault) => fault !== null)).toEqual([]);
});

describe('the examples of budgets in docs/cli.md', () => {
  let operated: OperatorGateway | null = null;
  afterEach(() => operated?.stop());

  test('work one after the other', async () => {
    const [, block = ''] = /### Budgets\n\n```sh\n(.*?)```/s.exec(read('cli.md')) ?? [];
    const commands = block.trim().split('\n');
    expect(commands.length).toBeGreaterThan(3);
    operated = await startOperatorGateway();
    for (const command of commands) {
      const { code, stderr } = await operated.run(words(command).slice(1));
      expect({ command, code, stderr }).toMatchObject({ code: 0 });
    }
  });
});
