import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { OperatorKey } from './caller-settings.ts';
import { parsedText, parseUrl, plainText, splitList } from './value-schemas.ts';

/** One store address. */
export interface HostPort {
  host: string;
  port: number;
}

/** `redis://` or `rediss://`, with user name and password in the URL where there are any. */
export const redisUrl = parsedText('a redis:// or rediss:// URL', (text) => {
  const login = /^rediss?:\/\/(.*)@/s.exec(text)?.[1] ?? '';
  if (!isEncoded(login)) {
    return {
      found: 'a user name or password with characters that mean something else in a URL',
      hint: 'write % as %25, / as %2F, ? as %3F and # as %23',
    };
  }
  const url = parseUrl(text);
  if (!url || (url.protocol !== 'redis:' && url.protocol !== 'rediss:')) {
    return /^[\w.-]+:\d+$/.test(text) ? { hint: 'write it with redis:// in front' } : {};
  }
  if (url.hostname === '') return { found: 'a URL without a host' };
  return /^(\/\d*)?$/.test(url.pathname)
    ? { value: text }
    : { found: 'a URL whose path is no database number' };
});

/** Other than these three and a `%` that encodes nothing, a URL holds every character of a login. */
function isEncoded(login: string): boolean {
  try {
    decodeURIComponent(login);
    return !/[/?#]/.test(login);
  } catch {
    return false;
  }
}

export const redisPassword = plainText('a password on one line', 4096);

/** A comma list of `host:port`; IPv6 addresses stand in brackets. */
export const hostPorts = parsedText<HostPort[]>('a comma list of host:port', (text) => {
  const entries = splitList(text);
  const parsed = entries.map(parseHostPort);
  const faulty = entries[parsed.indexOf(null)];
  if (faulty !== undefined) {
    return faulty.includes('//') ? { hint: 'leave out the scheme: host:port only' } : {};
  }
  const value = parsed.filter((entry) => entry !== null);
  return value.length > 0 ? { value } : {};
});

function parseHostPort(text: string): HostPort | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : null;
}

/** `true`, `false`, `1` or `0`. */
export const flag = parsedText<boolean>('true or false', (text) => {
  if (text === 'true' || text === '1') return { value: true };
  return text === 'false' || text === '0' ? { value: false } : {};
});

const ROLES = ['viewer', 'finance', 'admin'] as const;

/** A comma list of `name:role:sha256-hex-of-key`. */
export const operatorKeys = parsedText<OperatorKey[]>(
  'a comma list of name:role:sha256-hex-of-key, each name and key once, roles viewer, finance, admin',
  (text) => {
    const keys: OperatorKey[] = [];
    const wrong: string[] = [];
    for (const [index, entry] of splitList(text).entries()) {
      const [name = '', roleName = '', sha256 = '', ...rest] = entry.split(':');
      const role = ROLES.find((candidate) => candidate === roleName);
      const tooMany = rest.length > 0 ? 'has too many parts' : null;
      const objection = tooMany ?? (role ? objectToKey(keys, name, sha256) : 'has no known role');
      if (objection !== null) wrong.push(`entry ${index + 1}, which ${objection}`);
      if (role) keys.push({ name, role, sha256 });
    }
    if (wrong.length === 0) return { value: keys };
    return { found: wrong.join('; '), hint: '`mau-guard keys new` prints a key and its entry' };
  },
);

function objectToKey(earlier: OperatorKey[], name: string, sha256: string): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name))
    return 'has no name of letters, digits, dots and dashes';
  if (!/^[0-9a-f]{64}$/.test(sha256)) return 'does not end in 64 lower-case hex digits';
  if (earlier.some((key) => key.name === name)) return 'repeats a name';
  return earlier.some((key) => key.sha256 === sha256) ? 'repeats a key' : null;
}

/** An Ed25519 private key in PEM; `\n` may stand for line ends. */
export const ed25519Pem = parsedText('an Ed25519 private key in PEM', (text) => {
  const pem = text.replaceAll('\\n', '\n');
  try {
    const type = createPrivateKey(pem).asymmetricKeyType;
    return type === 'ed25519' ? { value: pem } : { found: `a key of type ${type}` };
  } catch {
    return {};
  }
});

/** The public half of an Ed25519 key, as its `x` in a JWK or as PEM; becomes the `x`. */
export const ed25519Public = parsedText(
  'an Ed25519 public key: the `x` of its JWK (43 characters), or PEM',
  (text) => {
    if (text.includes('PRIVATE KEY')) {
      return { found: 'a private key', hint: 'take its public half: openssl pkey -pubout' };
    }
    const isX = /^[A-Za-z0-9_-]{43}$/.test(text);
    try {
      const key = createPublicKey(
        isX ? { key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' } : text,
      );
      if (key.asymmetricKeyType !== 'ed25519') return { found: `a key of type ${key.asymmetricKeyType}` };
      return { value: key.export({ format: 'jwk' }).x ?? '' };
    } catch {
      return {};
    }
  },
);

/** A secret of at least 32 bytes. */
export function longSecret(what: string) {
  return parsedText(`${what} of at least 32 bytes`, (text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes >= 32) return { value: text };
    return { found: `a value of ${bytes} bytes`, hint: 'make one with: openssl rand -base64 48' };
  });
}
