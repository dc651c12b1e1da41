import { loadSdk } from './load-sdk.js';
import { sendVisitors } from './visitors.js';

const VISITORS = 100;
const LOOK_MS = 1_000;

const more = document.getElementById('more');
const said = document.getElementById('said');
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const number = new Intl.NumberFormat('en-US');
let isBusy = false;
let wereHere = false;

async function show() {
  const answer = await fetch('/demo/state');
  if (!answer.ok) throw new Error(`The gateway answers ${answer.status}.`);
  const state = await answer.json();
  for (const [shop, figures] of Object.entries(state)) {
    for (const [name, value] of Object.entries(figures)) {
      const format = name === 'usd' ? dollars : number;
      document.getElementById(`${shop}-${name}`).textContent = format.format(value);
    }
  }
  if (wereHere && !isBusy) sayWhatIsSaved(state);
}

function sayWhatIsSaved({ eager, lazy }) {
  const saved = dollars.format(eager.usd - lazy.usd);
  const text = `Saved so far: ${saved} of ${dollars.format(eager.usd)}.`;
  // Said aloud where somebody listens, so only when it is new.
  if (said.textContent !== text) said.textContent = text;
}

more.addEventListener('click', async () => {
  more.disabled = isBusy = true;
  wereHere = false;
  let fault = null;
  try {
    await sendVisitors(VISITORS, (done) => {
      if (done % 10 === 0) said.textContent = `${done} of ${VISITORS} visitors were here …`;
    });
    wereHere = true;
  } catch (error) {
    fault = error;
  }
  more.disabled = isBusy = false;
  await show().catch((error) => {
    fault ??= error;
  });
  if (fault !== null) said.textContent = fault.message;
});

// A page that nobody looks at asks nothing.
setInterval(() => {
  if (!document.hidden) show().catch(() => {});
}, LOOK_MS);
show().catch(() => {});
loadSdk().then(
  () => {
    more.disabled = false;
  },
  (error) => {
    said.textContent = error.message;
  },
);
