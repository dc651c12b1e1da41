import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** Public half of a key that signs manifests, as a JWK (RFC 8037). */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  /** base64url. */
  x: string;
  /** RFC 7638 thumbprint with SHA-256, base64url. */
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

/** Signs manifests; Ed25519, so that the same bytes always get the same signature. */
export interface ManifestKey {
  kid: string;
  publicJwk: PublicJwk;
  /** base64url. */
  sign(bytes: Uint8Array): string;
}

/** @param pem Ed25519 private key, PKCS #8 in PEM */
export function createManifestKey(pem: string): ManifestKey {
  const privateKey = createPrivateKey(pem);
  const publicJwk = jwkOf(createPublicKey(privateKey));
  return {
    kid: publicJwk.kid,
    publicJwk,
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
  };
}

/** @param x of the key's JWK, base64url */
function publicJwkOf(x: string): PublicJwk {
  return jwkOf(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
}

/**
 * The keys that manifests may be signed with, the present one first, each once.
 *
 * @param previous `x` of earlier keys, base64url
 */
export function listPublicKeys(present: ManifestKey | null, previous: readonly string[]): PublicJwk[] {
  const keys = [...(present === null ? [] : [present.publicJwk]), ...previous.map(publicJwkOf)];
  return [...new Map(keys.map((key) => [key.kid, key])).values()];
}

/** Whether the holder of the key has signed the bytes. */
export function isSignedBy({ x }: Pick<PublicJwk, 'x'>, bytes: Uint8Array, signature: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, bytes, key, Buffer.from(signature, 'base64url'));
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/**
 * Ed25519 public keys in a file: PEM, also of the private key and several after each other, a JWK or a JWK set.
 *
 * @returns null when it holds none
 */
export function parsePublicKeys(text: string): PublicJwk[] | null {
  const keys = text.trimStart().startsWith('{') ? parseJwks(text) : (text.match(PEM) ?? []).map(parsePem);
  const found = keys.filter((key): key is PublicJwk => key !== null);
  return found.length > 0 ? found : null;
}

function parseJwks(text: string): (PublicJwk | null)[] {
  try {
    const value = JSON.parse(text) as { keys?: unknown };
    const entries = (Array.isArray(value.keys) ? value.keys : [value]) as JsonWebKey[];
    return entries.map((entry) => parseKey(() => createPublicKey({ key: entry, format: 'jwk' })));
  } catch {
    return [];
  }
}

function parsePem(text: string): PublicJwk | null {
  return parseKey(() => createPublicKey(text));
}

function parseKey(read: () => KeyObject): PublicJwk | null {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? jwkOf(key) : null;
  } catch {
    return null;
  }
}

function jwkOf(key: KeyObject): PublicJwk {
  const { x = '' } = key.export({ format: 'jwk' });
  // RFC 7638 section 3: the required members in the order of their names, without white space.
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' };
}
