/**
 * Compose, in a real browser against the real server: from a dropped file to music that can be taken away.
 */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  createNoteTable,
  midiFromNotes,
  type NoteTable,
  readMidi,
  soundingNotes,
  soundingOf,
} from '../../src/index.js';
import type { StudioServer } from '../../src/node/studio/server.js';
import { assemble } from '../../studio/src/state/material.js';
import { CHROMIUM, dropOnSight, WITHOUT_BROWSER } from './browser.js';
import {
  brokenChords,
  drop,
  exported,
  isAllMade,
  open,
  openBefore,
  PATIENCE,
  setSlider,
  shownRows,
  stored,
  waitUntilMade,
} from './compose-page.js';

describe.skipIf(CHROMIUM === undefined)(`Compose ${WITHOUT_BROWSER}`, () => {
  let server: StudioServer;
  let browser: Browser;
  let page: Page;
  let problems: string[];
  openBefore((opened) => ({ server, browser, page, problems } = opened), { acceptDownloads: true });

  it('opens a dropped file, goes on from it, and draws the first note as it comes', async () => {
    await drop(page, 'chords.mid', brokenChords());
    await page.waitForSelector('.take.primer:has-text("chords")');
    await setSlider(page, 'Length', 5);
    await setSlider(page, 'Number of takes', 2);
    await page.waitForFunction(
      () => document.querySelector('.model-menu button')?.getAttribute('aria-label') === 'Model: maestro',
      undefined,
      PATIENCE,
    );
    await page.locator('body').click({ position: { x: 1, y: 1 } });
    const before = await page.evaluate(() => performance.now());
    await page.keyboard.press('Enter');
    const first = await page.waitForFunction(
      () => performance.getEntriesByName('first-note')[0]?.startTime,
      undefined,
      PATIENCE,
    );
    console.log(
      `first new note on screen after ${Math.round((await first.jsonValue()) as number) - Math.round(before)} ms`,
    );
    await waitUntilMade(page);
    const { piece: shown, history } = await stored(page, isAllMade);
    expect(history.present.takes.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(shown.made.length).toBeGreaterThan(2);
    expect(Math.min(...shown.made.start)).toBeGreaterThanOrEqual(11.9);
    expect(Math.max(...shown.made.start)).toBeLessThan(17.01);
    expect(shown.end).toBeLessThanOrEqual(29.01); // what was struck last may ring for twelve seconds
    await expect.poll(() => page.locator('.status').textContent()).toContain(`${shown.notes.length} notes`);
  });

  it('exports MIDI whose notes are those that are shown', async () => {
    const { piece: shown } = await stored(page, isAllMade);
    const { name, bytes } = await exported(page, 'MIDI all that is shown');
    expect(name).toBe('chords A.mid');
    const midi = readMidi(bytes, name);
    const [read, heard] = [soundingNotes(midi), soundingOf(shown)];
    expect([...read.pitch]).toEqual([...heard.pitch]);
    for (const [n, start] of read.start.entries()) {
      expect(Math.abs(start - heard.start[n])).toBeLessThan(0.002);
      expect(Math.abs(read.end[n] - heard.end[n])).toBeLessThan(0.012);
    }
    // The dropped file stands in it as it was.
    expect(midi.tracks).toHaveLength(readMidi(brokenChords()).tracks.length + 1);
  });

  it('exports two hands and a pedal, which sound alike', async () => {
    const { piece } = await stored(page, isAllMade);
    const { bytes } = await exported(page, 'MIDI for two hands');
    const midi = readMidi(bytes);
    expect(midi.tracks.slice(-2).map(({ name }) => name)).toEqual([
      'Continuation, right hand',
      'Continuation, left hand',
    ]);
    const [heard, shown] = [soundingNotes(midi), soundingOf(piece)];
    expect([...heard.pitch].sort()).toEqual([...shown.pitch].sort());
  });

  it('exports sound that is no silence', async () => {
    const { piece: shown } = await stored(page, isAllMade);
    const { name, bytes } = await exported(page, 'WAV');
    expect(name).toBe('chords A.wav');
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1);
    const seconds = samples.length / 2 / bytes.readUInt32LE(24);
    expect(seconds).toBeGreaterThan(shown.end);
    // Every second of it sounds, also of what was made; where no key is struck, what was struck dies away.
    const struck = new Set([...shown.notes.start].map(Math.floor));
    for (let second = 0; second < Math.floor(shown.end); second++) {
      const part = samples.subarray(second * 88_200, (second + 1) * 88_200);
      expect(Math.max(...part.map(Math.abs))).toBeGreaterThan(struck.has(second) ? 100 : 30);
    }
  });

  it('gives its keys back as soon as a menu is closed', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.waitForFunction(() => document.activeElement?.matches('[role="menuitem"]'));
    // No frame comes between the two.
    await page.evaluate(async () => {
      const press = (key: string) =>
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      press('Escape');
      for (let i = 0; i < 10; i++) await Promise.resolve();
      press('?');
    });
    await page.waitForSelector('dialog.help[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.help:not([open])', { state: 'attached' });
  });

  it('goes on from a take, and undoes and redoes it', async () => {
    await page.keyboard.press('Enter');
    await page.waitForSelector('.take:has-text("A·1")');
    await waitUntilMade(page);
    expect(await page.locator('.take .take-name').allTextContents()).toEqual([
      'Primer',
      'A',
      'A·1',
      'A·2',
      'B',
    ]);
    const made = await stored(page, isAllMade);
    expect(made.piece.end).toBeGreaterThan(17);
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.take').count()).toBe(3);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => page.locator('.take').count()).toBe(5);
  });

  it('rewrites a selected span and leaves the rest as it was', async () => {
    await page.keyboard.press('0');
    const box = await page.locator('.roll-host').boundingBox();
    if (box === null) throw new Error('there is no roll');
    await page.getByRole('button', { name: 'Show the whole piece' }).click();
    await page.getByRole('button', { name: 'Select a span by dragging' }).click();
    await page.mouse.move(box.x + 0.45 * box.width, box.y + 0.5 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.5 * box.height, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Rewrite' }).click();
    await page.waitForSelector('.take.current:has-text("C")');
    await waitUntilMade(page);
    const { history, materials, piece: shown } = await stored(page, isAllMade);
    const take = history.present.takes.find(({ id }) => id === history.present.current);
    const until = take?.until as number;
    expect(until).toBeGreaterThan(take?.cut as number);
    const primer = assemble(history.present, undefined, materials);
    const source = primer.notes;
    const after = (notes: NoteTable) => shownRows(notes).filter((_, i) => notes.start[i] >= until);
    expect(take?.kept).toEqual([]);
    const before = (notes: NoteTable) =>
      shownRows(notes).filter((_, i) => notes.start[i] < (take?.cut as number));
    expect(after(shown.notes)).toEqual(after(source));
    // What the pedal held over the beginning of the span is written out.
    const { given: notes, pedal } = shown;
    expect(before(soundingOf({ notes, pedal }))).toEqual(before(soundingOf(primer)));
    const fits = history.present.takes.flatMap(({ id, kept }) => (kept ? [materials[id].bits ?? NaN] : []));
    expect(fits.length).toBe(2);
    expect(fits[0]).toBeLessThan(fits[1]);
    expect(before(source).length).toBeGreaterThan(10);
    expect(after(source).length).toBeGreaterThan(10);
    expect(shown.made.length).toBeGreaterThan(0);
    for (let i = 0; i < shown.made.length; i++) {
      expect(shown.made.start[i]).toBeGreaterThanOrEqual((take?.cut as number) - 0.01);
      expect(shown.made.end[i]).toBeLessThanOrEqual(until + 0.01);
    }
  });

  it('reopens the session as it was', async () => {
    const before = await stored(page, isAllMade);
    const names = await page.locator('.take .take-name').allTextContents();
    await page.reload();
    await page.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    expect(await page.locator('.take .take-name').allTextContents()).toEqual(names);
    const after = await stored(page, isAllMade);
    expect(shownRows(after.piece.notes)).toEqual(shownRows(before.piece.notes));
    // What was done before the reload can still be undone.
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.take').count()).toBe(names.length - 2);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => page.locator('.take').count()).toBe(names.length);
  });

  it('keeps what is dropped before the session of the last visit is there, on top of it', async () => {
    const visitor = await browser.newContext();
    const first = await open(visitor, server.url);
    await drop(first.page, 'before.mid', brokenChords());
    await stored(first.page, ({ history }) => history.present.source.title === 'before');
    await first.page.close();
    const later = await visitor.newPage();
    await dropOnSight(later, '.compose', 'early.mid', brokenChords());
    await later.goto(server.url);
    await later.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await later.waitForSelector('.take.primer:has-text("early")');
    await stored(later, ({ history }) => history.present.source.title === 'early');
    await later.keyboard.press('Control+z');
    await later.waitForSelector('.take.primer:has-text("before")');
    await visitor.close();
  });

  it('is repeated exactly by its .cadenza.json, with the notes in it and without them', async () => {
    // All six: what was undone and done again is stored a moment later.
    const before = await stored(
      page,
      (state) => isAllMade(state) && state.history.present.takes.length === 6,
    );
    const { name, bytes } = await exported(page, 'Session');
    expect(name).toBe('chords.cadenza.json');
    const text = JSON.parse(bytes.toString());
    expect(text.takes.length).toBe(6);
    const bare = {
      ...text,
      takes: text.takes.map(
        ({ events: _, knownTo: __, ...take }: object & { events: unknown; knownTo: unknown }) => take,
      ),
    };
    for (const session of [text, bare]) {
      const other = await browser.newContext();
      const opened = await open(other, server.url);
      await drop(opened.page, name, JSON.stringify(session));
      await opened.page.waitForSelector('.take.primer:has-text("chords")');
      const after = await stored(
        opened.page,
        (state) => isAllMade(state) && state.history.present.takes.length === 6,
      );
      for (const [i, { id }] of before.history.present.takes.entries()) {
        const again = after.materials[after.history.present.takes[i].id];
        expect(again.events).toEqual(before.materials[id].events);
      }
      expect(shownRows(after.piece.notes)).toEqual(shownRows(before.piece.notes));
      expect(opened.problems).toEqual([]);
      await other.close();
    }
  });

  it("records from the computer's keys, and answers when one pauses", PATIENCE, async () => {
    const other = await browser.newContext();
    const { page, problems } = await open(other, server.url);
    await page.keyboard.press('r');
    await page.waitForSelector('.foot [aria-pressed="true"]:has-text("Stop")');
    for (const key of ['a', 'd', 'g']) {
      await page.keyboard.down(key);
      await page.keyboard.up(key);
    }
    await page.keyboard.press('r');
    const { piece: recorded } = await stored(page, ({ piece }) => piece.notes.length === 3);
    expect([...recorded.notes.pitch]).toEqual([60, 64, 67]);
    expect(recorded.notes.start[0]).toBe(0);

    // Wishes that clash are said before anybody plays.
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('spinbutton', { name: 'Least step' }).fill('2');
    await page.getByRole('spinbutton', { name: 'Most step' }).fill('1');
    await page.getByRole('button', { name: 'Play after me' }).click();
    await page.waitForSelector('.message.problem:has-text("minimum step")');
    await page.getByRole('button', { name: 'Reset all controls' }).click();

    await page.getByRole('button', { name: 'Play after me' }).click();
    for (const key of ['a', 'f', 'h', 'k']) {
      await page.keyboard.down(key);
      await page.keyboard.up(key);
    }
    // It answers, and falls silent when somebody plays.
    const answered = await stored(page, ({ piece }) => piece.made.length > 0);
    const seconds = async () => {
      const [, minutes, rest] =
        /^(\d+):([\d.]+)/.exec((await page.locator('.clock').textContent()) ?? '') ?? [];
      return Number(minutes) * 60 + Number(rest);
    };
    await expect.poll(seconds, PATIENCE).toBeGreaterThan(answered.piece.made.start[0] + 0.1);
    await page.keyboard.down('a');
    await page.keyboard.up('a');
    await page.keyboard.press('Escape');
    const turns = await stored(
      page,
      ({ history, piece }) => history.present.takes.length === 2 && piece.made.length > 0,
    );
    const [answer, phrase] = turns.history.present.takes;
    expect(turns.history.present.source.notes.length).toBe(4);
    expect(answer.recipe.isSilentToCut).toBe(true);
    expect(phrase.recipe.isPlayed).toBe(true);
    expect(turns.piece.given.length).toBe(5);
    expect(Math.min(...turns.piece.made.start)).toBeGreaterThan(1);
    // With what was played by hand in it, it is no longer a link's business.
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Copy a link' }).click();
    await page.waitForSelector('.message.problem:has-text("was played by hand")');
    expect(problems).toEqual([]);
    await other.close();
  });

  it('stops when asked, keeps what was made, and makes it again in its place', PATIENCE, async () => {
    const other = await browser.newContext();
    const { page, problems } = await open(other, server.url);
    await setSlider(page, 'Length', 120);
    await setSlider(page, 'Number of takes', 1);
    await page.locator('button.continue').click();
    await stored(page, ({ piece }) => piece.made.length > 0);
    await page.keyboard.press('Escape');
    await waitUntilMade(page);
    const stopped = await stored(page, ({ history, materials }) =>
      history.present.takes.some(({ id }) => materials[id]?.state === 'stopped'),
    );
    expect(stopped.piece.made.length).toBeGreaterThan(0);
    expect(stopped.piece.end).toBeLessThan(150);
    expect(Math.max(...stopped.piece.notes.end)).toBeLessThanOrEqual(stopped.piece.end + 0.01);
    // Again, with another seed; what is undone comes back as it was.
    await page.getByRole('button', { name: 'More for take A' }).click();
    await page.getByRole('menuitem', { name: 'Make again' }).click();
    await stored(page, ({ history, piece }) => {
      return history.present.takes[0].id !== stopped.history.present.takes[0].id && piece.made.length > 0;
    });
    await page.keyboard.press('Escape');
    await waitUntilMade(page);
    await page.keyboard.press('Control+z');
    const back = await stored(page, ({ history }) => {
      return history.present.takes[0].id === stopped.history.present.takes[0].id;
    });
    expect(shownRows(back.piece.notes)).toEqual(shownRows(stopped.piece.notes));
    expect(problems).toEqual([]);
    await other.close();
  });

  it('says how much of a long primer it has heard, and can be stopped meanwhile', PATIENCE, async () => {
    const other = await browser.newContext();
    const { page, problems } = await open(other, server.url);
    const notes = createNoteTable(30_000);
    for (let i = 0; i < notes.length; i++) {
      notes.pitch[i] = 48 + ((i * 7) % 24);
      notes.velocity[i] = 70;
      notes.start[i] = i / 10;
      notes.end[i] = i / 10 + 0.09;
    }
    await drop(page, 'long.mid', midiFromNotes(notes));
    await page.waitForSelector('.status:has-text("30,000 notes")', PATIENCE);
    await page.locator('button.continue').click();
    const status = page.locator('.status', { hasText: /Listening … \d+ %/ });
    await status.waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await waitUntilMade(page);
    expect(await page.locator('.status').first().textContent()).toContain('30,000 notes');
    expect(problems).toEqual([]);
    await other.close();
  });

  it('says in words what it cannot open, and what it changed', async () => {
    await drop(page, 'photo.mid', 'This is no MIDI file.');
    await page.waitForSelector('.message.problem:has-text("photo.mid")');
    await drop(page, 'other.json', '{}');
    await page.waitForSelector('.message.problem:has-text("is no session of Cadenza")');
    expect(await page.locator('.take.primer').textContent()).toContain('chords');
  });

  it('went without an error or a warning', () => {
    expect(problems).toEqual([]);
  });
});
