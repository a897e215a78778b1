/**
 * Sources are tested, not builds: packages are mapped to `packages/<name>/src`, and the `.js` of an
 * import to the `.ts` beside it. Only the transform removes types; `npm test` checks them first.
 *
 * @jest-config-loader esbuild-register
 */
import type { Config } from 'jest'

const config: Config = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: [
    '<rootDir>/packages/**/src/**/*.test.ts',
    '<rootDir>/tests/**/*.test.ts',
    '<rootDir>/examples/**/src/**/*.test.ts',
    '<rootDir>/benchmarks/**/*.test.ts',
  ],
  modulePathIgnorePatterns: ['<rootDir>/(packages|examples)/[^/]+/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@expectation/core/node$': '<rootDir>/packages/core/src/node.ts',
    '^@expectation/(admission|client|conformance|core|doctor|express|fastify|gateway|koa|metrics|storage)$':
      '<rootDir>/packages/$1/src/index.ts',
    '^@expectation/example-(uploads|proxy)-kit$': '<rootDir>/examples/$1-kit/src/index.ts',
    '^@expectation/example-uploads-kit/behaviour$':
      '<rootDir>/examples/uploads-kit/src/behaviour/index.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
  },
  reporters: ['default', '<rootDir>/scripts/summary-reporter.mjs'],
  testTimeout: 20_000,
  // On two cores: tests wait for nearly half of their time, and all take 880 s where two workers take 1,100. More
  // of them only make every wait of a wire test longer.
  maxWorkers: 3,
  // What a test left running runs on for good. A worker that has nothing left still takes more than
  // Jest's 500 ms on a slow machine, for V8 to give back some 600 MB.
  workerGracefulExitTimeout: 5_000,
  injectGlobals: true,
}

export default config
