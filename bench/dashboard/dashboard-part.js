import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { serviceNameOf, writeGatewayConfig } from '../http/gateway-config.js';
import { startGateway } from '../http/gateway-process.js';
import { fillMonth, gatherPeople } from '../ledger/filled-month.js';
import { openLedger } from '../ledger/open-ledger.js';
import { withCleanup } from '../system/cleanup.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { findChromium } from './find-chromium.js';
import { recordLivelyPeople } from './lively-people.js';
import { lookAtPage } from './look-at-page.js';
import { ONE_WORD, serveOneWord } from './serve-one-word.js';

const SERVICE = serviceNameOf(0);
const ADMIN_KEY = 'mgk_benchmark_admin_key';
/** Of a million every fiftieth. */
const LIVELY_SHARE = 0.02;
/** Nobody logs in during this part. */
const NO_LOGINS = {
  issuer: 'http://127.0.0.1:9/',
  audience: 'nobody',
  jwksUrl: 'http://127.0.0.1:9/jwks.json',
};
/** As the tests start it: its sandbox needs rights that containers seldom have. */
const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
const SCRIPTS = new URL('../../dist/ops/scripts/', import.meta.url);

/**
 * How soon the dashboard of a large month shows something in a real Chromium. Each round starts a gateway and looks at
 * every page twice in a browser of its own: the first visit has nothing in its cache, the second what the first has
 * left. The very first look at the month is also the first request that its gateway answers. A page of one word, not
 * of the gateway, says what the browser itself takes. Nothing is pinned: a browser is many processes.
 *
 * @param {{ sizes: import('../options.js').Sizes, folder: string }} options
 */
export async function runDashboardPart({ sizes, folder }) {
  const chromium = findChromium();
  if (chromium === null) {
    say('dashboard: there is no Chromium; nothing is measured');
    return { identities: 0, looks: null, scripts: null };
  }
  return withCleanup(async (defer) => {
    const redis = await startRedis({ folder, durable: false, core: null });
    defer(redis.stop);
    const ledger = await openLedger(redis.url);
    defer(() => ledger.close());
    say(`dashboard: filling a month with ${sizes.identities} people`);
    const people = gatherPeople(sizes.identities);
    const { month, population } = await fillMonth(ledger, { people, service: SERVICE, lanes: 1 });
    const lively = people.slice(0, Math.ceil(people.length * LIVELY_SHARE));
    await recordLivelyPeople(ledger, { service: SERVICE, people: lively, nowMs: population.nowMs });
    const environment = await writeGatewayConfig({
      ...{ folder, name: 'dashboard', services: 1, verifiedTokens: 1_000 },
      ...{ redisUrl: redis.url, loginIssuer: NO_LOGINS },
    });
    environment.OPS_API_KEYS = `bench:admin:${createHash('sha256').update(ADMIN_KEY).digest('hex')}`;
    const browser = await startBrowser(chromium);
    defer(() => browser.close());
    const word = await serveOneWord();
    defer(word.stop);
    const pages = [
      ...listPages({ month, identities: people.length, identity: lively[0].identity }),
      { name: ONE_WORD, says: 'Hello', address: word.url },
    ];
    const looks = Object.fromEntries(pages.map(({ name }) => [name, { first: [], warm: [] }]));
    let scripts = null;
    for (let round = 0; round < sizes.rounds; round++) {
      const { rounds, ...files } = await withCleanup(async (deferHere) => {
        const gateway = await startGateway({ name: 'dashboard', folder, environment, core: null });
        deferHere(() => gateway.stop());
        return lookRound(browser, `http://127.0.0.1:${gateway.port}`, pages);
      });
      for (const { name, first, warm } of rounds) {
        looks[name].first.push(first);
        looks[name].warm.push(warm);
      }
      scripts = files.scripts;
      say(
        `dashboard: round ${round + 1}: first paint of the month after ${Math.round(rounds[0].first.paintMs)} ms`,
      );
    }
    return { identities: people.length, looks, scripts };
  });
}

async function startBrowser(executablePath) {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}

/** The pages of the dashboard, the month first: nobody has asked that gateway for anything yet. */
function listPages({ month, identities, identity }) {
  const service = `service=${SERVICE}`;
  const total = identities.toLocaleString('en-US');
  const page = (name, path, says) => ({ name, says, address: `/ops${path}` });
  return [
    page('month, very first', `?${service}`, total),
    page('month', `?month=${month}&${service}`, total),
    page('identities', `/identities?${service}`, 'Identities'),
    page('identity', `/identities/${encodeURIComponent(identity)}?${service}`, 'Why they were counted'),
    page('budget', `/budget?${service}`, 'As it holds'),
    page('reconciliation', `/reconciliation?${service}`, 'Side by side'),
    page('alerts', `/alerts?${service}`, 'No alert has fired'),
    page('system', `/system?${service}`, 'Gateway'),
    page('audit', `/audit?${service}`, 'Audit'),
    page('counting', `/counting?${service}`, 'Counting rules'),
  ];
}

async function lookRound(browser, baseURL, pages) {
  const rounds = [];
  let storageState;
  for (const look of pages) {
    const context = await browser.newContext({
      baseURL,
      viewport: { width: 1280, height: 900 },
      storageState,
    });
    storageState ??= await signIn(context, baseURL);
    const page = await context.newPage();
    const first = await lookAtPage(page, look);
    await page.goto('about:blank');
    const warm = await lookAtPage(page, look);
    rounds.push({ name: look.name, first, warm });
    await context.close();
  }
  return { rounds, scripts: await weighScripts(browser, baseURL) };
}

/** By the form, in a request of its own: no page is opened before it is measured. */
async function signIn(context, baseURL) {
  const answer = await context.request.post('/ops/login', {
    form: { key: ADMIN_KEY },
    headers: { origin: baseURL, 'sec-fetch-site': 'same-origin' },
    maxRedirects: 0,
  });
  if (answer.status() !== 303) throw new Error(`signing in was answered ${answer.status()}`);
  return context.storageState();
}

/** Every script that a page may load, as it is served. */
async function weighScripts(browser, baseURL) {
  const context = await browser.newContext({ baseURL });
  const html = await (await context.request.get('/ops')).text();
  const [folder] = /\/ops\/assets\/\w+\//.exec(html) ?? [];
  if (folder === undefined) throw new Error('the page names no files');
  let gzipBytes = 0;
  for (const name of [...readdirSync(SCRIPTS), 'uplot.js']) {
    const answer = await context.request.get(`${folder}${name}`);
    if (answer.status() !== 200) throw new Error(`${name} was answered ${answer.status()}`);
    gzipBytes += gzipSync(await answer.body()).length;
  }
  await context.close();
  return { gzipBytes };
}
