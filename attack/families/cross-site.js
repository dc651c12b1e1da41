import { createAddresses } from '../ground/addresses.js';
import { askForCrossOrigin } from './cross-site/cors.js';
import { forgeForms } from './cross-site/forms.js';
import { checkHeaders } from './cross-site/headers.js';
import { forgeCookieWrites } from './cross-site/writes.js';

/** What another page makes a browser do, and what it may read and frame. */
export async function attack(context) {
  const address = createAddresses(4_000);
  await forgeForms({ ...context, address });
  await forgeCookieWrites({ ...context, address });
  await askForCrossOrigin(context);
  await checkHeaders(context);
}
