/** Contestants that run in a page of Chromium. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmPeers } from '../peers.js';
import { serve } from './server.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A processor in place of the graphics card that is not there. */
const SOFTWARE_WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const HTML = '<!doctype html><meta charset="utf-8"><title>bench</title>';

/** Why there is no browser here; undefined if there is. */
export function noChromium() {
  return existsSync(CHROMIUM) ? undefined : `no Chromium at ${CHROMIUM}`;
}

/** A program for the page as one file. Its imports of peers are found in `bench/peers`. */
export async function bundle(file, options = {}) {
  const peers = npmPeers();
  const { build } = createRequire(join(peers, 'package.json'))('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    nodePaths: [join(peers, 'node_modules')],
    conditions: ['onnxruntime-web-use-extern-wasm'],
    write: false,
    logLevel: 'error',
    ...options,
  });
  return outputFiles[0].contents;
}

/**
 * A browser that serves the contestant `file`, one page at a time.
 *
 * @param {{ webgl?: boolean, worker?: boolean }} options whether the work is done in a worker (as a page
 *   should that wants to stay responsive), and whether WebGL must be there, if only in software
 */
export async function openBrowser(file, { webgl = false, worker = true } = {}) {
  const modules = join(npmPeers(), 'node_modules');
  const { chromium } = createRequire(join(npmPeers(), 'package.json'))('playwright-core');
  const models = fileURLToPath(new URL('../../models/', import.meta.url));
  const server = await serve({
    '/index.html': HTML,
    '/contestant.js': await bundle(file),
    '/host.js': await readFile(new URL('host.js', import.meta.url)),
    '/ort/': join(modules, 'onnxruntime-web/dist'),
    '/tfjs/': join(modules, '@tensorflow/tfjs-backend-wasm/dist'),
    '/models/': models,
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: webgl ? [...FLAGS.filter((flag) => flag !== '--disable-gpu'), ...SOFTWARE_WEBGL] : FLAGS,
  });
  const context = await browser.newContext();
  return {
    version: browser.version(),
    /**
     * Opens a page and starts the contestant in it; gives what it says when ready, and how to have it work.
     */
    async start(spec) {
      const page = await context.newPage();
      await page.goto(`${server.url}/index.html`);
      await page.evaluate(async (worker) => {
        if (!worker) {
          const { perform } = await import('/host.js');
          window.ask = perform;
          return;
        }
        const host = new Worker('/host.js', { type: 'module' });
        window.ask = (message) =>
          new Promise((resolve) => {
            host.onmessage = ({ data }) => resolve(data);
            host.onerror = ({ message: error }) => resolve({ error: error ?? 'the worker did not start' });
            host.postMessage(message);
          });
      }, worker);
      const ask = async (message) => {
        const answer = await page.evaluate((message) => window.ask(message), message);
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer;
      };
      return { ready: await ask(spec), work: () => ask('go'), close: () => page.close() };
    },
  };
}
