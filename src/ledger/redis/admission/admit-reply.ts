import { GatewayError } from '../../../domain/gateway-error.ts';
import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import type { BudgetName } from '../../../domain/refusal.ts';
import type { AdmitRequest, Admitted, LedgerRefusal } from '../../ledger.ts';
import { ledgerRefusals } from '../../replies.ts';

/** What `admit-n.lua` answers: ordinal of the last mint before, a letter per mint, and a text for each letter `o`. */
export type AdmitReply = [before: number, letters: string, ...texts: string[]];

/** The person is linked to another identity than was asked for; ask again with it. */
export interface Moved {
  movedTo: Identity;
}

/** What became of one mint; `held`: a newcomer, while a store that lost data is told again who was there. */
export type AdmitAnswer = Admitted | LedgerRefusal | Moved | 'held';

/** The script's reply as one answer per request, in their order. */
export function readAdmitReply(
  [before, letters, ...texts]: AdmitReply,
  requests: readonly AdmitRequest[],
  effective: readonly Identity[],
): AdmitAnswer[] {
  let ordinal = before;
  let next = 0;
  return requests.map((request, position) => {
    const letter = letters[position];
    const text = letter === 'k' ? 'known' : letter === 'n' ? 'new' : (texts[next++] ?? '');
    const [code, ...rest] = text.split(' ') as [string, ...string[]];
    if (code === 'known' || code === 'new') ordinal++;
    return readAnswer(code, rest, request, effective[position]!, ordinal);
  });
}

function readAnswer(
  code: string,
  rest: string[],
  request: AdmitRequest,
  identity: Identity,
  ordinal: number,
): AdmitAnswer {
  const { issuedAt, expiresAt, month } = request.life;
  switch (code) {
    case 'known':
    case 'new': {
      const cut = rest[0] === undefined ? expiresAt : issuedAt + Number(rest[0]);
      return { outcome: code, identity, issuedAt, expiresAt: cut, ordinal, month };
    }
    case 'reuse': {
      const [earlier, offset, life] = rest.map(Number) as [number, number, number];
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
    case 'moved':
      return { movedTo: rest[0] as Identity };
    case 'adopted':
      return ledgerRefusals.adopted();
    case 'identity-blocked':
      return ledgerRefusals.blocked();
    case 'lazy-connect-required':
      return ledgerRefusals.knownOnly(request.intent);
    case 'no-reason-to-connect':
      return ledgerRefusals.noReason();
    case 'new-identities-frozen':
      return ledgerRefusals.frozen(rest[0]!);
    case 'mau-budget-exhausted': {
      const [refusing, limit, used, reserved, name] = rest as [Month, string, string, string, string];
      return ledgerRefusals.exhausted({
        budget: budgetOf(name, request),
        limit: Number(limit),
        used: Number(used),
        reserved: Number(reserved),
        month: refusing,
        at: issuedAt,
      });
    }
    default:
      throw new GatewayError('internal', `the ledger answered "${code}"`);
  }
}

/** The script names a scope by code; it can only be one of the request's own. */
function budgetOf(name: string, { className, tenant }: AdmitRequest): BudgetName {
  if (name.startsWith('class:')) return `class:${className}`;
  if (name.startsWith('tenant:')) return `tenant:${tenant}`;
  return name === 'new-per-hour' ? name : 'all';
}
