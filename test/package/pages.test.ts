/** The package bundled by what people bundle with, and used in a real browser. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CHROMIUM, launchBrowser, problemsOf, WITHOUT_BROWSER } from '../studio/browser.js';
import { serveStatic } from '../studio/static-server.js';

/** Threads want this; without it everything works on one. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const PAGE = (script: string, imports = '') =>
  `<!doctype html><html lang="en"><head><title>Somebody's page</title><link rel="icon" href="data:,">${imports}</head><body><script type="module" src="${script}"></script></body></html>`;

/** What `fixtures/bundlers/app.js` found. */
interface Found {
  readonly isolated: boolean;
  readonly continued: { readonly firstNote: number; readonly notes: number; readonly pitches: number[] };
  readonly learned: { readonly steps: number; readonly first: number; readonly last: number };
  readonly played: { readonly loudest: number; readonly likeness: number };
}

const run = promisify(execFile);

// Two at a time: while one is bundled another one plays.
describe.skipIf(CHROMIUM === undefined)(
  `the package in a page ${WITHOUT_BROWSER}`,
  { concurrent: true },
  () => {
    const folder = inject('installed');
    const [bundlers, next] = ['bundlers', 'next'].map((name) => join(folder, name));
    let browser: Browser;
    let pitches: number[] | undefined;

    beforeAll(async () => {
      await run('npx', ['cadenza', 'assets', 'site/cadenza'], { cwd: bundlers });
      browser = await launchBrowser();
    }, 300_000);

    afterAll(() => browser?.close());

    /** Opens a page that holds `app.js`, and looks at what comes of it. */
    async function check(url: string, isIsolated: boolean): Promise<void> {
      const page = await browser.newPage();
      const problems = problemsOf(page);
      const elsewhere: string[] = [];
      const { origin } = new URL(url);
      page.on('request', (request) => {
        const asked = request.url();
        if (!asked.startsWith(origin) && !/^(data|blob):/.test(asked)) elsewhere.push(asked);
      });
      await page.goto(url);
      await page.waitForFunction(() => 'cadenzaTest' in globalThis, undefined, { timeout: 60_000 });
      await page.mouse.click(5, 5);
      const found = await page.evaluate(() =>
        (globalThis as unknown as { cadenzaTest(): Promise<Found> }).cadenzaTest(),
      );
      await page.close();
      expect({ problems, elsewhere }).toEqual({ problems: [], elsewhere: [] });
      expect(found.isolated).toBe(isIsolated);
      expect(found.continued.notes).toBeGreaterThan(5);
      expect(found.continued.firstNote).toBeLessThan(1000);
      // A model plays the same notes, whoever bundled it.
      pitches ??= found.continued.pitches;
      expect(found.continued.pitches).toEqual(pitches);
      expect(found.learned.steps).toBe(20);
      expect(found.learned.last).toBeLessThan(0.7 * found.learned.first);
      expect(found.played.loudest).toBeGreaterThan(0.02);
      expect(found.played.likeness).toBeGreaterThan(0.8);
      console.info(`${url}: first note after ${found.continued.firstNote.toFixed(0)} ms`);
    }

    async function checkFolder(
      site: string,
      page?: string,
      more: Record<string, string> = {},
    ): Promise<void> {
      const own = page ?? readFileSync(join(site, 'index.html'), 'utf8');
      const server = await serveStatic({ '/site/index.html': own, ...more, '/site/': site }, ISOLATED);
      try {
        await check(`${server.origin}/site/index.html`, true);
      } finally {
        await server.close();
      }
    }

    /** Starts a server that says its address in what it prints. */
    async function withServer(command: readonly string[], cwd: string, use: (url: string) => Promise<void>) {
      const [program, ...options] = command;
      const env = { ...process.env, NODE_ENV: '', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };
      const server: ChildProcess = spawn(program, options, {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      try {
        const url = await new Promise<string>((resolve, reject) => {
          let text = '';
          const hear = (part: Buffer) => {
            text += part;
            const [address] = text.match(/http:\/\/(localhost|127\.0\.0\.1):\d+/) ?? [];
            if (address !== undefined) resolve(address);
          };
          server.stdout?.on('data', hear);
          server.stderr?.on('data', hear);
          server.on('exit', () => reject(new Error(`${command.join(' ')} ended: ${text}`)));
        });
        await use(url);
      } finally {
        if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
      }
    }

    const npx = (...command: string[]) => run('npx', command, { cwd: bundlers, maxBuffer: 1 << 26 });

    it('by an import map, without a bundler', async () => {
      const at = '/site/node_modules/cadenza/dist/browser/cadenza';
      const imports = {
        cadenza: `${at}.js`,
        'cadenza/web': `${at}-web.js`,
        'cadenza/player': `${at}-player.js`,
      };
      const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
      await checkFolder(bundlers, PAGE('/site/app.js', map));
    });

    it('in the page of the examples: a model plays on, in a style, and is saved', async () => {
      const server = await serveStatic({ '/site/': bundlers }, ISOLATED);
      const page = await browser.newPage();
      try {
        const problems = problemsOf(page);
        await page.goto(`${server.origin}/site/node_modules/cadenza/examples/model-in-a-page.html`);
        await page.locator('#play:enabled').waitFor({ timeout: 60_000 });
        await page.locator('#style').selectOption('Franz Liszt');
        await page.locator('#play').click();
        await page.waitForFunction(() => (document.querySelector('cadenza-player')?.currentTime ?? 0) > 1);
        await page.locator('#save:enabled').waitFor({ timeout: 60_000 });
        const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
        const bytes = readFileSync(await download.path());
        expect(bytes.readUInt16BE(0) & 0xffe0).toBe(0xffe0);
        expect(bytes.length).toBeGreaterThan(500_000);
        expect(problems).toEqual([]);
      } finally {
        await page.close();
        await server.close();
      }
    });

    it('built by Vite', async () => {
      await npx('vite', 'build', '--outDir', 'out/vite', '--base', './', '--logLevel', 'warn');
      await checkFolder(join(bundlers, 'out/vite'));
    });

    it('served by Vite while it is worked on', async () => {
      await withServer(['npx', 'vite', '--port', '0', '--host', '127.0.0.1'], bundlers, (url) =>
        check(`${url}/`, false),
      );
    });

    it('built by webpack', async () => {
      await npx('webpack', '--mode', 'production');
      await checkFolder(join(bundlers, 'out/webpack'), PAGE('/site/main.js'));
    });

    it('served by webpack while it is worked on', async () => {
      const port = '0';
      await withServer(
        ['npx', 'webpack', 'serve', '--mode', 'development', '--port', port],
        bundlers,
        (url) => check(`${url}/webpack.html`, false),
      );
    });

    it('built by esbuild, with the files put there', async () => {
      const options = [
        '--bundle',
        '--format=esm',
        '--splitting',
        '--minify',
        '--entry-names=main',
        '--outdir=out/esbuild',
      ];
      await npx('esbuild', 'main-told.js', ...options);
      const assets = join(bundlers, 'site/cadenza');
      await checkFolder(join(bundlers, 'out/esbuild'), PAGE('/site/main.js'), { '/cadenza/': assets });
    });

    it('built by Rollup, with the files put there', async () => {
      await npx('rollup', '-c', '--silent');
      const assets = join(bundlers, 'site/cadenza');
      await checkFolder(join(bundlers, 'out/rollup'), PAGE('/site/main.js'), { '/cadenza/': assets });
    });

    // Both write into the same folder.
    it('built by Next.js, and served while it is worked on', { timeout: 400_000 }, async () => {
      await run('npx', ['next', 'build'], {
        cwd: next,
        env: { ...process.env, NODE_ENV: 'production' },
        maxBuffer: 1 << 26,
      });
      await withServer(['npx', 'next', 'start', '--port', '0'], next, (url) => check(`${url}/`, false));
      await withServer(['npx', 'next', 'dev', '--port', '0'], next, (url) => check(`${url}/`, false));
    });
  },
);
