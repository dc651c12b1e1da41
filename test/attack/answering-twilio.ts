import fc from 'fast-check';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import type { TwilioServices } from '../../src/twilio/twilio-services.ts';
import { startLoopbackServer } from '../auth/loopback-server.ts';
import { servicesAt } from '../twilio/twilio-kit.ts';
import { type GivenAnswer, hostileAnswer, hostileMember } from './hostile-answers.ts';

/** Somebody in Twilio's place who gives the same answer to everything. */
export interface AnsweringTwilio {
  services: TwilioServices;
  /**
   * What is read when this is the answer to everything; null when that ends in the one failure that there is, and any other
   * is thrown on.
   */
  read<Found>(given: GivenAnswer, reading: () => Promise<Found>): Promise<Found | null>;
  close(): Promise<void>;
}

export async function startAnsweringTwilio(): Promise<AnsweringTwilio> {
  let answer: GivenAnswer = { status: 200, text: '{}' };
  const server = await startLoopbackServer((_request, response) => {
    const { status, text } = answer;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end([204, 304].includes(status) ? undefined : text);
  });
  return {
    services: servicesAt(server.url),
    async read(given, reading) {
      answer = given;
      try {
        return await reading();
      } catch (error) {
        if (!(error instanceof TwilioUnavailable) || error.nextStep === '') throw error;
        return null;
      }
    },
    close: () => server.close(),
  };
}

/** Anything, and answers that are nearly right: pages of one to three records of which some members are other ones. */
export function twilioAnswers(
  list: string,
  good: Readonly<Record<string, unknown>>,
): fc.Arbitrary<GivenAnswer> {
  const members = Object.keys(good);
  const record = fc
    .dictionary(fc.constantFrom(...members), hostileMember, { maxKeys: 3 })
    .map((changes) => ({ ...good, ...changes }));
  const page = fc
    .tuple(
      fc.array(record, { minLength: 1, maxLength: 3 }),
      fc.dictionary(metaMember, hostileMember, { maxKeys: 2 }),
    )
    .map(([records, meta]) => {
      const { host: _, ...rest } = meta;
      return { [list]: records, meta: { key: list, next_page_url: null, ...rest }, next_page_uri: null };
    });
  const near = fc.oneof(page, record).map((value) => ({ status: 200, text: JSON.stringify(value) }));
  return fc.oneof(
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: hostileAnswer([list, 'meta', ...members]) },
  );
}
const metaMember = fc.constantFrom('key', 'next_page_url', 'page', 'page_size', 'url');
