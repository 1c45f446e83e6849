/**
 * The pencil in Compose, as a person has it: notes picked, moved, drawn, struck harder, by mouse, touch and
 * keys; one of them held in a rewrite; parts told apart, muted and written as tracks.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { evenBeats, listen, midiOnBeats, readMidi, timeGridOf } from '../../src/index.js';
import { tableOf } from '../helpers/note-rows.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import {
  drop,
  exported,
  isAllMade,
  openBefore,
  PATIENCE,
  setSlider,
  stored,
  waitUntilMade,
} from './compose-page.js';
import { plugInMidi, sentMidi } from './simulated-midi.js';

const BEAT = 60 / 90;
const BEATS = Array.from({ length: 36 }, (_, beat) => beat);

/** Twelve bars of a waltz at 90 beats a minute: a tune over a bass, a track each. */
function waltz(): Uint8Array {
  const rows = BEATS.flatMap((beat) => [
    [43 + ((beat * 5) % 7), beat * BEAT, beat * BEAT + 0.5] as const,
    [67 + ((beat * 4) % 9), beat * BEAT, beat * BEAT + 0.6] as const,
  ]);
  const notes = tableOf(rows);
  const of = Array.from(notes.pitch, (pitch) => Number(pitch < 60));
  return midiOnBeats(notes, evenBeats(0, 90, 3), { parts: { names: ['Tune', 'Bass'], of } });
}

describe.skipIf(CHROMIUM === undefined)(`The pencil in Compose ${WITHOUT_BROWSER}`, () => {
  let page: Page;
  let problems: string[];
  openBefore(
    async (opened) => {
      ({ page, problems } = opened);
      await drop(page, 'waltz.mid', waltz(), afterAll);
      await page.waitForSelector('.take.primer:has-text("waltz")');
      await page.locator('.message').getByRole('button', { name: 'Close' }).first().click();
    },
    { acceptDownloads: true, hasTouch: true },
    plugInMidi,
  );

  const pieceNow = async () => (await stored(page, () => true)).piece;
  const rowsNow = async () => {
    const { notes } = await pieceNow();
    return Array.from(notes.start, (start, n) => ({
      pitch: notes.pitch[n],
      start,
      end: notes.end[n],
      velocity: notes.velocity[n],
    }));
  };
  /** Where a note lies on the roll, while all of the piece is shown. */
  const place = async (seconds: number, pitch: number) => {
    const box = await page.locator('.roll-host').boundingBox();
    if (box === null) throw new Error('there is no roll');
    const { notes } = await pieceNow();
    // The octaves that the opening and this piece need.
    const [lowest, highest] = [36, 95];
    const [top, bottom] = [22, 52 + 22 + 34 + 6];
    const row = (box.height - top - bottom) / (highest - lowest + 1);
    return {
      x: box.x + 44 + ((box.width - 44) * seconds) / (1.02 * Math.max(...notes.end)),
      y: box.y + top + (highest - pitch + 0.5) * row,
    };
  };
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
  };
  const bar7 = 18 * BEAT;
  const tuneAt = (beat: number) => 67 + ((beat * 4) % 9);

  it('moves one note by mouse, to the grid; the take that it was stays', async () => {
    await page.getByRole('button', { name: 'Show the whole piece' }).click();
    await page.getByRole('button', { name: 'Edit notes' }).click();
    const pitch = tuneAt(18);
    await drag(await place(bar7 + 0.1, pitch), await place(bar7 + 0.1 + BEAT / 2 + 0.03, pitch + 3));
    const { piece, history } = await stored(page, ({ history }) => history.present.takes.length === 1);
    expect(piece.notes.length).toBe(72);
    const moved = piece.notes.pitch.findIndex(
      (each, n) => each === pitch + 3 && Math.abs(piece.notes.start[n] - bar7 - BEAT / 2) < 1e-3,
    );
    expect(moved).toBeGreaterThan(0);
    expect(history.present.takes[0].recipe.isEdited).toBe(true);
    await expect.poll(() => page.locator('.take.current').textContent()).toContain('edited by you');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.take').count()).toBe(1);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => page.locator('.take').count()).toBe(2);
    // What is done is stored moments later.
    await stored(page, ({ history }) => history.present.takes.length === 1);
  });

  it('changes what is picked by keys: pitch, place, length, force', async () => {
    const before = await rowsNow();
    await page.locator('.roll-host [tabindex="0"]').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.evaluate(() => document.querySelector('.roll-host')?.scrollIntoView());
    await page.keyboard.press('n');
    await expect.poll(() => page.locator('[aria-label="Picked notes"]').textContent()).toContain('1 note');
    const start = before.find(({ start }) => start >= 0)!;
    for (const key of ['ArrowUp', 'Shift+ArrowUp', 'ArrowRight', 'Shift+ArrowRight', 'Alt+ArrowUp'])
      await page.keyboard.press(key);
    const label = 'change the force of 1 note';
    await stored(page, ({ history }) => history.past.at(-1)?.label === label);
    const after = await rowsNow();
    const gone = before.filter((a) => !after.some((b) => a.pitch === b.pitch && a.start === b.start));
    const come = after.filter((a) => !before.some((b) => a.pitch === b.pitch && a.start === b.start));
    expect([gone.length, come.length]).toEqual([1, 1]);
    expect(come[0].pitch - gone[0].pitch).toBe(13);
    expect(come[0].start - gone[0].start).toBeCloseTo(BEAT / 4, 3);
    expect(come[0].end - come[0].start).toBeGreaterThan(gone[0].end - gone[0].start);
    expect(come[0].velocity - gone[0].velocity).toBe(6);
    expect(start).toBeDefined();
    for (let i = 0; i < 5; i++) await page.keyboard.press('Control+z');
    await expect.poll(async () => (await rowsNow()).length === 72 && (await rowsNow())).toEqual(before);
  });

  it('draws a note by touch, and deletes it', async () => {
    const at = await place(9 * BEAT + 0.05, 58);
    await page.touchscreen.tap(at.x, at.y);
    await stored(page, ({ piece }) => piece.notes.length === 73);
    const drawn = (await rowsNow()).find(
      ({ pitch, start }) => pitch === 58 && Math.abs(start - 9 * BEAT) < 1e-3,
    );
    expect(drawn?.end).toBeCloseTo(9.25 * BEAT, 3);
    await page.keyboard.press('Delete');
    await stored(page, ({ piece }) => piece.notes.length === 72);
  });

  it('strikes harder in the lane of force, and puts the pedal down in its', async () => {
    // What was undone is said over the lanes.
    while ((await page.locator('.message').count()) > 0)
      await page.locator('.message').getByRole('button', { name: 'Close' }).first().click();
    const box = (await page.locator('.roll-host').boundingBox())!;
    const at = await place(6 * BEAT, 60);
    const lane = box.y + box.height - 34 - 6 - 22 - 52;
    await drag({ x: at.x + 1, y: lane + 30 }, { x: at.x + 1, y: lane + 4 });
    await stored(page, ({ history }) => history.past.at(-1)?.label.startsWith('change the force') ?? false);
    expect(
      (await rowsNow())
        .filter(({ start }) => Math.abs(start - 6 * BEAT) < 1e-3)
        .some(({ velocity }) => velocity > 110),
    ).toBe(true);
    const [from, to] = [await place(3 * BEAT, 60), await place(5 * BEAT, 60)];
    await drag({ x: from.x, y: lane + 52 + 10 }, { x: to.x, y: lane + 52 + 10 });
    const { piece } = await stored(page, ({ piece }) => (piece.pedal?.length ?? 0) > 0);
    expect(Array.from(piece.pedal!.time, (time) => Number((time / BEAT).toFixed(3)))).toEqual([3, 5]);
  });

  it('quantises what is selected', async () => {
    const at = await place(9 * BEAT + 0.05, 50);
    await page.keyboard.down('Control');
    await page.mouse.click(at.x + 5, at.y);
    await page.keyboard.up('Control');
    await stored(page, ({ piece }) => piece.notes.length === 73);
    await page.keyboard.press('q');
    await stored(page, ({ history }) => history.past.at(-1)?.label === 'quantise 1 note');
    const own = (await rowsNow()).find(
      ({ pitch, start }) => pitch === 50 && Math.abs(start - 9 * BEAT) < BEAT / 2,
    )!;
    expect(((own.start / BEAT) * 4) % 1).toBeCloseTo(0, 4);
    await page.keyboard.press('Delete');
    await stored(page, ({ piece }) => piece.notes.length === 72);
  });

  it('holds the moved note while bars 7 and 8 are rewritten', async () => {
    const moved = { pitch: tuneAt(18) + 3, start: bar7 + BEAT / 2 };
    await page.getByRole('button', { name: 'Select a span by dragging' }).click();
    await drag(await place(bar7 + 0.05, 60), await place(bar7 + 6 * BEAT - 0.05, 60));
    await expect.poll(() => page.locator('.selection-bar').first().textContent()).toContain('bars 7–8');
    await page.getByLabel('Stays:').selectOption('what I set by hand');
    await setSlider(page, 'Number of takes', 1);
    await page.getByRole('button', { name: 'Rewrite' }).click();
    await waitUntilMade(page);
    const { piece, history } = await stored(
      page,
      (state) => isAllMade(state) && state.history.present.takes.length === 2,
    );
    expect(history.present.takes.at(-1)?.kept?.length).toBe(1);
    const at = (pitch: number, start: number) =>
      piece.notes.pitch.some((each, n) => each === pitch && Math.abs(piece.notes.start[n] - start) < 1e-3);
    expect(at(moved.pitch, moved.start)).toBe(true);
    for (const beat of BEATS.filter((beat) => beat < 18 || beat >= 24))
      expect(at(tuneAt(beat), beat * BEAT)).toBe(true);
    expect(piece.made.length).toBeGreaterThan(0);
  }, 120_000);

  it('writes bars, tempo, tracks and the moved note, as mido reads them too', async () => {
    const { bytes } = await exported(page, 'MIDI all that is shown');
    const midi = readMidi(bytes);
    const { tempos, metres } = timeGridOf(midi);
    expect([tempos[0].microsecondsPerBeat, metres[0].numerator]).toEqual([666_667, 3]);
    expect(midi.tracks.slice(1).map(({ name }) => name)).toEqual(['Tune', 'Bass', 'Cadenza']);
    const { notes } = listen(midi);
    const [pitch, start] = [tuneAt(18) + 3, bar7 + BEAT / 2];
    const moved = notes.pitch.findIndex(
      (each, n) => each === pitch && Math.abs(notes.start[n] - start) < 0.002,
    );
    expect(midi.tracks[notes.track[moved]].name).toBe('Tune');
    const python = process.env.CADENZA_PYTHON;
    if (python === undefined || spawnSync(python, ['-c', 'import mido']).status !== 0) return;
    const file = join(tempFolder({}), 'out.mid');
    writeFileSync(file, bytes);
    const script = [
      'import mido, sys',
      'f = mido.MidiFile(sys.argv[1])',
      'print([t.name for t in f.tracks[1:]])',
      'print([m.tempo for t in f.tracks for m in t if m.type == "set_tempo"], [(m.numerator, m.denominator) for t in f.tracks for m in t if m.type == "time_signature"])',
      'tick = 0',
      'for m in f.tracks[1]:',
      '    tick += m.time',
      `    if m.type == "note_on" and m.velocity and m.note == ${pitch} and abs(tick / f.ticks_per_beat - 18.5) < 0.01: print("moved", tick / f.ticks_per_beat)`,
    ].join('\n');
    const { stdout } = spawnSync(python, ['-c', script, file], { encoding: 'utf8' });
    expect(stdout).toBe("['Tune', 'Bass', 'Cadenza']\n[666667] [(3, 4)]\nmoved 18.5\n");
  });

  it('is heard: the moved note too', async () => {
    await page.keyboard.press('.');
    const { bytes } = await exported(page, 'WAV');
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1);
    const rate = 2 * bytes.readUInt32LE(24);
    const start = bar7 + BEAT / 2;
    const heard = samples.subarray(Math.round((start + 0.01) * rate), Math.round((start + 0.2) * rate));
    expect(heard.reduce((most, each) => Math.max(most, Math.abs(each)), 0)).toBeGreaterThan(1000);
  });

  it('tells parts apart, and does not play what is muted', async () => {
    await page.getByRole('button', { name: 'Played on' }).click();
    await page.getByRole('menuitem', { name: 'A MIDI instrument' }).click();
    await page.getByRole('button', { name: 'Played on' }).click();
    await page.getByRole('menuitemradio', { name: 'Test piano' }).click();
    await page.getByRole('button', { name: 'Parts' }).click();
    const panel = page.getByRole('dialog', { name: 'Parts' });
    await panel.getByLabel('tracks').check();
    expect(await panel.locator('.part-name').allTextContents()).toEqual(['Tune', 'Bass', 'Cadenza']);
    await panel.getByRole('button', { name: 'Solo' }).nth(1).click();
    expect(await panel.locator('[aria-pressed="true"]').allTextContents()).toEqual(['Mute', 'Solo', 'Mute']);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Back to the beginning' }).click();
    await page.locator('.transport').getByRole('button', { name: 'Play', exact: true }).click();
    const strikes = async () =>
      (await sentMidi(page)).flatMap(({ data }) => (data[0] === 0x90 ? [data[1]] : []));
    await expect.poll(async () => (await strikes()).length).toBeGreaterThan(2);
    await page.locator('.transport').getByRole('button', { name: 'Pause' }).click();
    expect((await strikes()).every((pitch) => pitch < 60)).toBe(true);
  });

  it('keeps it all over a reload, and has nothing to complain of', async () => {
    const before = await rowsNow();
    await page.reload();
    await page.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await expect.poll(rowsNow).toEqual(before);
    expect(await page.locator('.take').count()).toBe(3);
    expect(problems).toEqual([]);
  });
});
