/**
 * Bars in Compose, as a person has them: a waltz opened, its bars counted, looped, snapped to and clicked; a
 * recording that is counted in; beats that are found, tapped and dragged.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { evenBeats, listen, midiOnBeats, readMidi, timeGridOf } from '../../src/index.js';
import { tableOf } from '../helpers/note-rows.js';
import { CHROMIUM, WITHOUT_BROWSER } from './browser.js';
import { drop, exported, openBefore, PATIENCE, stored } from './compose-page.js';
import { playMidi, plugInMidi, sentMidi } from './simulated-midi.js';

/** Sixteen bars at 90 beats a minute, three to a bar. */
const waltz = () =>
  midiOnBeats(
    tableOf(
      Array.from({ length: 48 }, (_, i) => {
        const pitch = i % 3 === 0 ? 48 + (i % 4) : 60 + ((i * 5) % 12);
        return [pitch, (i * 2) / 3, (i * 2) / 3 + 0.5];
      }),
    ),
    evenBeats(0, 90, 3),
    { trackName: 'Piano' },
  );

const describeRoll = async (page: Page) => {
  await page.locator('.roll-host [tabindex="0"]').focus();
  await page.keyboard.press('i');
  return page.locator('.roll-host [aria-live]').textContent();
};

describe.skipIf(CHROMIUM === undefined)(`Bars in Compose ${WITHOUT_BROWSER}`, () => {
  let page: Page;
  let problems: string[];
  openBefore((opened) => ({ page, problems } = opened), { acceptDownloads: true }, plugInMidi);

  const panel = () => page.getByRole('dialog', { name: 'Bars, tempo, metronome' });
  const openPanel = async () => {
    await page.getByRole('button', { name: 'Bars, tempo, metronome' }).click();
    return panel();
  };
  const closePanel = () => page.keyboard.press('Escape');
  /** Where a time of the piece lies on the roll while all of it is shown. */
  const place = async (seconds: number, part = 0.5) => {
    const box = await page.locator('.roll-host').boundingBox();
    if (box === null) throw new Error('there is no roll');
    const { piece } = await stored(page, () => true);
    return {
      x: box.x + 44 + ((box.width - 44) * seconds) / (1.02 * Math.max(...piece.notes.end)),
      y: box.y + part * box.height,
    };
  };

  it('counts the bars of a waltz, and draws what is selected to them', async () => {
    await drop(page, 'waltz.mid', waltz());
    await page.waitForSelector('.take.primer:has-text("waltz")');
    await expect.poll(() => describeRoll(page), PATIENCE).toContain('shown from bar 1 to bar 17');
    const fields = await openPanel();
    expect(await fields.getByLabel('Tempo').inputValue()).toBe('90');
    expect(await fields.getByLabel('Beats a bar').inputValue()).toBe('3');
    await fields.getByLabel('Draw places to').selectOption('beats');
    await closePanel();
    await page.getByRole('button', { name: 'Show the whole piece' }).click();
    const [from, to] = [await place(8.2), await place(15.8)];
    await page.keyboard.down('Shift');
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    expect(await page.locator('.selection-bar').textContent()).toContain('bars 5–8');
  });

  it('plays bars 5 to 8 again and again', async () => {
    const fields = await openPanel();
    await fields.getByRole('slider', { name: 'Speed of playback' }).fill('200');
    await closePanel();
    await page.locator('.selection-bar').getByRole('button', { name: 'Loop' }).click();
    await page.keyboard.press('.');
    await page.locator('.transport').getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(() => page.locator('.clock-place').textContent(), PATIENCE).toMatch(/^[5-8]\./);
    const seen = new Set<string>();
    for (let i = 0; i < 60 && seen.size < 4; i++) {
      seen.add(((await page.locator('.clock-place').textContent()) ?? '').split('.')[0]);
      await page.waitForTimeout(200);
    }
    expect([...seen].sort()).toEqual(['5', '6', '7', '8']);
    await page.locator('.transport').getByRole('button', { name: 'Pause' }).click();
    await page.locator('.selection-bar').getByRole('button', { name: 'Loop' }).click();
    await page.getByRole('button', { name: 'Clear the selection' }).click();
    await (await openPanel()).getByRole('button', { name: 'Reset speed of playback' }).click();
    await closePanel();
  });

  it('is counted otherwise when one says so, which can be undone', async () => {
    const fields = await openPanel();
    await fields.getByLabel('Tempo').fill('120');
    await fields.getByLabel('Tempo').press('Enter');
    await closePanel();
    await page.getByRole('button', { name: 'Show the whole piece' }).click();
    await expect.poll(() => describeRoll(page), PATIENCE).toContain('to bar 22');
    const { bytes } = await exported(page, 'MIDI all that is shown');
    const { tempos, metres } = timeGridOf(readMidi(bytes));
    expect([tempos[0].microsecondsPerBeat, metres[0].numerator]).toEqual([500_000, 3]);
    await page.keyboard.press('Control+z');
    await expect.poll(() => describeRoll(page), PATIENCE).toContain('to bar 17');
    await stored(page, ({ history: { present } }) => present.beats === undefined);
  });

  it('drags a beat to where it belongs', async () => {
    await (await openPanel()).getByRole('button', { name: 'Drag beats' }).click();
    await closePanel();
    const [from, to] = [await place(10), await place(10.2)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    const { history } = await stored(page, ({ history: { present } }) => present.beats !== undefined);
    const { time, place: places } = history.present.beats!;
    const moved = time.findIndex((each) => each > 10.05 && each < 10.35);
    expect(places[moved]).toBe(0);
    expect([time[moved - 1], time[moved + 1]].map((each) => Number(each.toFixed(3)))).toEqual([
      9.333, 10.667,
    ]);
    await (await openPanel()).getByRole('button', { name: 'As they were' }).click();
    await closePanel();
  });

  it('records to a metronome that counts in, where one has heard its clicks', async () => {
    const fields = await openPanel();
    await fields.getByLabel('Metronome').check();
    await closePanel();
    await page.evaluate(() => localStorage.setItem('cadenza.counting', JSON.stringify({ tempo: 100 })));
    await page.reload();
    await page.waitForSelector('.compose[data-ready="true"]', PATIENCE);
    await (await openPanel()).getByLabel('Metronome').check();
    await closePanel();
    await page.evaluate(recordClicks);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await expect
      .poll(() => page.evaluate(() => (globalThis as Heard).clicksHeard?.length ?? 0))
      .toBeGreaterThan(5);
    // The first four clicks count in; a key on each of the next eight, 20 ms late. One look at the clock of
    // sound is some ten milliseconds off, the middle of several is not.
    const offsets = (await page.evaluate(() => (globalThis as Heard).clicksHeard!)).map(
      (at, i) => at - i * 600,
    );
    const first = offsets.sort((a, b) => a - b)[offsets.length >> 1] + 4 * 600;
    const messages = Array.from({ length: 8 }, (_, i) => [
      { data: [0x90, 60 + i, 80], at: first + i * 600 + 20 },
      { data: [0x80, 60 + i, 0], at: first + i * 600 + 320 },
    ]).flat();
    await playMidi(page, messages);
    await page.locator('.foot').getByRole('button', { name: 'Stop', exact: true }).click();
    const { history, piece } = await stored(page, ({ piece }) => piece.notes.length === 8);
    expect([...history.present.beats!.time.slice(0, 2)].map((each) => each.toFixed(3))).toEqual([
      '0.000',
      '0.600',
    ]);
    for (const [n, start] of piece.notes.start.entries()) {
      expect(Math.abs(start - (n * 0.6 + 0.02))).toBeLessThan(0.015);
      expect(Math.abs(piece.notes.end[n] - start - 0.3)).toBeLessThan(0.002);
    }
    expect(listen(readMidi((await exported(page, 'MIDI all that is shown')).bytes)).notes.length).toBe(8);
  });

  it('plays on an instrument at a MIDI port, in time, and leaves nothing hanging', async () => {
    await page.getByRole('button', { name: 'Played on' }).click();
    await page.getByRole('menuitem', { name: 'A MIDI instrument' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Played on' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Played on' }).click();
    await page.getByRole('menuitemradio', { name: 'Test piano' }).click();
    await page.getByRole('button', { name: 'Played on Test piano' }).click();
    await page.getByRole('menuitem', { name: 'Send MIDI clock' }).click();
    const { piece } = await stored(page, () => true);
    await page.getByRole('button', { name: 'Back to the beginning' }).click();
    await page.locator('.transport').getByRole('button', { name: 'Play', exact: true }).click();
    await expect
      .poll(async () => (await sentMidi(page)).filter(({ data }) => data[0] === 0x90).length)
      .toBeGreaterThan(4);
    await page.locator('.transport').getByRole('button', { name: 'Stop' }).click();
    const sent = await sentMidi(page);
    const strikes = sent.filter(({ data }) => data[0] === 0x90);
    for (const [n, { data, at }] of strikes.entries()) {
      expect(data[1]).toBe(piece.notes.pitch[n]);
      const due = strikes[0].at + 1000 * (piece.notes.start[n] - piece.notes.start[0]);
      expect(Math.abs(at - due)).toBeLessThan(5);
    }
    const down = new Set<number>();
    for (const { data } of sent.filter(({ at }) => at > 0).sort((a, b) => a.at - b.at)) {
      if (data[0] === 0x90) down.add(data[1]);
      if (data[0] === 0x80) down.delete(data[1]);
    }
    expect([...down]).toEqual([]);
    const pulses = sent.filter(({ data }) => data[0] === 0xf8).map(({ at }) => at);
    expect((pulses.at(-1)! - pulses[0]) / (pulses.length - 1)).toBeCloseTo(600 / 24, 1);
    expect(sent.map(({ data }) => data[0]).filter((status) => status >= 0xfa)).toEqual([0xfa, 0xfc]);
    await page.getByRole('button', { name: 'Played on' }).click();
    await page.getByRole('menuitemradio', { name: 'Piano' }).first().click();
  });

  it('shows the score that follows, and writes it as MusicXML', async () => {
    await drop(page, 'waltz.mid', waltz());
    await page.waitForSelector('.take.primer:has-text("waltz")');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    await page.waitForSelector('.score-page svg .note', PATIENCE);
    expect(await page.locator('.score-page .measure').count()).toBe(16);
    expect(await page.locator('.score-page .note').count()).toBe(48);
    const head = (await page.locator('.score-page .notehead').nth(6).boundingBox())!;
    await page.mouse.click(head.x + 6, head.y + head.height / 2);
    await expect.poll(() => page.locator('.clock-place').textContent()).toBe('3.2');
    await expect.poll(() => page.locator('.score-page .note.sounding').count()).toBe(1);
    const { name, bytes } = await exported(page, 'Score (MusicXML)');
    expect(name).toBe('waltz.musicxml');
    expect(bytes.toString()).toContain('<beats>3</beats><beat-type>4</beat-type>');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
  });

  it('has nothing to complain of', () => {
    expect(problems).toEqual([]);
  });
});

type Heard = typeof globalThis & { clicksHeard?: number[] };

/**
 * Notes when clicks are heard, milliseconds of the page's clock: when each is planned, and the time that the
 * sound takes to the ears.
 */
function recordClicks(): void {
  const heard: number[] = [];
  Object.assign(globalThis, { clicksHeard: heard });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when = 0) {
    const context = this.context as AudioContext;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    heard.push(performanceTime + 1000 * (when - contextTime + 0.006));
    start.call(this, when);
  };
}
