/**
 * Loaded into a gateway before anything else (`node --import`): its whole process lives at another time than the
 * machine, and moves on when it is told to. Nothing of this is in the product, which has no way to be told the time.
 * It ends with the run that started it.
 */
const RealDate = Date;
let offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offsetMs;
  }

  /** Dates that Node makes inside of itself are of the old class. */
  static [Symbol.hasInstance](value) {
    return value instanceof RealDate;
  }
};

process.on('message', (message) => {
  if (typeof message?.offsetMs === 'number') offsetMs = message.offsetMs;
});
process.on('disconnect', () => process.exit());
process.channel?.unref();
