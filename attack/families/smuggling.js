import { forgeNames } from './smuggling/names.js';
import { forgePaths } from './smuggling/paths.js';
import { forgePollution } from './smuggling/pollution.js';
import { splitRequests } from './smuggling/requests.js';

/** Requests within requests, addresses that mean two things, hosts, ids and names that are not what they seem. */
export async function attack(context) {
  await splitRequests(context);
  await forgePaths(context);
  await forgeNames(context);
  await forgePollution(context);
}
