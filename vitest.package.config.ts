import { defineConfig } from 'vitest/config';

/** The package as others install it: `npm run test:package`. Needs the package built, and the registry. */
export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    globalSetup: ['test/package/install.ts'],
    // Everything here starts programs of its own.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
