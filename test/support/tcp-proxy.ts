export interface TcpProxy {
  port: number;
  /** Whatever comes is swallowed and nothing is answered; connections stay, and new ones are taken. */
  swallow(): void;
  /** Passes on again; every connection breaks, since each may have lost something. */
  passOn(): void;
  stop(): Promise<void>;
}

type StartTcpProxy = (target: number) => Promise<TcpProxy>;

const { startTcpProxy: start } = await import(
  new URL('../../bench/system/tcp-proxy.js', import.meta.url).href
);

/** Stands before a server on this machine, and can become a black hole. */
export const startTcpProxy: StartTcpProxy = start;
