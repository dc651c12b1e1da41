/** The only source of time. Read once per request; everything later in the request derives from that reading. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}
