/** axe-core finds nothing to mend in any view, light or dark, wide or narrow. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, Result } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudioServer } from '../../src/node/studio/server.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, launchBrowser, WITHOUT_BROWSER } from './browser.js';
import { buildStudio, serveStudio } from './built-studio.js';
import { open } from './compose-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in globalThis);
  // The page's security policy lets no script of a string in; the debugger may.
  if (!isLoaded) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations as Result[];
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}

const STATES: readonly (readonly [name: string, reach: (page: Page) => Promise<unknown>])[] = [
  ['Compose', async () => {}],
  [
    'Compose with the pencil and a note picked',
    async (page) => {
      await page.keyboard.press('e');
      await page.locator('.roll-host [tabindex="0"]').focus();
      await page.keyboard.press('n');
      await page.waitForSelector('[aria-label="Picked notes"]');
    },
  ],
  [
    'what can be set about time',
    (page) => page.getByRole('button', { name: 'Bars, tempo, metronome' }).click(),
  ],
  [
    'parts',
    async (page) => {
      await page.getByRole('button', { name: 'Parts' }).click();
      await page.getByLabel('right and left hand').check();
    },
  ],
  ['sessions', (page) => page.getByRole('button', { name: 'Sessions' }).click()],
  ['openings', (page) => page.getByRole('button', { name: 'Openings' }).click()],
  [
    'a selected span',
    async (page) => {
      await page.keyboard.press('Control+a');
      await page.waitForSelector('[aria-label="Selected span"]');
    },
  ],
  [
    'the score',
    async (page) => {
      await page.getByRole('button', { name: 'Score', exact: true }).click();
      await page.waitForSelector('.score-page svg .note');
    },
  ],
  ['the list of keys', (page) => page.keyboard.press('?')],
  ['Learn', (page) => page.goto(`${page.url().split('#')[0]}#/learn`)],
  ['Models', (page) => page.goto(`${page.url().split('#')[0]}#/models`)],
];

const SHOWN_OTHERWISE = new Set([
  'Compose',
  'Compose with the pencil and a note picked',
  'what can be set about time',
  'sessions',
  'the score',
  'Learn',
  'Models',
]);

describe.skipIf(CHROMIUM === undefined)(`Accessibility ${WITHOUT_BROWSER}`, () => {
  const app = tempFolder({}, afterAll);
  let server: StudioServer;
  let browser: Browser;

  beforeAll(async () => {
    await buildStudio(app);
    server = await serveStudio(app);
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each([
    ['light', 1440, 900],
    ['dark', 1024, 768],
    ['light', 390, 844],
  ] as const)(
    '%s, %i pixels wide: nothing to mend',
    async (colorScheme, width, height) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height } });
      const { page, problems } = await open(context, server.url);
      const found: Record<string, string[]> = {};
      // What stands in every view once is looked at wide and light; the others are for colours and places.
      for (const [name, reach] of width === 1440
        ? STATES
        : STATES.filter(([name]) => SHOWN_OTHERWISE.has(name))) {
        await page.reload();
        await page.waitForSelector('.compose[data-ready="true"]');
        await reach(page);
        const own = await violations(page);
        if (own.length > 0) found[name] = own;
        await page.goto(`${server.url}#/compose`);
      }
      expect(found).toEqual({});
      expect(problems).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
