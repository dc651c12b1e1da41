import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { ALERT_PATHS } from './alert-paths.ts';
import { ARCHIVE_PATHS } from './archive-paths.ts';
import { BACKFILL_PATHS } from './backfill-paths.ts';
import { BEACON_PATHS } from './beacon-paths.ts';
import { COMPAT_PATHS } from './compat-paths.ts';
import { EVENT_PATHS } from './event-paths.ts';
import { FIGURE_PATHS } from './figure-paths.ts';
import { GUEST_PATHS } from './guest-paths.ts';
import { LOOKUP_PATHS } from './lookup-paths.ts';
import { MONTH_PATHS } from './month-paths.ts';
import { PLUMBING_PATHS } from './plumbing-paths.ts';
import { RECONCILE_PATHS } from './reconcile-paths.ts';
import { SECURITY_SCHEMES } from './security-schemes.ts';
import { STEERING_PATHS } from './steering-paths.ts';
import { TOKEN_PATHS } from './token-paths.ts';
import { UNREAD_PATHS } from './unread-paths.ts';
import { WEBHOOK_PATHS } from './webhook-paths.ts';

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const PATHS = [
  ...TOKEN_PATHS,
  ...GUEST_PATHS,
  ...BEACON_PATHS,
  ...UNREAD_PATHS,
  ...COMPAT_PATHS,
  ...WEBHOOK_PATHS,
  // of operators
  ...MONTH_PATHS,
  ...BACKFILL_PATHS,
  ...FIGURE_PATHS,
  ...STEERING_PATHS,
  ...LOOKUP_PATHS,
  ...ALERT_PATHS,
  ...EVENT_PATHS,
  ...RECONCILE_PATHS,
  ...ARCHIVE_PATHS,
  // of machines
  ...PLUMBING_PATHS,
];

/**
 * Builds the document of the HTTP interface from the schemas that requests are validated with. Pages for humans
 * (`/ops`, `/demo`) are not part of it.
 */
export function buildOpenApi(publicUrl: string | null): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    registry.registerComponent('securitySchemes', name, scheme);
  }
  for (const route of PATHS) registry.registerPath(route);
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
