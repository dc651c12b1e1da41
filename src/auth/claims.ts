import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import { createClassChooser } from './choose-class.ts';
import type { ClaimNames, ClassOptions } from './options.ts';
import { readClaim } from './read-claim.ts';
import { isFitText, parseSubject } from './subject.ts';
import { unauthenticated } from './unauthenticated.ts';

const TENANT_LENGTH_MAX = 128;
const DISPLAY_LENGTH_MAX = 256;

export interface CallerReaderOptions {
  issuer: string;
  names: ClaimNames;
  classes: readonly ClassOptions[];
  via: Caller['via'];
}

/** Turns the claims of a verified credential into the caller, or says that they do not name one. */
export type CallerReader = (claims: Record<string, unknown>) => Caller | Refusal;

export function createCallerReader({ issuer, names, classes, via }: CallerReaderOptions): CallerReader {
  const chooseClass = createClassChooser(classes);
  return (claims) => {
    const subject = parseSubject(readClaim(claims, names.person));
    if (subject === null) {
      return unauthenticated('claims', 'The claim that names the person is missing or unusable.');
    }
    const tenant = parseTenant(names.tenant === null ? null : readClaim(claims, names.tenant));
    if (tenant === undefined) {
      return unauthenticated('claims', 'The claim that names the tenant is unusable.');
    }
    const className = chooseClass(claims, names.class);
    const display = parseDisplay(names.display === null ? null : readClaim(claims, names.display));
    return Object.freeze({ issuer, subject, className, tenant, display, via });
  };
}

/** Null for no tenant, undefined for one that cannot be used. */
function parseTenant(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !isFitText(text)) return undefined;
  const tenant = text.normalize('NFKC').trim();
  if (tenant === '') return null;
  return tenant.length > TENANT_LENGTH_MAX ? undefined : tenant;
}

/** Only shown to humans, so a poor one is left out rather than refused. */
function parseDisplay(value: unknown): string | null {
  if (typeof value !== 'string' || !isFitText(value)) return null;
  const display = value.trim();
  return display === '' || display.length > DISPLAY_LENGTH_MAX ? null : display;
}
