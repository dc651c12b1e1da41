#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { runProgram } from '../bench/system/command-line.js';
import { say } from '../bench/system/progress.js';
import { makeTemporaryFolder } from '../bench/system/temporary-folder.js';
import { parseOptions, USAGE } from './options.js';
import { reportFamily } from './report.js';

/**
 * Runs all families, prints each as soon as it is over, and answers whether every attack came out as it must.
 *
 * @param {import('./options.js').Options} options
 */
async function run(options) {
  // Loaded when needed: it needs the built product, help does not.
  const { runAttack } = await import('./run-attack.js');
  const folder = await makeTemporaryFolder();
  const results = [];
  process.stdout.write(`seed ${options.seed}, ${options.rounds} rounds\n`);
  await runAttack({
    ...{ ...options, folder, say },
    onResult: (result) => {
      results.push(result);
      process.stdout.write(reportFamily(result));
    },
  });
  if (options.jsonFile !== null) {
    const { seed, rounds } = options;
    await writeFile(options.jsonFile, `${JSON.stringify({ seed, rounds, results }, null, 2)}\n`);
  }
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  const wrong = sum('tried') - sum('held');
  const verdict = wrong === 0 ? 'HELD' : 'BROKEN';
  process.stdout.write(`${verdict}: ${sum('tried')} attacks, ${wrong} surprises, seed ${options.seed}\n`);
  return wrong === 0;
}

await runProgram({ usage: USAGE, parseOptions, run });
