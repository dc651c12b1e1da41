// @ts-check
import { ageText, countText, textAt } from './format.js';

/** Without a word for so long the figures are called old, ms. */
const STALE_MS = 30_000;
/** How often the figures are asked for when there are no events, ms. */
const POLL_MS = 15_000;
/** A screen reader is told at most this often, ms. */
const SAY_MS = 60_000;

/**
 * Keeps the figures of the month up to date: by server-sent events, or by asking again and again where those do not
 * get through. Numbers wait while the pointer or the focus is on them, and look old when nothing comes.
 *
 * @param {HTMLElement} figures names its sources in `data-events`, `data-poll` and `data-month`
 * @param {HTMLElement} freshness says how old the figures are
 */
export function keepFresh(figures, freshness) {
  const { events = '', poll = '', month = '' } = figures.dataset;
  const places = [...figures.querySelectorAll('[data-live]')].filter((place) => place instanceof HTMLElement);
  const store = document.getElementById('store');
  const voice = document.createElement('p');
  voice.className = 'unseen';
  voice.setAttribute('aria-live', 'polite');
  freshness.after(voice);

  /** @type {Record<string, any> | null} */
  let waiting = null;
  let heardAt = Date.now();
  let saidAt = Date.now();
  let away = false;
  const wasEmpty = figures.querySelector('.empty') !== null;

  const isInUse = () => places.some((place) => place.closest('.figure')?.matches(':hover, :focus-within'));

  function show() {
    if (waiting === null || isInUse()) return;
    const summary = waiting;
    waiting = null;
    // Another month has begun, or the first of this one has come: there is more to show than numbers.
    if (summary['month'] !== month || (wasEmpty && summary['identities'].total > 0)) return location.reload();
    for (const place of places) {
      const text = textAt(summary, place.dataset['live'] ?? '', place.dataset['as']);
      if (text !== null && place.textContent !== text) place.textContent = text;
    }
    if (Date.now() - saidAt >= SAY_MS) {
      saidAt = Date.now();
      voice.textContent = `${countText(summary['identities'].total)} identities`;
    }
  }

  /** @param {Record<string, any> | null} summary null: the figures are still the same */
  function hear(summary) {
    heardAt = Date.now();
    away = false;
    if (summary !== null) waiting = summary;
    tick();
  }

  function tick() {
    show();
    const seconds = (Date.now() - heardAt) / 1000;
    const stale = away || seconds * 1000 >= STALE_MS;
    figures.classList.toggle('old', stale);
    freshness.classList.toggle('stale', stale);
    if (store) {
      store.textContent = `${store.dataset['store']} ${away ? 'away' : stale ? 'unknown' : 'ok'}`;
    }
    const age = `${ageText(seconds)} old`;
    if (away) freshness.textContent = `the ledger does not answer; data ${age}`;
    else freshness.textContent = stale ? `no news; data ${age}` : `data ${age}`;
  }

  async function ask() {
    const answer = await fetch(poll, { headers: { accept: 'application/json' } }).catch(() => null);
    if (answer?.ok) hear(await answer.json());
    else if (answer?.status === 503) away = true;
  }

  function listen() {
    const source = new EventSource(events);
    source.addEventListener('month', (event) => hear(JSON.parse(event.data)));
    source.addEventListener('beat', () => hear(null));
    source.addEventListener('away', () => {
      away = true;
      tick();
    });
    // A stream that only broke is opened again by the browser; one that was refused is not.
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return;
      void ask();
      setTimeout(listen, POLL_MS);
    });
  }

  listen();
  setInterval(tick, 1_000);
}
