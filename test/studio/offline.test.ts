/** The studio without a network, on hosts that set no headers, and from one version to the next. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportStudio } from '../../src/node/studio/export.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, launchBrowser, WITHOUT_BROWSER } from './browser.js';
import { buildStudio, serveStudio } from './built-studio.js';

const LONG = 60_000;
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A host that knows nothing of headers, with the studio in a folder of its own. */
async function plainHost(folder: string, asked: string[]): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    asked.push(path);
    const file = join(
      folder,
      normalize(path.replace(/^\/music\//, '/')),
      path.endsWith('/') ? 'index.html' : '',
    );
    try {
      const bytes = readFileSync(file);
      response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/music/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe.skipIf(CHROMIUM === undefined)(`the studio offline ${WITHOUT_BROWSER}`, () => {
  const app = tempFolder({}, afterAll);
  const site = join(tempFolder({}, afterAll), 'site');
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    await buildStudio(app);
    await exportStudio({ into: site, folders: { app } });
    browser = await launchBrowser();
  }, LONG);
  afterAll(() => browser?.close());

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const isKept = () =>
    page.locator('html[data-offline="ready"]').waitFor({ state: 'attached', timeout: LONG });
  const isIsolated = () => page.evaluate(() => crossOriginIsolated);
  const ask = (path: string) =>
    page.evaluate(
      (address) =>
        fetch(address)
          .then((response) => response.status)
          .catch(() => 'no network'),
      path,
    );

  it('goes on where the storage is full', { timeout: LONG }, async () => {
    const server = await serveStudio(app);
    await page.goto(`${server.url}#/learn`);
    await isKept();
    const origin = new URL(server.url).origin;
    const developer = await context.newCDPSession(page);
    await developer.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    const answers = await page.evaluate(async () => {
      const all: string[] = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) all.push(url);
        await caches.delete(name);
      }
      const some = all.filter((url) => /\/assets\/.*\.js$/.test(url)).slice(0, 3);
      const statuses = some.map(async (url) => (await fetch(url)).status);
      const kept = (await caches.match(some[0])) !== undefined;
      return [...(await Promise.all(statuses)), kept];
    });
    expect(answers).toEqual([200, 200, 200, false]);
    expect(await ask('models/index.json')).toBe(200);
    await server.close();
  });

  it(
    'is still there when the server is gone, with what was used of models',
    async () => {
      const server = await serveStudio(app);
      await page.goto(`${server.url}#/learn`);
      // Models that a page loads are kept, whether the worker was there already or not.
      expect(await ask('models/tutorial/tutorial.safetensors')).toBe(200);
      await isKept();
      expect(await ask('models/index.json')).toBe(200);
      const weights = () =>
        page.evaluate(async () => (await caches.match('models/tutorial/tutorial.safetensors'))?.ok);
      await expect.poll(weights, { timeout: LONG }).toBe(true);
      await server.close();

      await page.reload();
      await page.getByText('Drop a folder of MIDI files to learn from').waitFor();
      expect(await isIsolated()).toBe(true);
      expect(await ask('models/tutorial/tutorial.safetensors')).toBe(200);
      expect(await ask('models/index.json')).toBe(200);
      expect(await ask('models/nothing/nothing.safetensors')).toBe('no network');
      // Views that nobody looked at are there too, and all WebAssembly: of the runtime, MP3 and Ogg Vorbis.
      await page.getByRole('link', { name: 'Models' }).click();
      await page.getByText('tutorial', { exact: true }).first().waitFor();
      const runtime = await page.evaluate(async () => {
        const cache = await caches.open((await caches.keys()).find((name) => name.includes('page')) ?? '');
        const kept = (await cache.keys()).map(({ url }) => url);
        return Promise.all(
          kept.filter((url) => url.endsWith('.wasm')).map(async (url) => (await fetch(url)).status),
        );
      });
      expect(runtime).toEqual([200, 200, 200]);
    },
    LONG,
  );

  it(
    'isolates itself on a host that sets no headers, in a folder of its own',
    async () => {
      const host = await plainHost(site, []);
      try {
        await page.goto(`${host.url}#/learn`);
        await page.waitForFunction(() => crossOriginIsolated, undefined, { timeout: LONG });
        await page.getByText('Drop a folder of MIDI files to learn from').waitFor();
        await isKept();
        const headers = await page.evaluate(async () => {
          const response = await fetch('models/index.json');
          return ['content-security-policy', 'cross-origin-embedder-policy', 'x-content-type-options'].map(
            (name) => response.headers.has(name),
          );
        });
        expect(headers).toEqual([true, true, true]);
        // What the page's policy forbids does not happen.
        const inline = await page.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.wasRun = true';
          document.body.append(script);
          return 'wasRun' in globalThis;
        });
        expect(inline).toBe(false);
      } finally {
        await host.close();
      }
      await page.reload();
      await page.getByText('Drop a folder of MIDI files to learn from').waitFor();
      expect(await isIsolated()).toBe(true);
    },
    LONG,
  );

  it(
    'changes to a new version when told to, and only then',
    async () => {
      const asked: string[] = [];
      const host = await plainHost(site, asked);
      const [index, worker] = ['index.html', 'sw.js'].map((name) => join(site, name));
      const [oldIndex, oldWorker] = [index, worker].map((path) => readFileSync(path, 'utf8'));
      try {
        await page.goto(`${host.url}#/learn`);
        await isKept();
        writeFileSync(index, oldIndex.replace('<title>Cadenza</title>', '<title>Cadenza, newer</title>'));
        writeFileSync(worker, oldWorker.replace(/const VERSION = "\w+"/, 'const VERSION = "newer"'));
        asked.length = 0;
        await page.reload();
        await page.getByText('A new version of the studio is ready.').waitFor({ timeout: LONG });
        expect(await page.title()).toBe('Cadenza');
        // Files with a hash in their names are taken over, not loaded again.
        expect(asked.filter((path) => path.endsWith('.wasm'))).toEqual([]);
        await page.getByRole('button', { name: 'Reload' }).click();
        await page.waitForFunction(() => document.title === 'Cadenza, newer', undefined, { timeout: LONG });
        await isKept();
        const caches_ = await page.evaluate(() => caches.keys());
        expect(caches_.filter((name) => name.includes('page'))).toEqual(['cadenza-page-newer']);
      } finally {
        writeFileSync(index, oldIndex);
        writeFileSync(worker, oldWorker);
        await host.close();
      }
    },
    LONG,
  );
});
