import request, { type Response } from 'supertest';
import { ADMIN, type OperatorApp } from '../ops/operator-app.ts';

type Headers = Record<string, string>;

/** Sends what an operator sends; role admin unless told. */
export function steer(gateway: OperatorApp) {
  return {
    get: (path: string, headers: Headers = ADMIN) => request(gateway.app).get(path).set(headers),
    put: (path: string, body: object, headers: Headers = {}) =>
      request(gateway.app)
        .put(path)
        .set({ ...ADMIN, ...headers })
        .send(body),
    post: (path: string, body: object, headers: Headers = {}) =>
      request(gateway.app)
        .post(path)
        .set({ ...ADMIN, ...headers })
        .send(body),
    delete: (path: string, headers: Headers = {}) =>
      request(gateway.app)
        .delete(path)
        .set({ ...ADMIN, ...headers }),
    /** Sets a budget on what is there now. */
    async budget(body: object): Promise<Response> {
      const { etag } = (await request(gateway.app).get('/v1/budget').set(ADMIN)).headers;
      return request(gateway.app)
        .put('/v1/budget')
        .set({ ...ADMIN, 'If-Match': String(etag) })
        .send({ reason: 'a test', ...body });
    },
    async audit(): Promise<Record<string, unknown>[]> {
      return (await request(gateway.app).get('/v1/audit').set(ADMIN).expect(200)).body.items;
    },
  };
}

/** Pointers of the faults that a 400 names. */
export function pointersOf({ body }: Response): string[] {
  return body.errors.map(({ pointer }: { pointer: string }) => pointer);
}
