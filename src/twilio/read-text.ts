import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';

// The library gives out whatever stood in an answer, and calls it what it should have been.

/** @throws TwilioUnavailable for anything but a text that says something */
export function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable();
}

/** Null where nothing is said. */
export function textOrNullOf(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : textOf(value);
}

/** A list, empty where nothing is said. */
export function textsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map(textOf);
  throw unreadable();
}

function unreadable(): TwilioUnavailable {
  return new TwilioUnavailable(
    'unreadable',
    'a record of an answer lacks a text, or has something else there',
  );
}
