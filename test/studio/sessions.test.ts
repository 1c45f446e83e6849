/** Several sessions in one browser: kept, named, opened, copied, deleted; and two tabs that do not fight. */
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { evenBeats, midiOnBeats } from '../../src/index.js';
import type { StudioServer } from '../../src/node/studio/server.js';
import { tableOf } from '../helpers/note-rows.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import { drop, openBefore, PATIENCE } from './compose-page.js';

const tune = (lowest: number) =>
  midiOnBeats(
    tableOf(Array.from({ length: 16 }, (_, i) => [lowest + (i % 5), i / 2, (i + 1) / 2])),
    evenBeats(0, 120, 4),
  );

describe.skipIf(CHROMIUM === undefined)(`Sessions ${WITHOUT_BROWSER}`, () => {
  let server: StudioServer;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  openBefore((opened) => ({ server, context, page, problems } = opened));

  const list = (on = page) => on.getByRole('dialog', { name: 'Sessions' });
  const openList = async (on = page) => {
    if (!(await list(on).isVisible())) await on.getByRole('button', { name: 'Sessions' }).click();
    return list(on);
  };
  const names = async (on = page) => (await openList(on)).locator('.session-name').allTextContents();
  const primer = (on = page) => on.locator('.take.primer').textContent();

  it('are kept beside one another, and opened again', async () => {
    await drop(page, 'first tune.mid', tune(60));
    await expect.poll(() => primer()).toContain('first tune');
    await (await openList()).getByRole('button', { name: 'New session' }).click();
    await expect.poll(() => primer()).toContain('Prelude');
    await page.keyboard.press('Escape');
    await drop(page, 'second tune.mid', tune(50));
    await expect.poll(() => primer()).toContain('second tune');
    await expect.poll(() => names()).toEqual(['first tune']);
    await list().getByRole('button', { name: 'first tune', exact: true }).click();
    await expect.poll(() => primer()).toContain('first tune');
    await expect.poll(() => names()).toEqual(['second tune']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await expect.poll(() => primer()).toContain('Prelude');
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => primer()).toContain('first tune');
  });

  it('have names, are copied and deleted, which can be undone', async () => {
    const field = (await openList()).getByLabel('This session');
    await field.fill('A name of its own');
    await field.press('Enter');
    await (await openList()).getByRole('button', { name: 'Duplicate this one' }).click();
    await expect.poll(() => field.inputValue()).toBe('A name of its own (copy)');
    await expect.poll(() => primer()).toContain('first tune');
    await expect.poll(() => names()).toEqual(['A name of its own', 'second tune']);
    await list().getByRole('button', { name: 'Delete second tune' }).click();
    await expect.poll(() => names()).toEqual(['A name of its own']);
    await page.locator('.message').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => names()).toEqual(['A name of its own', 'second tune']);
    await page.keyboard.press('Escape');
  });

  it('stay apart in two tabs, over reloads too', async () => {
    const other = await context.newPage();
    await other.goto(server.url);
    await other.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await expect.poll(() => primer(other)).toContain('Prelude');
    await drop(other, 'third tune.mid', tune(40));
    await expect.poll(() => primer(other)).toContain('third tune');
    await expect.poll(() => names(other)).toContain('second tune');
    await (await openList(other))
      .getByRole('button', { name: 'A name of its own (copy)', exact: true })
      .click();
    await expect
      .poll(() => other.locator('.message').allTextContents())
      .toContainEqual(expect.stringContaining('open in another tab'));
    await Promise.all([page.reload(), other.reload()]);
    await page.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await other.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await expect.poll(() => primer()).toContain('first tune');
    await expect.poll(() => primer(other)).toContain('third tune');
    await other.close();
  });

  it('are found again while the tab that had one is still closing', async () => {
    const closing = await context.newPage();
    await closing.goto(`${server.url}licenses.txt`);
    await closing.evaluate(() => {
      localStorage.setItem('cadenza.session', 'of a tab that closes');
      void navigator.locks.request(
        'cadenza-session of a tab that closes',
        () => new Promise((resolve) => setTimeout(resolve, 400)),
      );
    });
    const other = await context.newPage();
    await other.goto(server.url);
    await other.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    expect(await other.evaluate(() => sessionStorage.getItem('cadenza.session'))).toBe(
      'of a tab that closes',
    );
    await closing.close();
    await other.close();
    expect(problems).toEqual([]);
  });
});
