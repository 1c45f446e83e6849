import { defineConfig } from 'vitest/config';

/** Browsers are heard and timed: nothing else runs beside them, */
const IN_PAGES = 'test/studio/**/*.test.ts';
/** but for those in which only what is seen counts. */
const ONLY_SEEN = [
  'accessibility',
  'attacks',
  'chords',
  'edit',
  'learn',
  'links',
  'models',
  'offline',
  'run',
  'sessions',
  'webgpu',
].map((name) => `test/studio/${name}.test.ts`);
const shared = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A busy machine shows things late.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'units',
          include: ['src/**/*.test.ts', 'studio/src/**/*.test.ts'],
          maxWorkers: 2,
          // They are many and short: loading everything anew for each took a third of their time.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'library',
          include: ['test/!(studio|package)/**/*.test.ts', 'test/*.test.ts', ...ONLY_SEEN],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'pages',
          include: [IN_PAGES],
          exclude: ONLY_SEEN,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
