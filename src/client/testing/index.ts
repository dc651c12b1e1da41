/** Stand-ins to test an app that uses the gate, with any test runner. */
export { createFakeBrowser, type FakeBrowser } from './fake-browser.ts';
export { type FakeClock, installFakeClock } from './fake-clock.ts';
export { createFakeSdk, type FakeClient, type FakeFault, type FakeSdk } from './fake-sdk.ts';
export { buildFakeToken, createFakeTokenSource, type FakeTokenSource } from './fake-token-source.ts';
