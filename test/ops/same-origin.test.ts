import { expect, it } from '@jest/globals';
import { isFromOwnPages, type RequestOrigin } from '../../src/ops/same-origin.ts';

const BARE: RequestOrigin = {
  method: 'GET',
  fetchSite: undefined,
  fetchMode: undefined,
  origin: undefined,
  host: 'mau.example',
};
const PUBLIC = 'https://mau.example';

const cases: [boolean, string | null, Partial<RequestOrigin>][] = [
  [true, null, {}],
  [false, null, { method: 'POST' }],
  [true, null, { method: 'POST', fetchSite: 'same-origin' }],
  [false, null, { method: 'POST', fetchSite: 'same-site' }],
  [false, null, { method: 'POST', fetchSite: 'cross-site', fetchMode: 'navigate' }],
  [false, null, { method: 'POST', fetchSite: 'none', fetchMode: 'navigate' }],
  [false, null, { method: 'POST', fetchSite: 'cross-site', origin: 'https://mau.example' }],
  [true, null, { fetchSite: 'none', fetchMode: 'navigate' }],
  [true, null, { fetchSite: 'same-site', fetchMode: 'navigate' }],
  [true, null, { fetchSite: 'cross-site', fetchMode: 'navigate' }],
  [false, null, { fetchSite: 'same-site', fetchMode: 'cors' }],
  [false, null, { fetchSite: 'cross-site', fetchMode: 'no-cors' }],
  [true, null, { method: 'POST', origin: 'https://mau.example' }],
  [true, null, { method: 'POST', origin: 'http://mau.example' }],
  [true, PUBLIC, { method: 'POST', origin: 'https://mau.example', host: 'inner:3000' }],
  [true, PUBLIC, { method: 'POST', origin: 'http://inner:3000', host: 'inner:3000' }],
  [false, PUBLIC, { method: 'POST', origin: 'http://mau.example' }],
  [false, PUBLIC, { method: 'POST', origin: 'https://mau.example:8443' }],
  [false, PUBLIC, { method: 'POST', origin: 'https://evil.example', host: 'mau.example' }],
  [false, null, { method: 'POST', origin: 'https://mau.example.evil' }],
  [false, null, { method: 'POST', origin: 'null' }],
  [false, null, { method: 'POST', origin: '' }],
  [false, null, { origin: 'https://evil.example' }],
];

it.each(cases)('is %s with the public URL %j for %j', (expected, publicUrl, from) => {
  expect(isFromOwnPages({ ...BARE, ...from }, publicUrl)).toBe(expected);
});
