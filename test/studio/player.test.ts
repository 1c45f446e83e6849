/** The web component in a bare page of somebody else's, as one script tag, under a strict security policy. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, ElementHandle, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNoteTable, midiFromNotes, type NoteTable } from '../../src/index.js';
import type { CadenzaPlayer } from '../../src/web/player/player-types.js';
import { CHROMIUM, launchBrowser, problemsOf, WITHOUT_BROWSER } from './browser.js';
import { type StaticServer, serveStatic } from './static-server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A rising line of 24 notes over 6 seconds, with a long note below. */
function piece(): NoteTable {
  const notes = createNoteTable(25);
  for (let i = 0; i < 25; i++) {
    notes.start[i] = i === 0 ? 0 : (i - 1) * 0.25;
    notes.end[i] = i === 0 ? 6 : i * 0.25;
    notes.pitch[i] = i === 0 ? 40 : 59 + i;
    notes.velocity[i] = 60 + 2 * i;
  }
  return notes;
}

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Somebody's page</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/page.css"></head><body>
<cadenza-player src="piece.mid" height="300"></cadenza-player>
<script type="module" src="/package/dist/browser/cadenza-player.js"></script></body></html>`;

describe.skipIf(CHROMIUM === undefined)(`<cadenza-player> ${WITHOUT_BROWSER}`, () => {
  const built = join(ROOT, 'dist/browser');
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    server = await serveStatic({
      '/': PAGE,
      '/bad.html': PAGE.replace('piece.mid', 'bad.mid'),
      '/gone.html': PAGE.replace('piece.mid', 'gone%20away.mid'),
      '/mute.html': PAGE.replace('height=', 'soundfont="/bad.mid" height='),
      '/page.css': 'html { color-scheme: light dark; } body { margin: 0; }',
      '/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '/piece.mid': midiFromNotes(piece()),
      '/bad.mid': 'This is no MIDI file, whatever its name says.',
      '/package/dist/browser/': built,
      '/package/dist/assets/': join(ROOT, 'dist/assets'),
      '/package/sounds/': join(ROOT, 'sounds'),
      '/package/examples/': join(ROOT, 'examples'),
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens a page, and writes down the player's events from the beginning. */
  async function open(path: string): Promise<void> {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 900, height: 500 } });
    problems = problemsOf(page);
    await page.addInitScript(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      document.addEventListener('DOMContentLoaded', () => {
        const player = document.querySelector('cadenza-player')!;
        for (const type of ['cadenza-load', 'play', 'pause', 'timeupdate', 'ended', 'error']) {
          player.addEventListener(type, () => told.push(type));
        }
      });
    });
    await page.goto(server.origin + path);
  }

  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  const element = () => page.locator('cadenza-player');
  const until = async (condition: (player: CadenzaPlayer) => boolean) => {
    const player = (await element().elementHandle()) as ElementHandle<CadenzaPlayer>;
    await page.waitForFunction(condition as (player: unknown) => boolean, player, { timeout: 30_000 });
  };
  const ask = <T>(question: (player: CadenzaPlayer) => T | Promise<T>): Promise<T> =>
    element().evaluate(question as (player: Element) => T | Promise<T>);
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('shows the notes of its file, and loads no sound before it plays', async () => {
    await open('/');
    await until((player) => player.notes !== undefined);
    expect(await ask((player) => [player.notes!.length, player.paused])).toEqual([25, true]);
    expect(await ask((player) => player.duration)).toBeCloseTo(6, 2);
    expect(await told()).toEqual(['cadenza-load']);
    // The accent colour of the notes, where the first of them are.
    const blue = await ask(async (player) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const canvas = player.shadowRoot!.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 40) count++;
      return count / (data.length / 4);
    });
    expect(blue).toBeGreaterThan(0.005);
    expect(blue).toBeLessThan(0.5);
    expect(server.asked.filter((path) => /sf3|worklet|assets/.test(path))).toEqual([]);
  });

  it('plays: time goes on, events tell it, and it is heard', async () => {
    await button('Play').click();
    await until((player) => player.currentTime > 0.6);
    const loudest = await ask(async (player) => {
      const output = player.output!;
      const meter = new AnalyserNode(output.context, { fftSize: 4096 });
      output.connect(meter);
      const samples = new Float32Array(4096);
      let most = 0;
      while (player.currentTime < 2 && most < 0.01) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        meter.getFloatTimeDomainData(samples);
        most = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), most);
      }
      return most;
    });
    expect(loudest).toBeGreaterThan(0.01);
    expect(loudest).toBeLessThanOrEqual(1);
    expect(await told()).toContain('timeupdate');
    await button('Pause').click();
    expect(await ask((player) => player.paused)).toBe(true);
    const silence = await ask(async (player) => {
      const output = player.output!;
      const meter = new AnalyserNode(output.context, { fftSize: 2048 });
      output.connect(meter);
      const samples = new Float32Array(2048);
      const from = output.context.currentTime;
      // What is planned ahead must not be heard either: so it is listened to for a while.
      let late = 0;
      while (output.context.currentTime < from + 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        meter.getFloatTimeDomainData(samples);
        if (output.context.currentTime > from + 0.4) late = Math.max(late, ...samples.map(Math.abs));
      }
      return late;
    });
    expect(silence).toBeLessThan(0.002);
    expect((await told()).filter((type) => type === 'play' || type === 'pause')).toEqual(['play', 'pause']);
  });

  it('goes to its end, says so, and obeys the keyboard', async () => {
    await ask((player) => player.seek(5.5));
    await page.getByRole('application').press(' ');
    await until((player) => player.currentTime >= player.duration && player.paused);
    expect((await told()).slice(-2)).toEqual(['pause', 'ended']);
    await button('Stop').click();
    expect(await ask((player) => player.currentTime)).toBe(0);
    await page.getByRole('application').press('0');
    await page.getByRole('application').press('i');
    expect(await page.locator('[aria-live=polite]').textContent()).toMatch(/^25 notes in 6 seconds/);
    expect(problems).toEqual([]);
  });

  it('takes notes from a script, and a click beside them moves the playhead', async () => {
    await ask((player) => {
      const [length, start] = [3, Float64Array.of(0, 4, 8)];
      player.notes = {
        length,
        start,
        end: start.map((seconds) => seconds + 1),
        pitch: Uint8Array.of(60, 64, 67),
        velocity: Uint8Array.of(80, 80, 80),
      };
    });
    expect(await ask((player) => player.duration)).toBe(9);
    const box = (await page.locator('canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2 + 20);
    const time = await ask((player) => player.currentTime);
    expect(time).toBeGreaterThan(2);
    expect(time).toBeLessThan(7);
    expect(problems).toEqual([]);
  });

  it('follows the page from light to dark', async () => {
    const brightness = () =>
      ask(async (player) => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const canvas = player.shadowRoot!.querySelector('canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(canvas.width - 40, 60, 1, 1);
        return data[0] + data[1] + data[2];
      });
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness()).toBeGreaterThan(600);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await brightness()).toBeLessThan(150);
  });

  it.each([
    ['/bad.html', /^bad\.mid: not a MIDI file/],
    ['/gone.html', /^gone away\.mid could not be fetched: the server answered 404/],
  ])('says in words what is wrong with a file: %s', async (path, words) => {
    await open(path);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(words);
    expect(await ask((player) => player.error)).toMatch(words);
    expect(await told()).toEqual(['error']);
    expect(await button('Play').isDisabled()).toBe(true);
    expect(problems.filter((line) => !line.includes('404'))).toEqual([]);
  });

  it('says in words why there is no sound', async () => {
    await open('/mute.html');
    await until((player) => player.notes !== undefined);
    await button('Play').click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(
      /bad\.mid is no SoundFont that can be played/,
    );
    expect(await ask((player) => player.paused)).toBe(true);
  });

  it('works in the page of the examples', async () => {
    await open('/package/examples/player.html');
    await until((player) => player.notes !== undefined);
    expect(await ask((player) => player.notes!.length)).toBeGreaterThan(100);
    expect(problems.filter((line) => !line.includes('404'))).toEqual([]);
  });
});
