/** The models of the studio: their cards, those that are given to it, and what each can be asked for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { StudioServer } from '../../src/node/studio/server.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import { isAllMade, open, openBefore, PATIENCE, setSlider, stored, waitUntilMade } from './compose-page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(CHROMIUM === undefined)(`Models ${WITHOUT_BROWSER}`, () => {
  let server: StudioServer;
  let browser: Browser;
  openBefore((opened) => ({ server, browser } = opened));

  it('plays with the tutorial model, and says which wishes clash', async () => {
    const other = await browser.newContext();
    const { page, problems } = await open(other, server.url);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('spinbutton', { name: 'Least step' }).fill('2');
    await page.getByRole('spinbutton', { name: 'Most step' }).fill('1');
    await page.getByRole('spinbutton', { name: 'Most step' }).blur();
    await page.waitForSelector(
      '.clash:has-text("The minimum step (2 s) is longer than the maximum step (1 s)")',
    );
    await page.getByRole('button', { name: 'Reset all controls' }).click();
    await expect.poll(() => page.locator('.clash').count()).toBe(0);
    await page.getByRole('button', { name: /^Model/ }).click();
    await page.getByRole('menuitemradio', { name: 'tutorial' }).click();
    await page.waitForSelector('.controls:has-text("The tutorial model knows only")', PATIENCE);
    await setSlider(page, 'Length', 5);
    await setSlider(page, 'Number of takes', 1);
    await page.locator('button.continue').click();
    await waitUntilMade(page);
    const { piece: shown } = await stored(page, isAllMade);
    expect(shown.made.length).toBeGreaterThan(3);
    expect(shown.end).toBeLessThanOrEqual(45.01);
    expect(problems).toEqual([]);
    await other.close();
  });

  it('shows the models with their cards, keeps one that is given to it, and uses it', PATIENCE, async () => {
    const other = await browser.newContext();
    const { page, problems } = await open(other, server.url);
    await page.getByRole('link', { name: 'Models' }).click();
    await page.locator('.model:has-text("tutorial") button:has-text("More")').click();
    await page.waitForSelector('.model .facts:has-text("265,602 parameters")');
    await page.waitForSelector('.model .card-text th:has-text("licence")');

    const file = join(ROOT, 'models/tutorial/tutorial.safetensors');
    await page.setInputFiles('.add-model input', [
      { name: 'mine.safetensors', mimeType: '', buffer: readFileSync(file) },
      { name: 'broken.safetensors', mimeType: '', buffer: Buffer.from('no model') },
    ]);
    await page.waitForSelector('.message.problem:has-text("broken.safetensors")');
    await page.reload();
    await page.getByRole('button', { name: 'Use: mine' }).click();
    await page.waitForSelector('.controls:has-text("The tutorial model knows only")', PATIENCE);
    await setSlider(page, 'Length', 5);
    await setSlider(page, 'Number of takes', 1);
    await page.locator('button.continue').click();
    await waitUntilMade(page);
    const { history, piece: shown } = await stored(page, isAllMade);
    expect(history.present.takes[0].recipe.model).toMatchObject({
      name: 'mine',
      id: expect.stringMatching(/^kept:/),
    });
    expect(shown.made.length).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    await other.close();
  });

  it(
    'offers the styles that a model has learned, and asks it for the one that is chosen',
    PATIENCE,
    async () => {
      const other = await browser.newContext();
      const { page, problems } = await open(other, server.url);
      await page.getByRole('link', { name: 'Models' }).click();
      const styles = ['Clara Schumann', 'Erik Satie'];
      const buffer = Buffer.from(tinyEventModel('performance-guided', 1, styles));
      await page.setInputFiles('.add-model input', [{ name: 'styled.safetensors', mimeType: '', buffer }]);
      await page.getByRole('button', { name: 'Use: styled' }).click();
      const menu = page.getByRole('combobox', { name: 'Style', exact: true });
      await expect.poll(() => menu.locator('option').allTextContents()).toEqual(['any', ...styles]);
      await menu.selectOption('Erik Satie');
      await page.getByRole('checkbox', { name: 'Let it end' }).check();
      await setSlider(page, 'Length', 5);
      await setSlider(page, 'Number of takes', 1);
      await page.locator('button.continue').click();
      await waitUntilMade(page);
      const { history } = await stored(page, isAllMade);
      expect(history.present.takes[0].recipe.options).toMatchObject({ style: 'Erik Satie', isEnding: true });
      // Another model may not know it: it is shown, and not to be chosen.
      await page.getByRole('button', { name: /^Model/ }).click();
      await page.getByRole('menuitemradio', { name: 'pop909' }).click();
      await expect.poll(() => menu.locator('option').allTextContents()).toEqual(['any', 'Erik Satie']);
      expect(await menu.isDisabled()).toBe(true);
      expect(problems).toEqual([]);
      await other.close();
    },
  );
});
