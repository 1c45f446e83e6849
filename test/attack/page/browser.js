/** A browser, and the studio of this package to look at with it. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startStudio } from '../../../dist/node/studio/server.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * @param {(studio: { url: string, browser: import('playwright-core').Browser }) => Promise<void>} use
 * @param {string} [app] a folder with the studio as it is built, where that is not the package's own
 */
export async function withStudio(use, app) {
  const found = NAMES.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
  const executablePath = process.env.CADENZA_CHROMIUM ?? found;
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
  const server = await startStudio({ port: 0, runs: 'no-runs', ...(app && { folders: { app } }) });
  try {
    await use({ url: server.url, browser });
  } finally {
    await browser.close();
    await server.close();
  }
}
