import { error, type Finding, ok, skip, warn } from '../finding.ts';
import type { TwilioSetup, WebhookTarget } from '../ports.ts';

export interface WebhookPlace {
  /** Without a trailing slash; null: not known. */
  publicUrl: string | null;
  /** Whether an Auth Token is configured to check signatures with. */
  verifies: boolean;
  /** Name to add as `?service=` where several services share the account; null: not needed. */
  serviceParameter: string | null;
  /** Every post-action event that tells something. */
  events: readonly string[];
}

const POST_PATH = '/v1/webhooks/twilio';
export const GUARD_PATH = `${POST_PATH}/guard`;
const WHY_EVENTS =
  'Phone numbers, and what backends do by REST, are billed and are seen by webhooks or Event Streams only.';
const CONSOLE = 'Twilio console, Conversations > Manage > Global webhooks, or those of the service';

/** Whether what happens at Twilio is told to this gateway, and all of it. */
export function judgePostWebhooks({ webhooks }: TwilioSetup, place: WebhookPlace): Finding {
  const { publicUrl, verifies, events } = place;
  if (publicUrl === null || !verifies) {
    return warn({
      detail: `webhooks are not taken: ${publicUrl === null ? 'PUBLIC_URL' : 'TWILIO_AUTH_TOKEN'} is not set`,
      why: WHY_EVENTS,
      fix: 'Set PUBLIC_URL and TWILIO_AUTH_TOKEN, then the post-action webhook at Twilio: docs/evidence.md.',
    });
  }
  const wanted = `${publicUrl}${POST_PATH}`;
  const targets = [webhooks.account, webhooks.service];
  if (targets.some(({ postUrl }) => leadsTo(postUrl, `${publicUrl}${GUARD_PATH}`))) {
    return error({
      detail: 'the post-action URL leads to /guard, which takes pre-action webhooks',
      why: 'Everything is answered there and nothing is recorded.',
      fix: `Set the post-action URL to ${wanted} (${CONSOLE}).`,
    });
  }
  const here = targets.filter(({ postUrl }) => leadsTo(postUrl, wanted));
  if (here.length === 0) return noneHere(targets, wanted);
  const byGet = findOtherMethod(here);
  if (byGet !== undefined) {
    return error({
      detail: `events are sent by ${byGet.method}`,
      why: 'The gateway takes POST only, so every event is lost.',
      fix: `Choose POST (${CONSOLE}).`,
    });
  }
  const missing = events.filter((event) => !here.some(({ filters }) => filters.includes(event)));
  if (missing.length > 0) {
    return warn({
      detail: `${missing.length} of ${events.length} events are not chosen: ${missing.join(', ')}`,
      why: 'Events that are not chosen do not fire, and whoever they name is missing from the figures.',
      fix: `Choose all post-action events (${CONSOLE}); user events that a service does not offer at the global webhook.`,
    });
  }
  return judgeParameter(here, place) ?? ok(`${events.length} events come to ${wanted}`);
}

function noneHere(targets: readonly WebhookTarget[], wanted: string): Finding {
  const elsewhere = targets.flatMap(({ postUrl }) => postUrl ?? []).map((url) => withoutSecrets(url, wanted));
  // Not an error: the same events may come by Event Streams, whose sinks this check cannot see.
  return warn({
    detail:
      elsewhere.length === 0
        ? 'no post-action URL is set at Twilio'
        : `the post-action URL leads to ${elsewhere.join(' and ')}`,
    why: WHY_EVENTS,
    fix: `Set the post-action URL to ${wanted}, method POST, all post-action events (${CONSOLE}), unless Event Streams bring them here. If another program needs them too, let it pass them on, or use Event Streams for one of them.`,
  });
}

/** Events of messages and participants do not say which service they are of. */
function judgeParameter(here: readonly WebhookTarget[], { serviceParameter }: WebhookPlace): Finding | null {
  if (serviceParameter === null) return null;
  if (here.some(({ postUrl }) => isNamed(postUrl, serviceParameter))) return null;
  return warn({
    detail: 'the post-action URL does not say which service it is of',
    why: 'Several services share the account, and events of messages and participants name none: they are not counted.',
    fix: `Give each service a webhook of its own at Twilio, and add ?service=${serviceParameter} to this one's URL.`,
  });
}

/** Whether adding people asks the budget first. */
export function judgeGuardWebhook(
  { webhooks }: TwilioSetup,
  { publicUrl, verifies, serviceParameter }: WebhookPlace,
  blocks: boolean,
): Finding {
  const targets = [webhooks.account, webhooks.service].filter(({ preUrl }) => preUrl !== null);
  if (publicUrl === null) return skip('PUBLIC_URL is not set');
  const wrong = targets.find(
    ({ preUrl }) =>
      leadsTo(preUrl, `${publicUrl}${POST_PATH}`) ||
      leadsTo(preUrl, `${publicUrl}${POST_PATH}/event-streams`),
  );
  if (wrong !== undefined) {
    return error({
      detail: 'the pre-action URL leads to the address for post-action webhooks',
      why: 'Whatever it answers but 200 stops what your customer does: an outage of the gateway becomes one of the chat.',
      fix: `Set the pre-action URL to ${publicUrl}${GUARD_PATH}, or leave it empty (${CONSOLE}).`,
    });
  }
  const here = targets.filter(({ preUrl }) => leadsTo(preUrl, `${publicUrl}${GUARD_PATH}`));
  const byGet = findOtherMethod(here);
  if (byGet !== undefined) {
    return error({
      detail: `actions are asked about by ${byGet.method}`,
      why: 'The guard takes POST only: everything is let through, and nobody is refused or counted.',
      fix: `Choose POST (${CONSOLE}).`,
    });
  }
  const asking = here.filter(({ filters }) => filters.includes('onParticipantAdd'));
  if (asking.length > 0) {
    if (!verifies) {
      return error({
        detail: 'the pre-action URL leads here, but TWILIO_AUTH_TOKEN is not set',
        why: 'Nothing can be verified, so everything is let through and nobody is refused.',
        fix: 'Set TWILIO_AUTH_TOKEN to the Auth Token of the account.',
      });
    }
    if (serviceParameter !== null && !asking.some(({ preUrl }) => isNamed(preUrl, serviceParameter))) {
      return error({
        detail: 'the pre-action URL does not say which service it is of',
        why: 'Several services share the account, and this event names none: everybody is let through, and nobody is counted.',
        fix: `Give each service a webhook of its own at Twilio, and add ?service=${serviceParameter} to this one's pre-action URL.`,
      });
    }
    return ok('adding people asks the budget');
  }
  if (here.length === 0 && !blocks) return ok('not set, and no budget blocks');
  return warn({
    detail:
      here.length === 0
        ? 'no pre-action webhook leads to the guard'
        : 'the guard is set, but not for onParticipantAdd',
    why: 'The budget blocks tokens only: whoever a browser or a backend adds to a conversation is billed without asking.',
    fix: `Set the pre-action URL to ${publicUrl}${GUARD_PATH} and choose onParticipantAdd (${CONSOLE}).`,
  });
}

function findOtherMethod(targets: readonly WebhookTarget[]): WebhookTarget | undefined {
  return targets.find(({ method }) => method !== null && method.toUpperCase() !== 'POST');
}

function isNamed(url: string | null, service: string): boolean {
  return url !== null && new URL(url).searchParams.get('service') === service;
}

/** Twilio keeps the address as it was typed. */
function leadsTo(url: string | null, wanted: string): boolean {
  if (url === null || !URL.canParse(url) || !URL.canParse(wanted)) return false;
  const [found, expected] = [new URL(url), new URL(wanted)];
  return found.origin === expected.origin && withoutSlash(found) === withoutSlash(expected);
}

function withoutSlash({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

/** An address may carry a login or a key, and that of somebody else also in its path. */
function withoutSecrets(url: string, ours: string): string {
  if (!URL.canParse(url)) return 'what is no URL';
  const { origin, pathname } = new URL(url);
  const isOurs = URL.canParse(ours) && new URL(ours).origin === origin;
  return isOurs || pathname === '/' ? `${origin}${pathname}` : `${origin}/…`;
}
