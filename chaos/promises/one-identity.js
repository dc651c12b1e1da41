import { createAwayCheck } from './store-away.js';

/**
 * A person is served as one identity, before and after a link, and nobody else is; a guest who became a member is served
 * no more.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function oneIdentity({ history, people }) {
  const { tokens, links } = history;
  const violations = [];
  // Without its store a gateway cannot know of a link that another one made.
  const isAway = createAwayCheck(history);
  /** @type {Map<string, string>} */
  const guestIdentities = new Map();
  for (const { who, identity, sentMs, answeredMs } of tokens) {
    const wrong = (words) => violations.push(`${who} at ${new Date(sentMs).toISOString()}: ${words}`);
    if (who.startsWith('g')) {
      const known = guestIdentities.get(who) ?? identity;
      guestIdentities.set(who, known);
      if (known !== identity) wrong(`a guest served as ${identity} and as ${known}`);
      const taken = links.find(
        (link) => link.guest === who && link.outcome === 'adopted' && link.answeredMs < sentMs,
      );
      if (taken !== undefined && !isAway({ sentMs, answeredMs }))
        wrong(`a guest whom person ${taken.person} took over before`);
      continue;
    }
    const n = Number(who.slice(1));
    const { identity: own } = people.personOf(n);
    const mine = links.filter(({ person }) => person === n);
    const adopted = mine.find(({ outcome }) => outcome === 'adopted');
    const possible = mine.some((link) => link.sentMs <= answeredMs && !isDenial(link));
    if (adopted !== undefined && adopted.answeredMs < sentMs && identity !== adopted.identity) {
      wrong(`served as ${identity} after going on as ${adopted.identity}`);
    } else if (!possible && identity !== own) wrong(`served as ${identity}, not as ${own}`);
  }
  return { checked: tokens.length, violations: [...violations, ...checkSharing(tokens, links)] };
}

function isDenial({ outcome }) {
  return outcome !== 'adopted' && outcome !== 'already-linked' && outcome !== 'unknown';
}

/** Two holders of an identity are a guest and the member who took the guest over. */
function checkSharing(tokens, links) {
  /** @type {Map<string, Set<string>>} */
  const holders = new Map();
  for (const { who, identity } of tokens)
    holders.set(identity, (holders.get(identity) ?? new Set()).add(who));
  return [...holders].flatMap(([identity, all]) => {
    if (all.size === 1) return [];
    const [members, guests] = ['p', 'g'].map((kind) => [...all].filter((who) => who.startsWith(kind)));
    const isLinked = links.some(({ person, guest }) => members[0] === `p${person}` && guests[0] === guest);
    if (members.length === 1 && guests.length === 1 && isLinked) return [];
    return [`${identity} is served to ${[...all].join(', ')}`];
  });
}
