import { createBeaconTokens } from '../auth/beacon-tokens.ts';
import type { ServiceSettings, Settings } from '../config/settings.ts';
import type { SampleToken } from '../doctor/ports.ts';
import type { Identity } from '../domain/identity.ts';
import { monthOf } from '../domain/month.ts';
import { createMinter } from '../issue/mint.ts';
import { signSampleToken } from '../twilio/sample-token.ts';

/** Nobody: the token goes nowhere, so that this never becomes a user. */
const NOBODY = 'doctor-self-test' as Identity;

/** Makes a token as the gateway does, reads it back as one of a browser, and holds it against Twilio's library. */
export async function makeSampleToken(
  service: ServiceSettings,
  { token: { ttlSeconds }, classes }: Pick<Settings, 'token' | 'classes'>,
): Promise<SampleToken> {
  const className = classes[0]?.name ?? '';
  const library = await signSampleToken({
    ...service,
    ...{ identity: NOBODY, ttlSeconds, roleSid: roleSidOf(service, className) },
  });
  const theirs = payloadOf(library);
  const { iat, jti } = JSON.parse(theirs) as { iat: number; jti: string };
  const own = createMinter({ ...service, service: service.name, ttlSeconds }).mint(
    {
      ...{ outcome: 'new', identity: NOBODY, ordinal: 0, month: monthOf(iat * 1000) },
      ...{ issuedAt: iat, expiresAt: iat + ttlSeconds },
    },
    className,
  );
  const mine = payloadOf(own);
  // Ours has a `jti` of its own, since the library's repeats for all tokens of one second.
  const { jti: ownJti } = JSON.parse(mine) as { jti: string };
  const verified = await createBeaconTokens({ services: [service], rememberedMax: 1 }).verify(
    own,
    iat * 1000,
  );
  return {
    fault: verified.outcome === 'verified' ? null : reasonOf(verified),
    lifeSeconds: verified.outcome === 'verified' ? verified.expiresAt - verified.issuedAt : 0,
    sameAsLibrary:
      own.split('.')[0] === library.split('.')[0] &&
      mine === theirs.replace(JSON.stringify(jti), JSON.stringify(ownJti)),
  };
}

/** A class may have a name that every object has a member of. */
function roleSidOf({ roleSids }: ServiceSettings, className: string): string | null {
  return Object.hasOwn(roleSids, className) ? (roleSids[className] ?? null) : null;
}

function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
}

function reasonOf(refusal: object): string {
  const { reason, code } = refusal as { reason?: unknown; code?: unknown };
  return String(reason ?? code);
}
