export default {
  testEnvironment: '<rootDir>/test/support/secret-watch/environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  // Against hanging alone: a test that promises a time asserts it itself, and machines are busy.
  testTimeout: 60_000,
  // Jest never lets go of an ES module: a process that runs all the tests needs more than the 4 GB that Node gives it.
  workerIdleMemoryLimit: '1GB',
};
