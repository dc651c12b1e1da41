import { request } from 'node:http';

export interface RawRequest {
  method?: string;
  /** The request target, sent as it is. */
  path?: string;
  /** Name, value, name, value: repeated names are sent repeatedly. */
  headers?: readonly string[];
  body?: string | Buffer;
}

/** Sends what `fetch` would correct or refuse. Answers a `Response`. */
export function sendRaw(
  url: string,
  { method = 'POST', path = '/v1/tokens', headers = [], body }: RawRequest,
) {
  return new Promise<Response>((resolve, reject) => {
    const { hostname, port, host } = new URL(url);
    const sent = ['Host', host, 'Connection', 'close', ...headers];
    const outgoing = request({ hostname, port, method, path, headers: sent, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const received = new Headers();
        for (const [name, value] of Object.entries(incoming.headersDistinct)) {
          for (const each of value ?? []) received.append(name, each);
        }
        const status = incoming.statusCode ?? 0;
        const text = Buffer.concat(chunks);
        resolve(new Response(text.length === 0 ? null : text, { status, headers: received }));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
