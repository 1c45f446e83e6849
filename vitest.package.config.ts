import { defineConfig } from 'vitest/config';

/** What is heard in a browser: after all else, and two at a time at most. */
const HEARD = ['guides', 'pages'].map((name) => `test/package/${name}.test.ts`);
// Everything here starts programs of its own.
const shared = { maxConcurrency: 2, testTimeout: 240_000, hookTimeout: 60_000 };

/** The package as others install it: `npm run test:package`. Needs the package built, and the registry. */
export default defineConfig({
  test: {
    globalSetup: ['test/package/install.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'files',
          include: ['test/package/*.test.ts'],
          exclude: HEARD,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'heard', include: HEARD, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
