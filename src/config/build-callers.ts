import { distance } from 'fastest-levenshtein';
import { buildClaims } from './build-claims.ts';
import { defaultClassOf } from './build-classes.ts';
import { buildIssuers } from './build-issuers.ts';
import type { BackendSettings, IssuerSettings, SessionSettings } from './caller-settings.ts';
import type { ConfigParts } from './config-parts.ts';
import { refuseUnknownClass } from './refuse-unknown-class.ts';
import type { ClassSettings } from './settings.ts';

/** Everyone whose word is taken for who is asking. */
export interface CallerSettings {
  issuers: IssuerSettings[];
  backends: BackendSettings[];
  session: SessionSettings | null;
}

/** Issuers, backends and the session source. Without any of them nobody could ever get a token. */
export function buildCallers(parts: ConfigParts, classes: readonly ClassSettings[]): CallerSettings {
  const { environment, file, findings } = parts;
  const issuers = buildIssuers(parts);
  const named = issuers.map(({ issuer }) => issuer);
  const session = buildSession(parts, named);
  const authorities = session ? [...named, session.issuer] : named;
  const backends = buildBackends(parts, classes, authorities);
  if (issuers.length + backends.length === 0 && !session && file.readable) {
    const hint = 'or configure issuers, backends or a session in the config file';
    for (const [name, what] of [
      ['AUTH_ISSUER', 'the issuer of your app logins'],
      ['AUTH_AUDIENCE', 'the audience that tokens for this app carry'],
    ] as const) {
      if (environment.isSet(name)) continue;
      findings.fault({ where: name, expected: what, found: 'nothing', hint });
    }
  }
  return { issuers, backends, session };
}

function buildBackends(
  parts: ConfigParts,
  classes: readonly ClassSettings[],
  authorities: readonly string[],
): BackendSettings[] {
  const { file, findings } = parts;
  const entries = file.data.backends ?? [];
  return entries.map((entry, index) => {
    const earlier = entries.slice(0, index);
    const fault = (key: string, expected: string, found: string) =>
      findings.fault({ ...file.place(['backends', index, key]), expected, found });
    findings.from(`backends.${index}`, file.offer(['backends'], entry)?.source ?? 'default');
    if (entry.name === undefined) fault('name', 'a name', 'nothing');
    else if (earlier.some((other) => other.name === entry.name)) fault('name', 'each name once', 'one again');
    if (entry.keySha256 === undefined) fault('keySha256', 'the SHA-256 of its API key', 'nothing');
    else if (earlier.some((other) => other.keySha256 === entry.keySha256)) {
      fault('keySha256', 'a key of its own', 'the key of another backend');
    }
    if (entry.issuer === undefined) fault('issuer', 'the issuer that it speaks for', 'nothing');
    refuseNearMiss(parts, ['backends', index, 'issuer'], entry.issuer, authorities);
    for (const [position, name] of (entry.classes ?? []).entries()) {
      refuseUnknownClass(parts, ['backends', index, 'classes', position], name, classes);
    }
    const built = {
      name: entry.name ?? '',
      keySha256: entry.keySha256 ?? '',
      issuer: entry.issuer ?? '',
      classes: entry.classes?.length ? entry.classes : [defaultClassOf(classes)],
    };
    findings.fillIn(`backends.${index}`, entry, built);
    return built;
  });
}

/** Another issuer is legitimate, but one that is a slash away would give everyone a second identity. */
function refuseNearMiss(
  { file, findings }: ConfigParts,
  path: readonly (string | number)[],
  issuer: string | undefined,
  authorities: readonly string[],
): void {
  if (issuer === undefined || authorities.includes(issuer)) return;
  // One without a name is a fault of its own.
  const named = authorities.filter((authority) => authority !== '');
  const near = named.find((authority) => distance(authority.toLowerCase(), issuer.toLowerCase()) <= 2);
  if (near === undefined) return;
  findings.fault({
    ...file.place(path),
    expected: 'an issuer exactly as it is configured',
    found: 'one that differs a little',
    hint: `did you mean ${near}?`,
  });
}

function buildSession(parts: ConfigParts, issuers: readonly string[]): SessionSettings | null {
  const { file, findings } = parts;
  const entry = file.data.session;
  if (!entry) return null;
  findings.from('session', file.offer(['session'], entry)?.source ?? 'default');
  const needed = {
    url: 'the endpoint that answers who is signed in',
    cookieName: 'the name of the cookie that is forwarded',
    issuer: 'the issuer that identities are derived under',
  };
  for (const [key, expected] of Object.entries(needed)) {
    if (entry[key as keyof typeof needed] !== undefined) continue;
    findings.fault({ ...file.place(['session', key]), expected, found: 'nothing' });
  }
  refuseNearMiss(parts, ['session', 'issuer'], entry.issuer, issuers);
  const built = {
    url: entry.url ?? '',
    cookieName: entry.cookieName ?? '',
    issuer: entry.issuer ?? '',
    claims: buildClaims(entry.claims),
    cacheSeconds: entry.cacheSeconds ?? 30,
    timeoutMs: entry.timeoutMs ?? 3000,
  };
  findings.fillIn('session', entry, built);
  return built;
}
