/**
 * A page trains on a graphics card as it trains elsewhere. Tried on the software adapter that comes with
 * Chromium.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { plainEngine } from '../../src/index.js';
import { gradientOfStep } from '../helpers/gradient-case.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import { buildScript } from './built-script.js';
import { serveStatic } from './static-server.js';
import type {} from './webgpu-page.js';

const FLAGS = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

describe.skipIf(CHROMIUM === undefined)(`WebGPU ${WITHOUT_BROWSER}`, () => {
  it('gives the loss and the gradient of the plain engine', async () => {
    const built = tempFolder();
    await buildScript('webgpu-page', built);
    const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/webgpu'));
    const server = await serveStatic(
      {
        '/': `<!doctype html><title>WebGPU</title><script type="module" src="/built/webgpu-page.js"></script>`,
        '/built/': built,
        '/runtime/': runtime,
      },
      {},
    );
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const page = await browser.newPage();
      await page.goto(server.origin);
      await page.waitForFunction(() => window.gradient !== undefined);
      const there = await page.evaluate(() => window.gradient());
      expect(there.adapter).toBe('google swiftshader');
      expect(there.used).toBe(true);
      const here = await gradientOfStep(plainEngine());
      expect(there.loss).toBeCloseTo(here.loss[0], 4);
      expect(there.gradient).toHaveLength(here.gradient.length);
      for (const [i, value] of here.gradient.entries())
        expect(Math.abs(there.gradient[i] - value), String(i)).toBeLessThan(1e-4);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
