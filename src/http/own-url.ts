import type { Request } from 'express';

/** The URL that the outside uses. Without one there is only the machine itself; the Host header is never believed. */
export function ownUrlOf(request: Request, publicUrl: string | null): string {
  return publicUrl ?? `http://127.0.0.1:${request.socket.localPort ?? 0}`;
}
