import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAKE_RESOURCES } from '../../../src/demo/twilio/rest/resources.ts';
import { type FakeTwilio, startFakeTwilio } from '../../../src/demo/twilio/start-fake-twilio.ts';
import { ACCOUNT, buildTown, REST_KEY, SERVICE, type Town } from './fake-kit.ts';
import { findDifferences, type OpenApi } from './oai-faults.ts';

/** A folder with Twilio's published OpenAPI documents: github.com/twilio/twilio-oai, spec/json. */
const DOCUMENTS = process.env['TWILIO_OAI_DIR'];
const FILES = ['twilio_conversations_v1.json', 'twilio_api_v2010_usage.json'];

/** What stands at the variable places of a path, by its documented name. */
const PLACES: Record<string, (town: Town) => string> = {
  AccountSid: () => ACCOUNT,
  ChatServiceSid: () => SERVICE,
  ConversationSid: ({ support }) => support,
  UserSid: () => 'm_ada',
  Sid: () => '',
};

const QUERIES: Record<string, string> = { ParticipantConversations: '?Identity=m_ada' };

if (DOCUMENTS === undefined) {
  process.stderr.write('The fake Twilio was not compared with its documents: TWILIO_OAI_DIR is not set.\n');
}

(DOCUMENTS === undefined ? describe.skip : describe)("Twilio's own OpenAPI documents", () => {
  let town: Town;
  let twilio: FakeTwilio;
  let api: OpenApi;
  beforeAll(async () => {
    town = buildTown();
    twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model: town.model });
    const read = (file: string) => JSON.parse(readFileSync(join(DOCUMENTS ?? '', file), 'utf8')) as OpenApi;
    const [conversations, usage] = FILES.map(read) as [OpenApi, OpenApi];
    api = {
      paths: { ...conversations.paths, ...usage.paths },
      components: { schemas: { ...conversations.components.schemas, ...usage.components.schemas } },
    };
  });
  afterAll(() => twilio?.close());

  it.each(Object.keys(FAKE_RESOURCES))('say what %s answers', async (shape) => {
    const documented = Object.keys(api.paths).find((path) => path.replaceAll(/\{[^}]+\}/g, '{}') === shape);
    expect(documented).toBeDefined();
    const body = await ask(fill(documented ?? ''));
    expect(findDifferences(api, documented ?? '', body)).toEqual([]);
    const list = Object.values(body as object).find(Array.isArray);
    // An empty list would agree with anything.
    if (list !== undefined && ('meta' in (body as object) || 'page' in (body as object)))
      expect(list.length).toBeGreaterThan(0);
  });

  it('are compared in earnest', () => {
    const path = '/v1/Services/{Sid}';
    const faults = findDifferences(api, path, { sid: 'IS1', account_sid: 7, friendly_name: null, more: 1 });
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringContaining('.sid: IS1 does not fit'),
        expect.stringContaining('.account_sid is no text'),
        expect.stringContaining('.more is not documented'),
        expect.stringContaining('.date_created is missing'),
      ]),
    );
  });

  function fill(path: string): string {
    const last = path.split('/').at(-2) ?? '';
    const own: Record<string, string> = { Services: SERVICE, Conversations: town.support, Users: 'm_ada' };
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      return name === 'Sid' ? (own[last] ?? '') : (PLACES[name]?.(town) ?? '');
    });
    return `${address}${QUERIES[path.split('/').at(-1) ?? ''] ?? ''}`;
  }

  async function ask(path: string): Promise<unknown> {
    const basic = Buffer.from(`${REST_KEY.sid}:${REST_KEY.secret}`).toString('base64');
    const response = await fetch(`${twilio.url}${path}`, { headers: { authorization: `Basic ${basic}` } });
    expect({ path, status: response.status }).toEqual({ path, status: 200 });
    return response.json();
  }
});
