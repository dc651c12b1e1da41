#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { runProgram } from '../bench/system/command-line.js';
import { say } from '../bench/system/progress.js';
import { makeTemporaryFolder } from '../bench/system/temporary-folder.js';
import { overlappingBudgets, plainBudget } from './budgets.js';
import { judgeRace } from './judge.js';
import { parseOptions, USAGE } from './options.js';
import { reportRace, reportStorm } from './report.js';

/**
 * Runs the parts, prints each as soon as it is over, and answers whether all of them held.
 *
 * @param {import('./options.js').Options} options
 */
async function run(options) {
  const folder = await makeTemporaryFolder();
  const results = [];
  const show = (report, result, violations) => {
    process.stdout.write(`${report}\n`);
    results.push({ ...result, violations });
  };
  for (const part of options.parts) {
    if (part === 'storm') {
      const { judgeStorm, runStorm } = await import('./run-storm.js');
      const storm = await runStorm({ ...options, seconds: options.stormSeconds, folder, say });
      const violations = judgeStorm(storm);
      show(reportStorm(storm, violations), { part, ...storm }, violations);
      continue;
    }
    for await (const race of runRacesOn(part, { ...options, folder })) {
      const violations = judgeRace(race);
      show(reportRace(race, violations), { part, ...race }, violations);
    }
  }
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  return results.every(({ violations }) => violations.length === 0);
}

/** With one limit, and with several that overlap. */
async function* runRacesOn(part, options) {
  // Loaded when needed: they need the built product, help does not.
  const [{ runRace }, { GROUNDS }] = [await import('./run-race.js'), await import('./stores.js')];
  const ground = GROUNDS[part];
  const budgets = [
    [`${ground.title}: one budget`, plainBudget(options.limit)],
    [`${ground.title}: three budgets and a reserve`, overlappingBudgets(options.limit)],
  ];
  for (const [title, budget] of budgets) yield await runRace({ ...options, ground, title, budget, say });
}

await runProgram({ usage: USAGE, parseOptions, run });
