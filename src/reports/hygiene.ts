import { amountOf } from '../domain/amount-of.ts';
import type { HygieneId } from '../domain/hygiene-id.ts';
import { monthOf } from '../domain/month.ts';
import { bitOf, MARKS, SIGNALS, type Signal } from '../domain/signal.ts';
import type { DayTotals, MonthTotals } from '../ledger/ledger.ts';
import { findBeaconSilence } from './beacon-silence.ts';
import { countWith, maskOf } from './count-active-users.ts';
import { countIf } from './count-if.ts';

/** Something in the wiring that loses evidence, costs for nothing, or opens a way round the guard. */
export interface HygieneFinding {
  id: HygieneId;
  /** How many identities of the month show it, at least 1. */
  identities: number;
  /** What was found, in one sentence. */
  says: string;
  why: string;
  fix: string;
}

/** What the ledger's figures do not say. */
export interface HygieneFacts {
  /** Identities that a backfill of the month found and nothing had told of; null: there was none. */
  addedByBackfill: number | null;
  /** ms since the epoch; tells which days are over. */
  nowMs: number;
}

type FoundIn = Pick<MonthTotals, 'month' | 'masks' | 'budget'>;
type FoundOn = Pick<DayTotals, 'day' | 'minted' | 'newByClass' | 'beacons'>;

/** The first hours of a month prove nothing: so few people may well not have connected yet. */
const MINTED_MIN = 10;
const MINT_DAYS_MIN = 2;
const TAKING_PART: readonly Signal[] = SIGNALS.filter((name) => name !== 'minted' && name !== 'connected');
const SEND_BEACONS =
  'Let the browser send beacons: the client library does when it is given `beacons`; other frontends call POST /v1/beacons when the SDK is connected: docs/beacons.md.';
/** What a backend does to a user record. */
const USER_WRITES = maskOf(['created', 'updated']);

/** Findings of a month, in the order of `HYGIENE_IDS`; none when all is well or too little is known. Pure. */
export function findHygieneFindings(
  totals: FoundIn,
  days: readonly FoundOn[],
  facts: HygieneFacts,
): HygieneFinding[] {
  return [
    ...findNoConnects(totals, days),
    ...findNoBeacons(totals, days, facts),
    ...findNoWebhooks(totals, days),
    ...findForeignTokens(totals),
    ...findRestOnly(totals),
    ...findBackfillGap(facts),
    ...findUnplannedAddresses(totals),
  ];
}

function findNoConnects(totals: FoundIn, days: readonly FoundOn[]): HygieneFinding[] {
  const minted = countTold(totals, days);
  if (minted === 0 || countWith(totals, bitOf('connected')) > 0) return [];
  return [
    {
      id: 'no-connects',
      identities: minted,
      says: `Tokens were minted for ${amount(minted)}, and nobody was seen to connect.`,
      why: 'Twilio bills whoever connects, and sends no webhook for it. Without beacons people who only connect are not seen until the bill comes: the low figure is too low, and the high one counts everybody who got a token.',
      fix: SEND_BEACONS,
    },
  ];
}

/**
 * Somebody was seen to connect, and not by a beacon of these days. Only of the month that runs: the count of beacons does
 * not come back with a month, and nobody can do anything about the wiring of then. Of people who were told of before no
 * second beacon is written in a month, so only newcomers show that beacons have stopped.
 */
function findNoBeacons(totals: FoundIn, days: readonly FoundOn[], { nowMs }: HygieneFacts): HygieneFinding[] {
  if (monthOf(nowMs) !== totals.month || countWith(totals, bitOf('connected')) === 0) return [];
  const { lastDay, mintDays, newcomers } = findBeaconSilence(days, nowMs);
  const unseen = countIf(
    totals,
    ({ mask }) => (mask & bitOf('minted')) !== 0 && (mask & bitOf('connected')) === 0,
  );
  // Whom webhooks bring to a month is new in it as well, without a token.
  const isMany = Math.min(newcomers, unseen) >= MINTED_MIN;
  const isLong = mintDays >= MINT_DAYS_MIN;
  if (unseen === 0 || (lastDay === null ? !isMany && !isLong : !isMany || !isLong)) return [];
  const rest = `nothing tells whether ${amount(unseen)} with a token connected.`;
  return [
    lastDay === null
      ? {
          id: 'no-beacons',
          identities: unseen,
          says: `No beacon of a browser came in this month; ${rest}`,
          why: 'Twilio bills whoever connects. Webhooks show who writes or joins; people who only connect are not seen until the bill comes, so the low figure is too low.',
          fix: SEND_BEACONS,
        }
      : {
          id: 'no-beacons',
          identities: unseen,
          says: `No beacon of a browser came after ${lastDay}, and tokens were minted on ${mintDays} whole days since; ${rest}`,
          why: 'Beacons came before, so something has stopped them. People who only connect are not seen until the bill comes, and the low figure is too low from that day on.',
          fix: 'Look at what changed in the frontend or on its way: the address of its beacons, its content security policy, a proxy that lets POST /v1/beacons through no longer; mauguard_beacons_total tells what becomes of those that come: docs/beacons.md.',
        },
  ];
}

function findNoWebhooks(totals: FoundIn, days: readonly FoundOn[]): HygieneFinding[] {
  const minted = countTold(totals, days);
  if (minted === 0 || countWith(totals, maskOf(TAKING_PART)) > 0) return [];
  return [
    {
      id: 'no-webhooks',
      identities: minted,
      says: `Tokens were minted for ${amount(minted)}, and no message or membership was seen.`,
      why: 'Addresses and what backends do are billed and come by webhooks only, so they are missing from every figure.',
      fix: 'Point the post-action webhooks of Twilio here with all post-action events: docs/evidence.md.',
    },
  ];
}

/** How many got a token, or 0 while that are too few to tell anything. */
function countTold(totals: FoundIn, days: readonly FoundOn[]): number {
  const minted = countWith(totals, bitOf('minted'));
  const mintDays = days.filter((day) => day.minted > 0).length;
  return minted < MINTED_MIN && mintDays < MINT_DAYS_MIN ? 0 : minted;
}

/** A token that was valid over the turn of a month is minted in both. */
function findForeignTokens(totals: Pick<MonthTotals, 'masks'>): HygieneFinding[] {
  const identities = countIf(
    totals,
    ({ className, mask }) =>
      className !== 'address' && (mask & bitOf('connected')) !== 0 && (mask & bitOf('minted')) === 0,
  );
  if (identities === 0) return [];
  return [
    {
      id: 'tokens-from-elsewhere',
      identities,
      says: `${amount(identities)} connected with tokens that this gateway did not mint.`,
      why: 'Somebody else signs tokens for this service. Whoever gets one of them is billed, whatever the budget here says.',
      fix: 'Find the other server that has an API key of this account, let it ask the gateway for tokens, and delete its key at Twilio.',
    },
  ];
}

function findRestOnly(totals: Pick<MonthTotals, 'masks'>): HygieneFinding[] {
  const identities = countIf(totals, ({ mask }) => {
    const signals = mask & ~maskOf(MARKS);
    return signals !== 0 && (signals & ~USER_WRITES) === 0;
  });
  if (identities === 0) return [];
  return [
    {
      id: 'rest-only',
      identities,
      says: `${amountOf(identities, 'identity was', 'identities were')} seen to do nothing in this month but to have their user record made or updated.`,
      why: 'Twilio may bill somebody whose user record a backend writes by REST, though they were never there. Where neither webhooks nor beacons tell of connecting, some of them may have.',
      fix: 'Do not create or update users ahead of time: connecting makes the record. Keep names and pictures in your own API.',
    },
  ];
}

function findBackfillGap({ addedByBackfill }: HygieneFacts): HygieneFinding[] {
  if (addedByBackfill === null || addedByBackfill === 0) return [];
  return [
    {
      id: 'backfill-gap',
      identities: addedByBackfill,
      says: `A backfill found ${amount(addedByBackfill)} of whom no event had told.`,
      why: 'What backends do by REST fires no webhook unless they ask for it, and is billed all the same. Those who only come and go between backfills are missing.',
      fix: 'Send X-Twilio-Webhook-Enabled: true with every REST write, and choose all post-action events of the webhook.',
    },
  ];
}

function findUnplannedAddresses({ masks, budget }: Pick<MonthTotals, 'masks' | 'budget'>): HygieneFinding[] {
  const identities = countIf({ masks }, ({ className }) => className === 'address');
  const isKept = Object.values(budget?.reserve ?? {}).some((places) => places > 0);
  if (identities === 0 || budget?.mode !== 'block' || budget.scopes.all === undefined || isKept) return [];
  return [
    {
      id: 'addresses-in-budget',
      identities,
      says: `${amountOf(identities, 'identity is a phone number or channel address and takes a place', 'identities are phone numbers or channel addresses and take places')} of the whole budget.`,
      why: 'Whoever writes in by SMS or WhatsApp is counted and cannot be refused, so they can use up the places of people who ask for a token.',
      fix: 'Keep places for your own classes with `reserve`, or raise the whole limit by the addresses you expect.',
    },
  ];
}

function amount(identities: number): string {
  return amountOf(identities, 'identity', 'identities');
}
