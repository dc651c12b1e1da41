import { describe, expect, test } from '@jest/globals';
import { loaded, MINIMAL } from './support.ts';

describe('retention', () => {
  test('keeps more than a year of rows unless told, and has no archive', () => {
    const { retention, notices } = loaded({ env: MINIMAL }).settings;
    expect(retention).toEqual({
      ...{ archive: null, mintMonths: 13, identityMonths: 15, conversationMonths: 13 },
    });
    expect(notices).toEqual([]);
  });

  test('is taken from the file', () => {
    const yaml =
      'retention: { archive: /var/archive, mintMonths: 2, identityMonths: 1, conversationMonths: 120 }';
    const { settings, sources } = loaded({ env: MINIMAL, yaml });
    expect(settings.retention).toEqual({
      ...{ archive: '/var/archive', mintMonths: 2, identityMonths: 1, conversationMonths: 120 },
    });
    expect(sources['retention.mintMonths']).toEqual({ value: 2, source: 'file config/mau-guard.yaml' });
    expect(settings.notices).toEqual([]);
  });

  test('says that shorter times do nothing without an archive', () => {
    const { notices } = loaded({ env: MINIMAL, yaml: 'retention: { mintMonths: 2 }' }).settings;
    expect(notices).toEqual(['retention: nothing leaves the ledger until retention.archive names a folder.']);
  });
});
