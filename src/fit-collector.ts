import { setFlagsFromString } from 'node:v8';

/** How much of what is alive may lie about as garbage before V8 collects its old space, percent. */
const GARBAGE_PERCENT = 40;

/**
 * Fits V8's collector to what a gateway does; to be called once, at the start of the program.
 *
 * Remembered logins live just long enough to reach the old space, which V8 lets grow to several times what is alive: a
 * minute of refused strangers grew the process by 246 MiB, and by 2 MiB with this limit, at no lower a rate.
 *
 * Where nearly all objects have survived, V8 makes the next ones in its old space at once, and for good. In one of seven
 * gateways that started under load it came to take requests for such objects while it warmed up. Each of them, dead but old,
 * kept what it led to from being collected, and a mint took a quarter more CPU ever after. So V8 makes nothing old at once.
 *
 * V8 looks at these flags before it collects, so that they may change after the start. What may not is set by `npm start`, by
 * the first line of the program and by every other way of starting it: a larger space for what is new, and one thread for
 * the collector. Its helper threads took turns with the mints on a single core, for 20 to 60 ms at a time, and with two
 * cores there was no difference worth having; see docs/benchmarks.md.
 */
export function fitCollector(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
}
