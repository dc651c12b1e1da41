import { type Request, Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { type Identity, parseIdentity } from '../../domain/identity.ts';
import { type InputFault, refused } from '../../domain/refusal.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import { readIdentityPage } from '../../reports/identity-page.ts';
import type { BlockDesk } from '../../steering/block-desk.ts';
import { createReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface IdentityRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  ledger: Pick<BondLedger, 'identityFile'>;
  blocks: BlockDesk;
}

/** Single identities. To be mounted at `/v1/identities`. */
export function createIdentityRoutes(deps: IdentityRoutesDeps): Router {
  const { gate, services, ledger, blocks } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:identity',
    gate.require('admin'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }, request) => {
      const identity = readIdentity(request);
      if (Array.isArray(identity)) {
        return refused('invalid-request', { detail: 'The path is not valid.', errors: identity });
      }
      const page = await readIdentityPage(ledger, service, identity);
      return page ?? refused('not-found', { detail: 'Nothing is known of this identity.' });
    }),
  );

  router.put(
    '/:identity/block',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: reasonWriteSchema,
      ifMatch: 'allowed',
      target: readIdentity,
      run: ({ service, target, terms }) => blocks.set(service, target, true, terms),
    }),
  );

  router.delete(
    '/:identity/block',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: null,
      ifMatch: 'allowed',
      target: readIdentity,
      run: ({ service, target, terms }) => blocks.set(service, target, false, terms),
    }),
  );

  return router;
}

function readIdentity({ params }: Request): Identity | InputFault[] {
  const identity = parseIdentity(String(params['identity']));
  return (
    identity ?? [
      { pointer: 'path', detail: 'Is no identity: 1 to 256 letters, digits and . _ ~ @ + - only.' },
    ]
  );
}
