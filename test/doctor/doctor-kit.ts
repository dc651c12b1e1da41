import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createFakeModel, type FakeModel } from '../../src/demo/twilio/model/create-fake-model.ts';
import type { FakeFault } from '../../src/demo/twilio/rest/faults.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import type { CheckResult } from '../../src/doctor/check.ts';
import { runDoctor, type WireDoctorOptions } from '../../src/wire/wire-doctor.ts';
import { ACCOUNT, type Env, KEY, load, MINIMAL, SERVICE } from '../config/support.ts';

/** What a gateway of these tests signs and reads with. */
export const SIGNING_KEY = { sid: KEY, secret: MINIMAL['TWILIO_API_KEY_SECRET'] ?? '' };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder of its own for ledger and journal, removed at the end of the test file. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mau-guard-doctor-'));
  folders.push(folder);
  return folder;
}

/** A gateway that answers nowhere: Twilio, issuer and Redis are what the test gives. */
export function gatewayEnv(env: Env = {}): Env {
  return {
    ...MINIMAL,
    // Nothing listens on port 1, so nothing leaves this machine.
    TWILIO_REST_URL: 'http://127.0.0.1:1',
    AUTH_ISSUER: 'http://127.0.0.1:1',
    LEDGER_PATH: join(freshFolder(), 'ledger.db'),
    ...env,
  };
}

export interface Examined {
  ok: boolean;
  checks: CheckResult[];
  /** The one check of this id. */
  of(id: string, about?: string): CheckResult;
  text: string;
}

/** All checks of a gateway with this environment. */
export async function examine(
  env: Env,
  options: Partial<WireDoctorOptions> & { yaml?: string } = {},
): Promise<Examined> {
  const { yaml, ...rest } = options;
  const report = await runDoctor({
    config: load({ env, ...(yaml === undefined ? {} : { yaml }) }),
    now: Date.now,
    elapsed: () => performance.now(),
    ...{ fetch, offline: false, strict: false },
    // Nothing leaves this machine.
    reachTls: async () => {},
    ...rest,
  });
  return {
    ...report,
    text: JSON.stringify(report),
    of(id, about) {
      const found = report.checks.filter(
        (check) => check.id === id && (about === undefined || check.about === about),
      );
      if (found.length !== 1) throw new Error(`${found.length} checks ${id}`);
      return found[0] as CheckResult;
    },
  };
}

export interface FaultyTwilio extends FakeTwilio {
  /** From now on in place of every answer. */
  meet(fault: FakeFault | null): void;
}

/** A fake Twilio that the gateway's signing key opens. */
export async function startDoctorTwilio(key = SIGNING_KEY): Promise<FaultyTwilio> {
  let fault: FakeFault | null = null;
  const model: FakeModel = createFakeModel({ accountSid: ACCOUNT, services: [SERVICE], now: Date.now });
  const twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: key, model, fault: () => fault });
  return Object.assign(twilio, {
    meet(next: FakeFault | null) {
      fault = next;
    },
  });
}
