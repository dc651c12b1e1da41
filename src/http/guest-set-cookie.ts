import { stringifySetCookie } from 'cookie';
import { GUEST_LIFE_SECONDS } from '../domain/guest.ts';
import type { GuestCookie } from '../issue/guests/ports.ts';

/**
 * The `Set-Cookie` header that puts a value into the guest cookie.
 *
 * @param value what {@link GuestCookie.put} or {@link GuestCookie.drop} answered; null clears the cookie
 */
export function buildGuestSetCookie({ name }: GuestCookie, value: string | null): string {
  const secure = name.startsWith('__Host-');
  return stringifySetCookie({
    ...{ name, value: value ?? '', httpOnly: true, secure, sameSite: 'lax', path: '/' },
    maxAge: value === null ? 0 : GUEST_LIFE_SECONDS,
  });
}
