import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { runCli } from './support.ts';

/** What bash would offer behind these words. */
async function offered(line: string): Promise<string[]> {
  const { stdout } = await runCli(['completion', 'bash']);
  const words = line.split(' ');
  const script = `${stdout}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
    _mau_guard; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout: out, stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return out.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  it('offers every command, then what belongs to it', async () => {
    expect(await offered('mau-guard ')).toEqual(
      expect.arrayContaining(['serve', 'usage', 'export', 'reconcile', 'token', 'completion', '--version']),
    );
    expect(await offered('mau-guard ex')).toEqual(['explain', 'export']);
    expect(await offered('mau-guard budget ')).toEqual(expect.arrayContaining(['show', 'set', 'raise']));
    expect(await offered('mau-guard budget set --li')).toEqual(['--limit']);
    expect(await offered('mau-guard export --month 2026-10 --fo')).toEqual(['--format']);
  });

  it.each(['bash', 'zsh', 'fish'])('for %s knows the options of subcommands', async (shell) => {
    const { code, stdout } = await runCli(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain(shell === 'fish' ? '-l login-file' : '--login-file');
  });

  it('of another shell is wrong use', async () => {
    expect((await runCli(['completion', 'tcsh'])).code).toBe(2);
  });
});
