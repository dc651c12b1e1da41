// @ts-check

/** Where the choice to have no shortcuts is kept. */
const OFF = 'mau-guard-keys-off';

const SHORTCUTS = [
  ['?', 'this list'],
  ['/', 'search for an identity'],
  ['[', 'the month before'],
  [']', 'the month after'],
];

/** Shortcuts of one key each; they can be turned off, since speech input types single letters by accident. */
export function bindKeys() {
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const isTyping = target instanceof HTMLElement && target.matches('input, select, textarea');
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key !== '?' && localStorage.getItem(OFF) !== null) return;
    const act = { '?': showHelp, '/': search, '[': () => turn(1), ']': () => turn(-1) }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function search() {
  const field = document.getElementById('q');
  if (field !== null) return field.focus();
  const link = document.querySelector('.sections a[href^="/ops/identities"]');
  if (link instanceof HTMLAnchorElement) link.click();
}

/** @param {number} step along the months, which stand newest first */
function turn(step) {
  const months = [...document.querySelectorAll('nav.months[aria-label="Months"] a')];
  const here = months.findIndex((link) => link.hasAttribute('aria-current'));
  const link = months[here + step];
  if (here >= 0 && link instanceof HTMLAnchorElement) link.click();
}

function showHelp() {
  const open = document.querySelector('dialog');
  if (open !== null) return open.close();
  const dialog = document.createElement('dialog');
  const title = element('h2', 'Keys');
  title.id = 'keys-title';
  dialog.setAttribute('aria-labelledby', title.id);
  const list = document.createElement('dl');
  for (const [key = '', does = ''] of SHORTCUTS) list.append(element('dt', key), element('dd', does));
  const off = document.createElement('button');
  const name = () => (localStorage.getItem(OFF) === null ? 'Turn these keys off' : 'Turn these keys on');
  off.textContent = name();
  off.addEventListener('click', () => {
    if (localStorage.getItem(OFF) === null) localStorage.setItem(OFF, '1');
    else localStorage.removeItem(OFF);
    off.textContent = name();
  });
  const close = element('button', 'Close');
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(title, list, off, ' ', close);
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} name @param {string} text */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
