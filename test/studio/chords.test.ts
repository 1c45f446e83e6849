/** Compose with the chords and the hand that one asks for. */
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { NoteTable } from '../../src/index.js';
import type { StudioServer } from '../../src/node/studio/server.js';
import { assemble } from '../../studio/src/state/material.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import {
  brokenChords,
  drop,
  isAllMade,
  open,
  openBefore,
  PATIENCE,
  setSlider,
  shownRows,
  stored,
  waitUntilMade,
} from './compose-page.js';

describe.skipIf(CHROMIUM === undefined)(`Chords in Compose ${WITHOUT_BROWSER}`, () => {
  let server: StudioServer;
  let browser: Browser;
  openBefore((opened) => ({ server, browser } = opened));

  it('plays to a hand that stays, and to chords that are read or typed', PATIENCE, async () => {
    const visitor = await browser.newContext();
    const { page, problems } = await open(visitor, server.url);
    await drop(page, 'chords.mid', brokenChords(16));
    await page.waitForSelector('.take.primer:has-text("chords")');
    await setSlider(page, 'Number of takes', 1);
    await page.keyboard.press('Control+a');
    await page.waitForSelector('.selection-bar');
    await page.getByRole('button', { name: 'Read from the piece' }).click();
    await expect.poll(() => page.getByLabel('Chords', { exact: true }).inputValue()).toBe('C C C');
    await page.getByLabel('Chords', { exact: true }).fill('C Am F G7');
    await page.getByLabel('Chords', { exact: true }).press('Enter');
    await page.getByLabel('Stays:').selectOption({ label: 'the right hand' });
    await page.getByRole('button', { name: 'Rewrite' }).click();
    await page.waitForSelector('.status:has-text("Filling")', PATIENCE);
    await page.waitForSelector('.take.current:has-text("bits")', PATIENCE);
    await waitUntilMade(page);
    const { history, materials, piece: shown } = await stored(page, isAllMade);
    const [{ kept, recipe }] = history.present.takes;
    const source = assemble(history.present, undefined, materials).notes;
    expect(kept?.length).toBeGreaterThan(4);
    expect(kept?.length).toBeLessThan(source.length);
    const strikes = (notes: NoteTable) => shownRows(notes).map((row) => row.slice(0, 3).join(' '));
    const there = new Set(strikes(shown.given));
    expect([...there].sort()).toEqual((kept ?? []).map((n) => strikes(source)[n]).sort());
    expect(shown.made.length).toBeGreaterThan(0);
    expect(recipe.chords).toBe('C Am F G7');
    expect(recipe.options.chords?.[1].pitchClasses).toEqual([9, 0, 4]);
    const [{ from, to }] = recipe.options.chords ?? [];
    expect(from).toBeCloseTo(0, 1);
    expect(to).toBeCloseTo(2, 1);
    await page.getByLabel('Chords', { exact: true }).fill('C H');
    await page.getByLabel('Chords', { exact: true }).press('Enter');
    await page.waitForSelector('.clash:has-text("No such chord: H")');
    expect(problems).toEqual([]);
    await visitor.close();
  });
});
