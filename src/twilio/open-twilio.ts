import type Twilio from 'twilio';

export interface TwilioOptions {
  accountSid: string;
  /** For reads; may be a restricted key. */
  apiKey: { sid: string; secret: string };
  region: string | null;
  edge: string | null;
  /** Base of every call in place of Twilio's own hosts, or null. */
  restUrl: string | null;
  /** Deadline of one call, ms. */
  timeoutMs: number;
  /** A longer answer is a failure; 2 MiB unless told. */
  answerBytesMax?: number;
}

/** Far above a page of 50 conversations. */
const ANSWER_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Twilio's own client for one account, bound to reading: any method but GET is refused before it leaves, since at
 * Twilio writing a user, participant or message makes somebody billable.
 *
 * The library is loaded here and not before: it takes a quarter of a second and 20 MB, which only those who look
 * things up should pay.
 */
export async function openTwilio(options: TwilioOptions): Promise<Twilio.Twilio> {
  const { accountSid, apiKey, region, edge, restUrl, timeoutMs } = options;
  const { default: twilio } = await import('twilio');
  const base = restUrl?.replace(/\/+$/, '') ?? null;
  const httpClient = new twilio.RequestClient({ timeout: timeoutMs });
  httpClient.axios.interceptors.request.use((config) => {
    if (config.method?.toLowerCase() !== 'get') throw new Error(`${config.method} is not a read`);
    const url = new URL(config.url ?? '');
    // The answer to one page names the address of the next.
    if (base === null && !isTwilio(url)) throw new Error('an answer led away from Twilio');
    config.url = base === null ? url.href : `${base}${url.pathname}${url.search}`;
    // The library's own deadline starts anew with every byte.
    config.signal = AbortSignal.timeout(timeoutMs);
    config.maxContentLength = options.answerBytesMax ?? ANSWER_BYTES_MAX;
    return config;
  });
  return twilio(apiKey.sid, apiKey.secret, {
    accountSid,
    httpClient,
    // Not null: the library would look into the environment instead.
    region: region ?? '',
    edge: edge ?? '',
    logLevel: '',
    userAgentExtensions: ['mau-guard'],
  });
}

function isTwilio({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && hostname.endsWith('.twilio.com');
}
