/**
 * Addresses of this machine that lie in blocks (/24) of their own, so that an attack can come from many networks, and
 * does not use up what another one may fail. Linux has all of 127.0.0.0/8 on loopback.
 */
export function createAddresses(first = 1) {
  let next = first;
  return () => {
    next += 1;
    return `127.${1 + Math.floor(next / 250)}.${1 + (next % 250)}.1`;
  };
}
