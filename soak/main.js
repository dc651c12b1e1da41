#!/usr/bin/env node
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { runProgram } from '../bench/system/command-line.js';
import { say } from '../bench/system/progress.js';
import { makeTemporaryFolder } from '../bench/system/temporary-folder.js';
import { judgeSoak } from './judge.js';
import { parseOptions, USAGE } from './options.js';
import { reportSoak } from './report.js';

const SEEDS = 1_000_000;

/** @param {import('./options.js').Options} options */
async function run(options) {
  const folder = await makeTemporaryFolder();
  // Loaded when needed: it needs the built product, help does not.
  const { runSoak } = await import('./run-soak.js');
  say(`seed ${options.seed}`);
  const soak = await runSoak({ ...options, folder, say });
  const violations = judgeSoak(soak);
  process.stdout.write(reportSoak(soak, violations));
  if (options.jsonFile !== null) {
    await writeFile(options.jsonFile, `${JSON.stringify({ ...soak, violations }, null, 2)}\n`);
  }
  return violations.length === 0;
}

await runProgram({
  usage: USAGE,
  parseOptions: (args) => parseOptions(args, () => randomInt(SEEDS)),
  run,
});
