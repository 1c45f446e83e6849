/** The piano roll under real pointers, keys and pixels. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, launchBrowser, problemsOf, WITHOUT_BROWSER } from './browser.js';
import { buildScript } from './built-script.js';
import type {} from './roll-page.js';
import { type StaticServer, serveStatic } from './static-server.js';

const WIDTH = 844;
const HEIGHT = 400;
/** Where the notes are: beside the keys, below the ruler. */
const [LEFT, TOP] = [44, 22];
/** 800 pixels of notes show 20 seconds. */
const x = (seconds: number) => LEFT + seconds * 40;

describe.skipIf(CHROMIUM === undefined)(`the piano roll ${WITHOUT_BROWSER}`, () => {
  const built = tempFolder({}, afterAll);
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    await buildScript('roll-page', built);
    server = await serveStatic({
      '/': `<!doctype html><html lang="en"><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/page.css">
        <title>Roll</title><div id="roll"></div><script type="module" src="/built/roll-page.js"></script></html>`,
      '/page.css': `body { margin: 0; } #roll { width: ${WIDTH}px; height: ${HEIGHT}px; }`,
      '/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '/built/': built,
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** A roll of twenty notes, one a second, C4 at first and up; the view shows 20 seconds. */
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    problems = problemsOf(page);
    await page.goto(server.origin);
    await page.waitForFunction(() => window.roll !== undefined);
    await page.evaluate(async () => {
      const numbers = Array.from({ length: 20 }, (_, i) => i);
      window.roll.setLayer('given', 'primer', {
        length: 20,
        start: Float64Array.from(numbers),
        end: Float64Array.from(numbers, (i) => i + 0.9),
        pitch: Uint8Array.from(numbers, (i) => 60 + i),
        velocity: Uint8Array.from(numbers, (i) => 30 + 4 * i),
      });
      window.roll.view = { start: 0, end: 20 };
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
  });

  const told = () => page.evaluate(() => window.told.splice(0));
  const types = async () => (await told()).map(([type]) => type);
  const view = () => page.evaluate(() => window.roll.view);
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  /** The middle of a pitch's row: 36 rows of 36 pixels less the parts below. */
  const y = async (pitch: number) => {
    const height = HEIGHT - TOP - 14 - 34 - 6;
    return TOP + ((83 - pitch + 0.5) * height) / 36;
  };

  it('sounds a note while it is pressed, and reads it out', async () => {
    await page.mouse.move(x(3.5), await y(63));
    expect(
      await page.locator('div', { hasText: /^D#4 · velocity 42 · 0:03\.00 · 0\.90 s$/ }).count(),
    ).toBeGreaterThan(0);
    await page.mouse.down();
    expect(await told()).toEqual([['strike', { pitch: 63, velocity: 42 }]]);
    await page.mouse.up();
    expect(await told()).toEqual([['release', { pitch: 63 }]]);
    expect(problems).toEqual([]);
  });

  it('plays its keys, sliding from one to the next, harder towards the front', async () => {
    await drag([8, await y(60)], [40, await y(62)]);
    const events = await told();
    expect(events.map(([type]) => type)).toEqual([
      'strike',
      'release',
      'strike',
      'release',
      'strike',
      'release',
    ]);
    const velocities = events
      .filter(([type]) => type === 'strike')
      .map(([, detail]) => (detail as { velocity: number }).velocity);
    expect(velocities[2]).toBeGreaterThan(velocities[0] + 20);
  });

  it('pans by dragging, which ends following, and tells where a click was', async () => {
    await page.evaluate(() => {
      window.roll.view = { start: 5, end: 15 };
      window.roll.follow = true;
      window.told.length = 0;
    });
    await drag([600, 300], [440, 300]);
    expect((await view()).start).toBeCloseTo(7, 1);
    expect(await told()).toEqual([['follow', false]]);
    await page.mouse.click(LEFT + 400, 300);
    const [[type, seconds]] = await told();
    expect(type).toBe('seek');
    expect(seconds).toBeCloseTo(12, 1);
  });

  it('moves the marker by its line', async () => {
    await page.evaluate(() => {
      window.roll.marker = 10;
    });
    await drag([x(10) + 2, 200], [x(12) + 2, 200]);
    const events = await told();
    expect(events.every(([type]) => type === 'marker')).toBe(true);
    expect(events.at(-1)![1]).toEqual({ time: expect.closeTo(12, 1), isFinal: true });
    await page.getByRole('application').press('{');
    expect(await page.evaluate(() => window.roll.marker)).toBeCloseTo(11, 1);
  });

  it('selects spans, of some pitches too, and says so to screen readers', async () => {
    await page.keyboard.down('Shift');
    await drag([x(4), 300], [x(2), 120]);
    expect(await page.evaluate(() => window.roll.selection)).toEqual({
      start: expect.closeTo(2, 1),
      end: expect.closeTo(4, 1),
    });
    await page.keyboard.down('Alt');
    await drag([x(4.5), await y(66)], [x(8.5), await y(62)]);
    await page.keyboard.up('Alt');
    await page.keyboard.up('Shift');
    expect(await page.evaluate(() => window.roll.selection)).toMatchObject({ lowest: 62, highest: 66 });
    expect(await page.locator('[aria-live]').textContent()).toMatch(/Selected: .* D4 to F#4, 3 notes\.$/);
    await page.getByRole('application').press('Escape');
    expect(await page.evaluate(() => window.roll.selection)).toBeUndefined();
  });

  it('zooms about the pointer by wheel, and by keys', async () => {
    await page.mouse.move(x(5), 200);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -240);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await view()).end - (await view()).start).toBeLessThan(10);
    const { start, end } = await view();
    expect((5 - start) / (end - start)).toBeCloseTo(0.25, 1);
    const roll = page.getByRole('application');
    await roll.press('0');
    expect(await view()).toEqual({ start: 0, end: expect.closeTo(19.9 * 1.02, 2) });
    await roll.press('+');
    await roll.press('End');
    expect((await view()).end).toBeCloseTo(19.9, 1);
    await roll.press('ArrowLeft');
    expect((await view()).end).toBeLessThan(19);
  });

  it('zooms by two fingers', async () => {
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((at, id) => ({ x: at, y: 300, id })),
      });
    await touch('touchStart', x(8));
    await touch('touchStart', x(8), x(12));
    await touch('touchMove', x(7), x(13));
    await touch('touchMove', x(6), x(14));
    await touch('touchEnd');
    const { start, end } = await view();
    expect(end - start).toBeCloseTo(10, 0);
    expect((start + end) / 2).toBeCloseTo(10, 0);
    expect((await types()).filter((type) => type !== 'follow')).toEqual([]);
  });

  it('shows notes that stream in just as it shows them when they are set', async () => {
    const areSame = await page.evaluate(() => {
      const { roll } = window;
      /** The notes, without the overview, which is painted only now and then while notes stream in. */
      const picture = () => {
        roll.drawNow();
        const canvas = roll.element.querySelector('canvas')!;
        const copy = new OffscreenCanvas(canvas.width, 340).getContext('2d', { willReadFrequently: true })!;
        copy.drawImage(canvas, 0, 0);
        return copy.getImageData(0, 0, canvas.width, 340).data.join();
      };
      const layer = roll.setLayer('made', 'continuation');
      roll.drawNow();
      const notes: [number, number, number, number][] = [];
      for (let i = 0; i < 60; i++)
        notes.push([i * 0.3, i * 0.3 + 0.1 + (i % 7) * 0.21, 50 + ((i * 5) % 30), 20 + i]);
      const events = notes.flatMap(([start, end, pitch, velocity]) => [
        { time: start, pitch, velocity },
        { time: end, pitch, velocity: 0 },
      ]);
      events.sort((a, b) => a.time - b.time || a.velocity - b.velocity);
      for (const { time, pitch, velocity } of events) {
        if (velocity > 0) layer.strike(time, pitch, velocity);
        else layer.release(time, pitch);
        roll.drawNow();
      }
      const streamed = picture();
      const { length, pitch, velocity, start, end } = layer.notes;
      const columns = { pitch, velocity, start, end };
      const copy = Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, column.slice(0, length)]),
      );
      roll.setLayer('made', 'continuation', { length, ...copy } as unknown as Parameters<
        typeof roll.setLayer
      >[2]);
      const set = picture();
      roll.removeLayer('made');
      return [streamed === set, set === picture()];
    });
    expect(areSame).toEqual([true, false]);
    expect(problems).toEqual([]);
  });

  it('says what it shows, keeps its size, and is silent when it is gone', async () => {
    expect(await page.evaluate(() => window.roll.describe())).toMatch(
      /^20 notes in 19\.9 seconds; shown from 0/,
    );
    expect(await page.getByRole('img').getAttribute('aria-label')).toBe('Piano roll');
    await page.evaluate(() => {
      document.getElementById('roll')!.style.width = '500px';
    });
    await page.waitForFunction(() => document.querySelector('canvas')!.width === 500);
    await page.evaluate(() => window.roll.destroy());
    expect(await page.locator('canvas').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
