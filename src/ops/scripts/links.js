// @ts-check

/** How long a button says that it has worked, ms. */
const SAID_MS = 2_000;

/** Beside the title of each panel with a name in the page: a button that copies an address which leads there. */
export function offerLinks() {
  if (navigator.clipboard === undefined || !canOpenAgain()) return;
  for (const title of document.querySelectorAll('.panel[id] > h2, .panel[id] > figcaption > h2')) {
    const panel = title.closest('.panel');
    if (panel === null) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    const says = document.createTextNode('Copy link');
    const what = document.createElement('span');
    what.className = 'unseen';
    what.textContent = ` to ${title.textContent}`;
    button.append(says, what);
    button.addEventListener('click', async () => {
      const address = new URL(location.href);
      address.hash = panel.id;
      const done = await navigator.clipboard.writeText(address.href).then(
        () => true,
        () => false,
      );
      says.data = done ? 'Copied the link' : 'Not allowed: the link';
      setTimeout(() => {
        says.data = 'Copy link';
      }, SAID_MS);
    });
    let last = title;
    while (last.nextElementSibling?.classList.contains('raw')) last = last.nextElementSibling;
    last.after(button);
  }
}

/** A page that answers a form has no address of its own; the choice of colours names where to come back to. */
function canOpenAgain() {
  const back = document.querySelector('.themes [name="back"]');
  return back instanceof HTMLInputElement && back.value === `${location.pathname}${location.search}`;
}
