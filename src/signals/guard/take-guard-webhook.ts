import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import { LedgerUnavailable } from '../../domain/ledger-unavailable.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { JoiningLedger, JoinRequest } from '../../ledger/ledger.ts';
import type { GuardOutcome, WebhookSignatures } from '../ports.ts';
import { parseAddress } from '../webhook/address.ts';
import type { CheckSignature } from '../webhook/check-signature.ts';
import { chooseService, type WebhookService } from '../webhook/choose-service.ts';
import { readField } from '../webhook/fields.ts';
import { keepIdentity } from '../webhook/kept-identity.ts';
import type { Webhook } from '../webhook/take-webhook.ts';

/**
 * Takes a pre-action webhook: whether Twilio may go on. Whoever answers Twilio counts it. Only a
 * verified `onParticipantAdd` of somebody whom a blocking budget or a freeze refuses is stopped. Who is let in is counted
 * in the same step, so that this way and mints together never pass the budget. Never throws: what fails lets through.
 */
export type TakeGuardWebhook = (webhook: Webhook) => Promise<GuardDecision>;

export interface GuardDecision {
  outcome: GuardOutcome;
  /** Null: Twilio may go on. */
  refusal: Refusal | null;
  /** What nobody else tells of, for the log; null for all but a defect. */
  failure: unknown;
}

export interface TakeGuardWebhookParts {
  signatures: WebhookSignatures;
  checkSignature: CheckSignature;
  services: readonly WebhookService[];
  classOf(identity: Identity): string;
  ledger: JoiningLedger;
}

/** Somebody to be added, as the ledger is asked; or why nobody is asked about. */
type Newcomer = Omit<JoinRequest, 'at'> | Extract<GuardOutcome, 'nothing' | 'apart' | 'malformed'>;

const ADDED = 'onParticipantAdd';
/** Actions that are known and not guarded. */
const UNGUARDED = /^on(?:Message|Conversation|Participant|User)(?:Add|Update|Remove)$/;

export function createTakeGuardWebhook(parts: TakeGuardWebhookParts): TakeGuardWebhook {
  const { signatures, checkSignature, services, ledger } = parts;

  async function decide(webhook: Webhook): Promise<GuardOutcome | Refusal> {
    const { params, nowMs } = webhook;
    const signed = await checkSignature(webhook, (signature, url) =>
      signatures.verify(signature, url, params),
    );
    if (signed !== 'signed') return signed;
    const type = readField(params, 'EventType') ?? '';
    if (type !== ADDED) return UNGUARDED.test(type) ? 'nothing' : 'unknown-event';
    const service = chooseService(services, params, webhook.service);
    if (typeof service === 'string') return service;
    const newcomer = readNewcomer(webhook, parts.classOf);
    if (typeof newcomer === 'string') return newcomer;
    return ledger.join(service.name, { ...newcomer, at: nowMs });
  }

  return async (webhook) => {
    try {
      const decided = await decide(webhook);
      return typeof decided === 'string'
        ? { outcome: decided, refusal: null, failure: null }
        : { outcome: 'refused', refusal: decided, failure: null };
    } catch (error) {
      const outcome = error instanceof GatewayError ? 'unavailable' : 'failed';
      // Of a ledger that is away whoever owns its connection tells.
      return { outcome, refusal: null, failure: error instanceof LedgerUnavailable ? null : error };
    }
  };
}

/**
 * Whom the ledger is asked about. An address that writes in by itself is a customer: it is never stopped, and counted
 * when Twilio tells that it was added. One that a client of the SDK adds is an expense that somebody here decides on.
 */
function readNewcomer({ params }: Webhook, classOf: (identity: Identity) => string): Newcomer {
  const name = readField(params, 'Identity');
  if (name !== null) {
    const identity = keepIdentity(name);
    return identity === null ? 'apart' : { identity, signal: 'joined', className: classOf(identity) };
  }
  const address = readField(params, 'MessagingBinding.Address');
  if (address === null) return 'malformed';
  const byClient = readField(params, 'Source') === 'SDK' && readField(params, 'ClientIdentity') !== null;
  if (!byClient) return 'nothing';
  const identity = parseAddress(address);
  return identity === null ? 'apart' : { identity, signal: 'addressed', className: 'address' };
}
