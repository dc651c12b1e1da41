import request, { type Test } from 'supertest';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Given } from '../config/support.ts';
import { type GuestGateway, openGuestGateway, YAML } from './guest-gateway.ts';

export const PATH = '/token';
export const LISTED = 'https://app.example';
const MONTH = parseMonth('2026-11')!;

export interface CompatGateway extends GuestGateway {
  /** A GET with these headers, of the query that is given with its `?`. */
  get(headers?: Record<string, string>, query?: string): Test;
  /** A POST without an Origin; a text is a form, anything else JSON. */
  send(headers?: Record<string, string>, body?: string | object, query?: string): Test;
  /** Mints and people of the default service in the month. */
  counted(): Promise<{ people: number; minted: number; reused: number }>;
}

/** The whole gateway over an embedded ledger in memory, with `/token` on. */
export async function openCompatGateway(
  tokenEndpoint: 'off' | 'login' | 'password' = 'login',
  given: Given = {},
): Promise<CompatGateway> {
  const yaml = `${given.yaml ?? YAML}\ncompatibility: { tokenEndpoint: ${tokenEndpoint} }\n`;
  const open = await openGuestGateway({ ...given, yaml, env: { CORS_ORIGINS: LISTED, ...given.env } });
  const { app, ledger } = open.gateway;
  return {
    ...open,
    get: (headers = {}, query = '') => request(app).get(`${PATH}${query}`).set(headers),
    send(headers = {}, body, query = '') {
      const call = request(app).post(`${PATH}${query}`).set(headers);
      if (body === undefined) return call;
      return typeof body === 'string' ? call.type('form').send(body) : call.send(body);
    },
    async counted() {
      const { all, minted, reused } = await ledger.totals(DEFAULT_SERVICE, MONTH);
      return { people: all, minted, reused };
    },
  };
}
