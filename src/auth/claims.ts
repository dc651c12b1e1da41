import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ClaimNames, ClassOptions } from './options.ts';
import { isPlainObject } from './plain-object.ts';
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
  const classNames = classes.map((each) => each.name);
  return (claims) => {
    const subject = parseSubject(readClaim(claims, names.person));
    if (subject === null) {
      return unauthenticated('claims', 'The claim that names the person is missing or unusable.');
    }
    const tenant = parseTenant(names.tenant === null ? null : readClaim(claims, names.tenant));
    if (tenant === undefined) {
      return unauthenticated('claims', 'The claim that names the tenant is unusable.');
    }
    const className = chooseClass(names.class === null ? null : readClaim(claims, names.class), classNames);
    const display = parseDisplay(names.display === null ? null : readClaim(claims, names.display));
    return Object.freeze({ issuer, subject, className, tenant, display, via });
  };
}

/**
 * Reads a claim by its name. A literal match wins, because namespaced claims (`https://app.example/tenant`)
 * have dots of their own; else each prefix that is a claim is entered with the rest of the name.
 */
export function readClaim(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const prefix = name.slice(0, dot);
    const nested = Object.hasOwn(claims, prefix) ? claims[prefix] : undefined;
    const found = isPlainObject(nested) ? readClaim(nested, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The class that a claim names. Of a list, the first *declared* class other than the default counts, whatever
 * the order in the token: issuers do not promise one, and a class that flips between two tokens of a person
 * may flip the identity.
 */
function chooseClass(value: unknown, classNames: readonly string[]): string {
  const [byDefault = '', ...others] = classNames;
  const named = Array.isArray(value) ? value : [value];
  return others.find((each) => named.includes(each)) ?? byDefault;
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
