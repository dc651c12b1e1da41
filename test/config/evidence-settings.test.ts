import { describe, expect, test } from '@jest/globals';
import { faultLines, loaded, MINIMAL } from './support.ts';

const PUBLIC = { ...MINIMAL, PUBLIC_URL: 'https://gateway.example' };

describe('the journal', () => {
  test('is off until it has a path', () => {
    expect(loaded({ env: MINIMAL }).settings.journal).toBeNull();
    expect(loaded({ env: MINIMAL, yaml: 'ledger: { journalMebibytesMax: 5 }' }).settings.journal).toBeNull();
  });

  test('holds 64 MiB unless told', () => {
    const env = { ...MINIMAL, JOURNAL_PATH: 'data/journal' };
    const { settings, sources } = loaded({ env });
    const left = { root: 'data/journal', processes: 1 };
    expect(settings.journal).toEqual({ path: 'data/journal', bytesMax: 67_108_864, left });
    expect(sources['journal.path']).toEqual({ value: 'data/journal', source: 'environment JOURNAL_PATH' });
    const yaml = 'ledger: { journalMebibytesMax: 5 }';
    expect(loaded({ env, yaml }).settings.journal?.bytesMax).toBe(5 * 1024 * 1024);
  });

  test.each(['0', '1.5', '-1', '16385', '"64"'])('of %s MiB is a fault', (size) => {
    expect(faultLines({ env: MINIMAL, yaml: `ledger: { journalMebibytesMax: ${size} }` })).toHaveLength(1);
  });
});

describe('webhooks', () => {
  test('are off until there is an Auth Token', () => {
    expect(loaded({ env: PUBLIC }).settings.webhooks).toBeNull();
  });

  test('take the Auth Token and the previous one, and show neither', () => {
    const env = { ...PUBLIC, TWILIO_AUTH_TOKEN: 'now-0123456789', TWILIO_PREVIOUS_AUTH_TOKEN: 'before-0123' };
    const { settings, sources } = loaded({ env });
    expect(settings.webhooks).toEqual({ authToken: 'now-0123456789', previousAuthToken: 'before-0123' });
    expect(settings.notices).toEqual([]);
    expect(JSON.stringify(sources)).not.toMatch(/now-0123456789|before-0123/);
    expect(sources['webhooks.authToken']?.value).toBe('•••• (14 bytes)');
  });

  test('need PUBLIC_URL, and a previous token needs a current one: both are said at start', () => {
    const auth = { TWILIO_AUTH_TOKEN: 'now' };
    expect(loaded({ env: { ...MINIMAL, ...auth } }).settings.notices).toEqual([
      'TWILIO_AUTH_TOKEN: webhooks are answered 404 until PUBLIC_URL is set, which Twilio signs.',
    ]);
    const { settings } = loaded({ env: { ...PUBLIC, TWILIO_PREVIOUS_AUTH_TOKEN: 'before' } });
    expect(settings.webhooks).toBeNull();
    expect(settings.notices).toEqual(['TWILIO_PREVIOUS_AUTH_TOKEN: not used without TWILIO_AUTH_TOKEN.']);
  });
});
