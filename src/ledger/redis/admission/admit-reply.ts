import { GatewayError } from '../../../domain/gateway-error.ts';
import { type Identity, parseIdentity } from '../../../domain/identity.ts';
import { monthStartSeconds, parseMonth } from '../../../domain/month.ts';
import type { BudgetName } from '../../../domain/refusal.ts';
import type { AdmitRequest, Admitted, LedgerRefusal } from '../../ledger.ts';
import { ledgerRefusals } from '../../replies.ts';

/**
 * What `admit-n.lua` answers: ordinal of the last mint before, a letter per mint, and a text for each letter `o`; only
 * the ordinal when everybody is known.
 */
export type AdmitReply = number | [before: number, letters: string, ...texts: string[]];

/** The person is linked to another identity than was asked for; ask again with it. */
export interface Moved {
  movedTo: Identity;
}

/** What became of one mint; `held`: a newcomer, while a store that lost data is told again who was there. */
export type AdmitAnswer = Admitted | LedgerRefusal | Moved | 'held';

/**
 * The script's reply as one answer per request, in their order.
 *
 * @throws GatewayError `internal` when it is no such reply: a token of a guessed number or life would be one that nobody
 *   has written down
 */
export function readAdmitReply(
  reply: AdmitReply,
  requests: readonly AdmitRequest[],
  effective: readonly Identity[],
): AdmitAnswer[] {
  const [before, letters, ...texts] =
    typeof reply === 'number' ? [reply, 'k'.repeat(requests.length)] : reply;
  if (!Number.isSafeInteger(before) || before < 0 || letters?.length !== requests.length) {
    throw unreadable(`${before} ${letters}`);
  }
  let ordinal = before;
  let next = 0;
  const answers = requests.map((request, position) => {
    const letter = letters[position]!;
    if (letter === 'k' || letter === 'n') {
      const outcome = letter === 'k' ? 'known' : 'new';
      return readMinted(outcome, request, effective[position]!, request.life.expiresAt, ++ordinal);
    }
    if (letter !== 'o') throw unreadable(letter);
    const [code, ...rest] = (texts[next++] ?? '').split(' ') as [string, ...string[]];
    if (code === 'known' || code === 'new') {
      const expiresAt = request.life.issuedAt + readNumber(rest[0]);
      return readMinted(code, request, effective[position]!, expiresAt, ++ordinal);
    }
    return readAnswer(code, rest, request, effective[position]!);
  });
  if (next !== texts.length) throw unreadable(letters);
  return answers;
}

function readMinted(
  outcome: 'known' | 'new',
  { life: { issuedAt, month } }: AdmitRequest,
  identity: Identity,
  expiresAt: number,
  ordinal: number,
): Admitted {
  return { outcome, identity, issuedAt, expiresAt, ordinal, month };
}

function readAnswer(code: string, rest: string[], request: AdmitRequest, identity: Identity): AdmitAnswer {
  const { issuedAt, month } = request.life;
  switch (code) {
    case 'reuse': {
      const [earlier, offset, life] = [readNumber(rest[0]), readNumber(rest[1]), readNumber(rest[2])];
      const issued = monthStartSeconds(month) + offset;
      return {
        outcome: 'reuse',
        identity,
        issuedAt: issued,
        expiresAt: issued + life,
        ordinal: earlier,
        month,
      };
    }
    case 'held':
      return 'held';
    case 'moved': {
      const movedTo = parseIdentity(rest.join(' '));
      // Asked with the same identity again, it would be asked for ever.
      if (movedTo === null || movedTo === identity) throw unreadable(code);
      return { movedTo };
    }
    case 'adopted':
      return ledgerRefusals.adopted();
    case 'identity-blocked':
      return ledgerRefusals.blocked();
    case 'lazy-connect-required':
      return ledgerRefusals.knownOnly(request.intent);
    case 'no-reason-to-connect':
      return ledgerRefusals.noReason();
    case 'new-identities-frozen':
      if (!rest[0]) throw unreadable(code);
      return ledgerRefusals.frozen(rest[0]);
    case 'mau-budget-exhausted': {
      const [refusing, limit, used, reserved, name] = rest;
      const month = parseMonth(refusing ?? '');
      if (month === null || name === undefined) throw unreadable(code);
      return ledgerRefusals.exhausted({
        budget: budgetOf(name, request),
        limit: readNumber(limit),
        used: readNumber(used),
        reserved: readNumber(reserved),
        month,
        at: issuedAt,
      });
    }
    default:
      throw unreadable(code);
  }
}

function readNumber(text: string | undefined): number {
  const number = text === undefined || !/^\d+$/.test(text) ? Number.NaN : Number(text);
  if (!Number.isSafeInteger(number)) throw unreadable(`${text} for a number`);
  return number;
}

/** Without the identity that a reply may name. */
function unreadable(what: string): GatewayError {
  return new GatewayError('internal', `the ledger answered "${what}"`);
}

/** The script names a scope by code; it can only be one of the request's own. */
function budgetOf(name: string, { className, tenant }: AdmitRequest): BudgetName {
  if (name.startsWith('class:')) return `class:${className}`;
  if (name.startsWith('tenant:')) return `tenant:${tenant}`;
  return name === 'new-per-hour' ? name : 'all';
}
