import request, { type Test } from 'supertest';
import type { OperatorApp } from './operator-app.ts';

const OWN = { 'Sec-Fetch-Site': 'same-origin' };

/** A browser that is signed in with an ops key. */
export interface Browser {
  get(path: string): Test;
  post(path: string, form: Record<string, string>): Test;
  headers: Record<string, string>;
}

export async function openBrowser({ app }: Pick<OperatorApp, 'app'>, key: string): Promise<Browser> {
  const answer = await request(app).post('/ops/login').type('form').set(OWN).send({ key });
  const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
  const headers = { ...OWN, Cookie: cookie.split(';')[0] ?? '' };
  return {
    headers,
    get: (path) => request(app).get(path).set(headers),
    post: (path, form) => request(app).post(path).type('form').set(headers).send(form),
  };
}
