import request, { type Test } from 'supertest';
import { ADMIN, type OperatorApp } from '../ops/operator-app.ts';

export const CSV = 'text/csv; charset=utf-8';
export const NDJSON = 'application/x-ndjson';

/** Asks who the people of a list are; CSV and role admin unless told. */
export function lookUp(
  { app }: Pick<OperatorApp, 'app'>,
  list: string | Buffer,
  query = '?reason=audit&month=2026-11',
  headers: Record<string, string> = {},
): Test {
  return request(app)
    .post(`/v1/identity-lookups${query}`)
    .set({ ...ADMIN, 'Content-Type': CSV, Accept: 'application/json', ...headers })
    .send(list);
}
