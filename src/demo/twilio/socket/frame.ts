/** One message of the protocol: headers that say what it is, and what it carries. */
export interface Frame {
  header: Record<string, unknown>;
  /** Parsed where it is JSON, a text otherwise, undefined where there is none. */
  payload: unknown;
}

const MAGIC = /^TWILSOCK V3\.0 (\d{1,7})\r\n/;
/** The longest first line, in bytes. */
const MAGIC_BYTES_MAX = 32;
const LINE_END_BYTES = 2;

/** Null for anything that is no frame. */
export function parseFrame(bytes: Buffer): Frame | null {
  const magic = MAGIC.exec(bytes.toString('latin1', 0, MAGIC_BYTES_MAX));
  if (magic === null) return null;
  const headerEnd = magic[0].length + Number(magic[1]);
  const header = parseJson(bytes.toString('utf8', magic[0].length, headerEnd));
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return null;
  const payload = bytes.toString('utf8', headerEnd + LINE_END_BYTES);
  return { header: header as Record<string, unknown>, payload: parsePayload(payload) };
}

/** @param payload sent as JSON; undefined for none */
export function encodeFrame(header: Record<string, unknown>, payload?: unknown): Buffer {
  const body = payload === undefined ? '' : JSON.stringify(payload);
  const type = payload === undefined ? {} : { payload_type: 'application/json' };
  const head = JSON.stringify({ ...header, ...type, payload_size: Buffer.byteLength(body) });
  return Buffer.from(`TWILSOCK V3.0 ${Buffer.byteLength(head)}\r\n${head}\r\n${body}`);
}

function parsePayload(text: string): unknown {
  if (text === '') return undefined;
  const parsed = parseJson(text);
  return parsed === undefined ? text : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
