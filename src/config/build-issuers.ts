import { buildClaims } from './build-claims.ts';
import type { IssuerEntry } from './caller-schemas.ts';
import type { Algorithm, IssuerSettings } from './caller-settings.ts';
import type { ConfigParts } from './config-parts.ts';
import { namedSecret } from './named-secret.ts';
import { longSecret } from './store-schemas.ts';
import { plainText } from './value-schemas.ts';

const DEFAULT_ALGORITHMS: readonly Algorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const INTROSPECTION_NEEDS = {
  url: 'the introspection endpoint',
  clientId: 'the client id to introspect with',
  clientSecretEnv: 'the variable that holds the client secret',
};

const sharedSecret = longSecret('the shared secret of HS256 (RFC 7518 section 3.2),');
const clientSecret = plainText('a client secret on one line', 4096);

/** The issuers of the file and the one of the AUTH_ variables, which comes first unless the file has it too. */
export function buildIssuers(parts: ConfigParts): IssuerSettings[] {
  const { environment, file, findings } = parts;
  const entries = file.data.issuers ?? [];
  const shorthand = environment.get('AUTH_ISSUER');
  const own = entries.findIndex((entry) => entry.issuer !== undefined && entry.issuer === shorthand?.value);
  const issuers: IssuerSettings[] = [];
  if (!shorthand) refuseHalfShorthand(parts);
  if (shorthand && own === -1) {
    findings.from('issuers.0.issuer', shorthand.source);
    issuers.push(buildIssuer(parts, { issuer: shorthand.value }, null, 0));
  }
  for (const [index, entry] of entries.entries()) {
    const earlier = entries.slice(0, index).flatMap((other) => other.issuer ?? []);
    if (shorthand) earlier.unshift(shorthand.value);
    refuseTwin(parts, index, entry.issuer, index === own ? [] : earlier);
    issuers.push(buildIssuer(parts, entry, index, issuers.length, index === own));
  }
  return issuers;
}

/**
 * One issuer spelled in two ways would be two, and its people billed twice. Only case and a final slash count as
 * spelling here: tenants of one provider may well differ by a character.
 */
function refuseTwin(
  { file, findings }: ConfigParts,
  index: number,
  issuer: string | undefined,
  earlier: readonly string[],
): void {
  if (issuer === undefined) return;
  const twin =
    earlier.find((other) => other === issuer) ?? earlier.find((other) => bare(other) === bare(issuer));
  if (twin === undefined) return;
  const place = file.place(['issuers', index, 'issuer']);
  if (twin === issuer) {
    findings.fault({ ...place, expected: 'each issuer once', found: 'the same one again' });
    return;
  }
  findings.fault({
    ...place,
    expected: 'each issuer once',
    found: `one that differs from ${twin} only by case or a final slash`,
    hint: 'keep the one that stands in the tokens',
  });
}

function bare(issuer: string): string {
  return issuer.toLowerCase().replace(/\/+$/, '');
}

function refuseHalfShorthand({ environment, findings }: ConfigParts): void {
  if (environment.isSet('AUTH_ISSUER')) return;
  for (const name of ['AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const) {
    if (!environment.isSet(name)) continue;
    const expected = `the issuer that ${name} belongs to`;
    findings.fault({ where: 'AUTH_ISSUER', expected, found: 'nothing' });
  }
}

/**
 * @param index position in the file, null for the shorthand alone
 * @param position position in the settings
 * @param shorthand true when the AUTH_ variables speak of this one too
 */
function buildIssuer(
  parts: ConfigParts,
  entry: IssuerEntry,
  index: number | null,
  position: number,
  shorthand = true,
): IssuerSettings {
  const { file, findings } = parts;
  const setting = `issuers.${position}`;
  const environment = shorthand ? parts.environment : null;
  const path = (...steps: (string | number)[]) => ['issuers', index ?? 0, ...steps];
  if (index !== null) findings.from(setting, file.offer(['issuers'], entry)?.source ?? 'default');
  if (index !== null && entry.issuer === undefined) {
    findings.fault({
      ...file.place(path('issuer')),
      expected: 'the issuer, exactly as it stands in its tokens',
      found: 'nothing',
    });
  }
  const audience = findings.prefer(
    `${setting}.audience`,
    [environment?.get('AUTH_AUDIENCE'), file.offer(path('audience'), asList(entry.audience))],
    [],
  );
  if (audience.length === 0 && !environment?.isSet('AUTH_AUDIENCE')) {
    const place = index === null ? { where: 'AUTH_AUDIENCE' } : file.place(path('audience'));
    findings.fault({ ...place, expected: 'the audience that tokens for this app carry', found: 'nothing' });
  }
  const jwksUrl = findings.prefer<string | null>(
    `${setting}.jwksUrl`,
    [environment?.get('AUTH_JWKS_URL'), file.offer(path('jwksUrl'), entry.jwksUrl)],
    null,
  );
  const built = {
    issuer: entry.issuer ?? '',
    audience,
    jwksUrl,
    ...buildKeys(parts, entry, path, setting, jwksUrl),
    claims: buildClaims(entry.claims),
    clockToleranceSeconds: entry.clockToleranceSeconds ?? 5,
    timeoutMs: entry.timeoutMs ?? 3000,
    introspection: buildIntrospection(parts, entry, path, setting),
  };
  findings.fillIn(setting, entry, built);
  return built;
}

function asList(audience: IssuerEntry['audience']): string[] | undefined {
  return typeof audience === 'string' ? [audience] : audience;
}

/** A public key must never be taken for a shared secret, so an issuer has one kind or the other. */
function buildKeys(
  parts: ConfigParts,
  entry: IssuerEntry,
  path: (...steps: (string | number)[]) => (string | number)[],
  setting: string,
  jwksUrl: string | null,
): Pick<IssuerSettings, 'algorithms' | 'secret'> {
  const { file, findings } = parts;
  const algorithms = entry.algorithms?.length ? [...new Set(entry.algorithms)] : [...DEFAULT_ALGORITHMS];
  const shared = algorithms.includes('HS256');
  const fault = (key: string, expected: string, found: string) =>
    findings.fault({ ...file.place(path(key)), expected, found });
  if (shared && algorithms.length > 1)
    fault('algorithms', 'HS256 alone, or only other algorithms', 'HS256 beside others');
  else if (shared && jwksUrl !== null) fault('jwksUrl', 'no JWKS for an issuer with HS256', 'both');
  if (shared && entry.secretEnv === undefined)
    fault('secretEnv', 'the variable that holds the secret of HS256', 'nothing');
  if (!shared && entry.secretEnv !== undefined) {
    fault('secretEnv', 'no secret, or algorithms: [HS256]', `a secret beside ${algorithms.join(', ')}`);
  }
  const secret = namedSecret(parts, path('secretEnv'), entry.secretEnv, sharedSecret);
  return { algorithms, secret: findings.prefer<string | null>(`${setting}.secret`, [secret], null) };
}

function buildIntrospection(
  parts: ConfigParts,
  entry: IssuerEntry,
  path: (...steps: (string | number)[]) => (string | number)[],
  setting: string,
): IssuerSettings['introspection'] {
  const { file, findings } = parts;
  const { introspection } = entry;
  if (!introspection) return null;
  for (const [key, expected] of Object.entries(INTROSPECTION_NEEDS)) {
    if (introspection[key as keyof typeof INTROSPECTION_NEEDS] !== undefined) continue;
    findings.fault({ ...file.place(path('introspection', key)), expected, found: 'nothing' });
  }
  const secret = namedSecret(
    parts,
    path('introspection', 'clientSecretEnv'),
    introspection.clientSecretEnv,
    clientSecret,
  );
  return {
    url: introspection.url ?? '',
    clientId: introspection.clientId ?? '',
    clientSecret: findings.prefer(`${setting}.introspection.clientSecret`, [secret], ''),
  };
}
