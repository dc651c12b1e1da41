#!/usr/bin/env node
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { runProgram } from '../bench/system/command-line.js';
import { say } from '../bench/system/progress.js';
import { makeTemporaryFolder } from '../bench/system/temporary-folder.js';
import { parseOptions, USAGE } from './options.js';
import { isHeld, reportChaos } from './report.js';

const SEEDS = 1_000_000;

/** @param {import('./options.js').Options} options */
async function run(options) {
  const folder = await makeTemporaryFolder();
  const { runChaos } = await import('./run/run-chaos.js');
  say(`seed ${options.seed}`);
  const result = await runChaos({ ...options, folder, say });
  process.stdout.write(reportChaos(result));
  const { verdicts, history, seconds } = result;
  const figures = { options, seconds, verdicts, answers: history.answers, held: isHeld(result) };
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  return isHeld(result);
}

await runProgram({
  usage: USAGE,
  parseOptions: (args) => parseOptions(args, () => randomInt(SEEDS)),
  run,
});
