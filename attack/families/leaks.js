/**
 * Every answer so far was searched for the planted secrets as it came. What remains is what was written for later: the
 * logs of both gateways at their most talkative, and what Redis has on its disk.
 */
export async function attack({ ground, tally }) {
  const { gateways, witness } = ground;
  for (const gateway of Object.values(gateways)) {
    // What is said last may wait in memory until the end.
    tally.check(`gateway ${gateway.name} ends in order`, (await gateway.stop()) === 0, 'another exit code');
    const log = gateway.said();
    witness.read(`the log of gateway ${gateway.name}`, log);
    tally.check(`gateway ${gateway.name} has a log`, log.includes('"gateway.started"'), log.length);
    const lines = log.split('\n').filter((text) => text.startsWith('{'));
    const forged = lines.find((line) => !isOwnEvent(line));
    tally.check(
      `each of the ${lines.length} lines of ${gateway.name} is one event, and none is forged`,
      forged === undefined,
      forged,
    );
    const unexpected = linesAt(log, ['error', 'fatal']).filter((line) => !line.includes('"alert'));
    tally.check(`gateway ${gateway.name} met nothing that broke it`, unexpected.length === 0, unexpected[0]);
  }
  witness.read('the disk of Redis', await ground.readDisk());
  const { leaks } = witness;
  const { texts, characters, forms } = witness.figures();
  tally.check('no secret in any answer, log or on the disk', leaks.length === 0, summarise(leaks));
  tally.figure(
    'searched',
    `${texts} texts, ${Math.round(characters / 1e6)} million characters, for ${forms} forms of secrets`,
  );
}

function isOwnEvent(line) {
  try {
    const event = JSON.parse(line);
    return typeof event.event === 'string' && !('forged' in event);
  } catch {
    return false;
  }
}

function linesAt(log, levels) {
  return log.split('\n').filter((line) => levels.some((level) => line.includes(`"level":"${level}"`)));
}

function summarise(leaks) {
  return [...new Set(leaks.map(({ secret, where }) => `${secret} in ${where}`))].slice(0, 10).join('; ');
}
