/** A run is one run: begun in Node and in a page it comes to the same checkpoint, model and losses. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointToSnapshot, decodeCheckpoint } from '../../src/index.js';
import { STEPS, trainTwentySteps } from '../helpers/run-case.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, launchBrowser, WITHOUT_BROWSER } from './browser.js';
import { buildScript } from './built-script.js';
import type {} from './run-page.js';
import { type StaticServer, serveStatic } from './static-server.js';

describe.skipIf(CHROMIUM === undefined)(`a run ${WITHOUT_BROWSER}`, () => {
  const built = tempFolder({}, afterAll);
  let server: StaticServer;
  let browser: Browser;

  beforeAll(async () => {
    await buildScript('run-page', built);
    server = await serveStatic({
      '/': `<!doctype html><title>Run</title><script type="module" src="/built/run-page.js"></script>`,
      '/built/': built,
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(['tutorial', 'performance', 'metrical'])(
    'of the %s kind is the same in Node and in a page',
    async (kind) => {
      const page = await browser.newPage();
      await page.goto(server.origin);
      await page.waitForFunction(() => window.train !== undefined);
      const there = await page.evaluate((name) => window.train(name), kind);
      const here = await trainTwentySteps(kind);
      const { snapshot } = checkpointToSnapshot(decodeCheckpoint(here.saved.checkpoint, 'here'));
      expect(snapshot.position.updates).toBe(STEPS);
      expect(Buffer.from(there.checkpoint).equals(here.saved.checkpoint)).toBe(true);
      expect(Buffer.from(there.model).equals(here.saved.model as Uint8Array)).toBe(true);
      expect(there.losses).toEqual(here.losses);
      expect(here.losses.length).toBeGreaterThan(10);
      await page.close();
    },
  );
});
