import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import { DEMO_ISSUER } from './demo-people.ts';

/** Visitors of the demo's shop, as many as there are page views. */
export interface DemoVisitors {
  /** A login of somebody who was never here before. */
  next(): string;
  /** A bearer source for the authenticator: the visitor behind a login, undefined for any other token. */
  source(token: string): Caller | undefined;
}

const LOGIN = /^demo-visitor-([\w-]{16})-([\w-]{43})$/;

/**
 * Nothing is kept of anybody: a login names its visitor, and is signed.
 *
 * @param secret random at each start
 * @param randomName makes an unguessable name of 16 letters of base64url
 */
export function createDemoVisitors(secret: string, randomName: () => string): DemoVisitors {
  const sign = (name: string) => createHmac('sha256', secret).update(name).digest();
  return {
    next() {
      const name = randomName();
      return `demo-visitor-${name}-${sign(name).toString('base64url')}`;
    },
    source(token) {
      const [, name, signature] = LOGIN.exec(token) ?? [];
      if (name === undefined || signature === undefined) return undefined;
      if (!timingSafeEqual(sign(name), Buffer.from(signature, 'base64url'))) return undefined;
      return {
        issuer: DEMO_ISSUER,
        subject: `visitor-${name}`,
        className: 'member',
        tenant: null,
        display: null,
        via: 'bearer',
      };
    },
  };
}
