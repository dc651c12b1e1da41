import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { ALERT_PATHS } from './alert-paths.ts';
import { ARCHIVE_PATHS } from './archive-paths.ts';
import { BACKFILL_PATHS } from './backfill-paths.ts';
import { BEACON_PATHS } from './beacon-paths.ts';
import { COMPAT_PATHS } from './compat-paths.ts';
import { EVENT_PATHS } from './event-paths.ts';
import { FIGURE_PATHS } from './figure-paths.ts';
import { GUEST_PATHS } from './guest-paths.ts';
import { MONTH_PATHS } from './month-paths.ts';
import { PLUMBING_PATHS } from './plumbing-paths.ts';
import { RECONCILE_PATHS } from './reconcile-paths.ts';
import { STEERING_PATHS } from './steering-paths.ts';
import { TOKEN_PATHS } from './token-paths.ts';
import { UNREAD_PATHS } from './unread-paths.ts';
import { WEBHOOK_PATHS } from './webhook-paths.ts';

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/**
 * Builds the document of the HTTP interface from the schemas that requests are validated with. Pages for humans
 * (`/ops`, `/demo`) are not part of it.
 */
export function buildOpenApi(publicUrl: string | null): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'login', {
    type: 'http',
    scheme: 'bearer',
    description: 'The app’s own login: a JWT of a configured issuer, or an opaque token that it introspects.',
  });
  registry.registerComponent('securitySchemes', 'backendKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
  });
  registry.registerComponent('securitySchemes', 'backendSubject', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Subject',
    description: 'For whom a trusted backend asks; only beside `X-Api-Key`.',
  });
  registry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description: 'The configured session cookie. Writes need a trusted `Origin`.',
  });
  registry.registerComponent('securitySchemes', 'guest', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`Guest` and a guest credential, for apps and for pages of another site.',
  });
  registry.registerComponent('securitySchemes', 'guestCookie', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-mg_guest',
    description: 'The guest of this browser; `mg_guest` on loopback. Needs a trusted `Origin`.',
  });
  registry.registerComponent('securitySchemes', 'operatorKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An ops key of role viewer, finance or admin.',
  });
  registry.registerComponent('securitySchemes', 'twilioSignature', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Twilio-Signature',
    description: 'Made with the Auth Token of the account, current or previous.',
  });
  const operator = [
    ...MONTH_PATHS,
    ...BACKFILL_PATHS,
    ...FIGURE_PATHS,
    ...STEERING_PATHS,
    ...ALERT_PATHS,
    ...EVENT_PATHS,
    ...RECONCILE_PATHS,
    ...ARCHIVE_PATHS,
  ];
  for (const route of [
    ...TOKEN_PATHS,
    ...GUEST_PATHS,
    ...BEACON_PATHS,
    ...UNREAD_PATHS,
    ...COMPAT_PATHS,
    ...WEBHOOK_PATHS,
    ...operator,
    ...PLUMBING_PATHS,
  ])
    registry.registerPath(route);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'mau-guard',
      version: '1',
      description: 'Issues Twilio Conversations tokens and counts every person once a month, exactly.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl ?? '/' }],
  });
}
