import { z } from 'zod';
import { describeHidden } from './config-fault.ts';
import { type Objection, parsedText } from './value-schemas.ts';

const KINDS = {
  AC: 'Account SID',
  SK: 'API key SID',
  IS: 'Conversations Service SID',
  CR: 'push Credential SID',
  RL: 'Role SID',
  MG: 'Messaging Service SID',
  US: 'User SID',
  CH: 'Conversation SID',
} as const;

type Kind = keyof typeof KINDS;

const ANY_SID = /^[A-Z]{2}[0-9a-fA-F]{32}$/;

/** What a fault says it wanted: the kind, its prefix and 32 lower-case hex digits. */
export function expectedSid(prefix: Kind): string {
  return `the ${KINDS[prefix]}: ${prefix} and 32 lower-case hex digits`;
}

/** A Twilio SID of one kind. SIDs are no secrets, but a secret may stand in their place, so none is shown. */
export function sid(prefix: Kind) {
  const pattern = new RegExp(`^${prefix}[0-9a-f]{32}$`);
  const expected = expectedSid(prefix);
  return z
    .string({ error: expected })
    .superRefine((text, context) => {
      if (pattern.test(text)) return;
      context.addIssue({ code: 'custom', message: expected, params: { ...objectTo(text, prefix) } });
    })
    .meta({ pattern: pattern.source });
}

function objectTo(text: string, prefix: Kind): Objection {
  const start = text.slice(0, 2);
  const known = start in KINDS ? (start as Kind) : null;
  const found = known ? `${describeHidden(text)} beginning with ${known}` : describeHidden(text);
  const hint = hintFor(text, prefix, known);
  return hint === null ? { found } : { found, hint };
}

function hintFor(text: string, prefix: Kind, known: Kind | null): string | null {
  if (known && known !== prefix && ANY_SID.test(text)) return hintForOtherKind(prefix, known);
  if (known === prefix && ANY_SID.test(text)) return `the digits after ${prefix} are lower-case`;
  if (known === prefix) return `${prefix} and 32 digits are 34 characters in all`;
  if (prefix === 'SK' && /^[0-9a-f]{32}$/.test(text)) {
    return 'this looks like an Auth Token; tokens are signed with an API key (SK…) and its secret';
  }
  if (prefix === 'SK' && /^[A-Za-z0-9]{32}$/.test(text)) {
    return 'this looks like the secret: were the key SID and its secret swapped?';
  }
  return null;
}

function hintForOtherKind(prefix: Kind, found: Kind): string {
  if (prefix === 'IS' && found === 'MG') {
    return 'a Messaging Service is not a Conversations Service; look under Conversations > Manage > Services';
  }
  return `this is ${found === 'AC' || found === 'SK' ? 'an' : 'a'} ${KINDS[found]}`;
}

/** What a fault says it wanted of an API key's secret. */
export const EXPECTED_API_SECRET = 'the secret that was shown once when the API key was made';

/** What `.env.example` shows in place of every secret; Twilio makes none like it. */
const PLACEHOLDER = 'change-me';
const FOUND_PLACEHOLDER = 'the placeholder of .env.example';

/** The secret of an API key. */
export const apiKeySecret = parsedText(EXPECTED_API_SECRET, (text) => {
  if (ANY_SID.test(text)) {
    return {
      found: `a SID beginning with ${text.slice(0, 2)}`,
      hint: 'were the key SID and its secret swapped?',
    };
  }
  if (text === PLACEHOLDER) return { found: FOUND_PLACEHOLDER };
  return /\s/.test(text) ? { found: 'a value with blanks in it' } : { value: text };
});

/** The Auth Token of an account. */
export const authToken = parsedText('the Auth Token of the account, without blanks', (text) => {
  if (text === PLACEHOLDER) return { found: FOUND_PLACEHOLDER };
  return /\s/.test(text) || ANY_SID.test(text) ? {} : { value: text };
});

/** True for a text of the form of an Auth Token. An API secret could look so too, but hardly ever does. */
export function looksLikeAuthToken(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
