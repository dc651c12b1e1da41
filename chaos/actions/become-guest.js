/**
 * A browser becomes a guest, or shows itself again.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ guest: number, gateway: number | null }} event
 */
export async function becomeGuest(world, { guest, gateway }) {
  await world.guests.renew(guest, world.placeOf(guest, gateway));
}
