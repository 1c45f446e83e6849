/** What is made, in a link. */
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { StudioServer } from '../../src/node/studio/server.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import {
  brokenChords,
  drop,
  isAllMade,
  open,
  openBefore,
  setSlider,
  shownRows,
  stored,
  waitUntilMade,
} from './compose-page.js';

describe.skipIf(CHROMIUM === undefined)(`Links of Compose ${WITHOUT_BROWSER}`, () => {
  let server: StudioServer;
  let browser: Browser;
  openBefore((opened) => ({ server, browser } = opened));

  it('is made again by a link', async () => {
    const other = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const first = await open(other, server.url);
    await drop(first.page, 'chords.mid', brokenChords());
    await setSlider(first.page, 'Length', 5);
    await setSlider(first.page, 'Number of takes', 1);
    await first.page.locator('button.continue').click();
    await waitUntilMade(first.page);
    const before = await stored(first.page, isAllMade);
    await first.page.getByRole('button', { name: 'Export' }).click();
    await first.page.getByRole('menuitem', { name: 'Copy a link' }).click();
    await first.page.waitForSelector('.message:has-text("The link is copied")');
    const link = await first.page.evaluate(() => navigator.clipboard.readText());
    const third = await browser.newContext();
    const opened = await open(third, link);
    const after = await stored(opened.page, isAllMade);
    expect(shownRows(after.piece.notes)).toEqual(shownRows(before.piece.notes));

    // It is heard too, not only shown.
    const duration = async () => {
      const text = (await opened.page.locator('.clock').textContent()) ?? '';
      const [, minutes, seconds] = /\/ (\d+):([\d.]+)/.exec(text) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    await expect.poll(duration).toBeGreaterThan(after.piece.end - 0.2);

    // In the page that is open: while something else is being made, and from another view.
    const follow = (hash: string) =>
      opened.page.evaluate((hash) => {
        location.hash = hash;
      }, hash);
    const { hash } = new URL(link);
    await drop(opened.page, 'other.mid', brokenChords());
    await setSlider(opened.page, 'Length', 60);
    await opened.page.locator('button.continue').click();
    await opened.page.waitForSelector('button.continue:has-text("Stop")');
    await follow(hash);
    const isOpened = (state: Awaited<ReturnType<typeof stored>>) =>
      state.history.present.source.title === 'chords' && isAllMade(state);
    expect(shownRows((await stored(opened.page, isOpened)).piece.notes)).toEqual(
      shownRows(before.piece.notes),
    );
    await drop(opened.page, 'other.mid', brokenChords());
    await stored(opened.page, ({ history }) => history.present.source.title === 'other');
    await follow('#/learn');
    await opened.page.locator('.learn').waitFor();
    await follow(hash);
    await stored(opened.page, isOpened);
    expect([...first.problems, ...opened.problems]).toEqual([]);
    await other.close();
    await third.close();
  });
});
