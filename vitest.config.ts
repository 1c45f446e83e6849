import { defineConfig } from 'vitest/config';

/** Browsers are heard and timed: nothing else runs beside them. */
const IN_PAGES = 'test/studio/**/*.test.ts';
const shared = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'library',
          include: ['src/**/*.test.ts', 'studio/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/package/**', IN_PAGES],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'pages',
          include: [IN_PAGES],
          // A busy machine shows things late.
          expect: { poll: { timeout: 30_000 } },
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
