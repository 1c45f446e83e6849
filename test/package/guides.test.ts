/** The guides: what they quote is what their examples do, and the examples do what the guides say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { builtInOpening, midiFromNotes, notesFromMidi, readMidi } from '../../src/index.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { CHROMIUM, launchBrowser, problemsOf, WITHOUT_BROWSER } from '../studio/browser.js';
import { type StaticServer, serveStatic } from '../studio/static-server.js';

const GUIDES = join(import.meta.dirname, '../../docs/guides');
const PACKAGE = join(inject('installed'), 'bundlers/node_modules/cadenza');
const EXAMPLES = join(PACKAGE, 'examples/guides');

const linesOf = (text: string) => text.split('\n').map((line) => line.trim());

describe.each(readdirSync(GUIDES))('%s', (name) => {
  const guide = readFileSync(join(GUIDES, name), 'utf8');
  const [, example] = guide.match(/`examples\/guides\/([\w.-]+)`\.\n$/) ?? [];
  const quotes = [...guide.matchAll(/```(?:js|html)\n([\s\S]*?)```/g)].map(([, quote]) => quote);

  it('quotes its example', () => {
    const text = linesOf(readFileSync(join(EXAMPLES, example), 'utf8')).join('\n');
    for (const quote of quotes) expect(text).toContain(linesOf(quote).join('\n').trim());
    expect(quotes.length).toBeGreaterThan(1);
  });
});

describe.skipIf(CHROMIUM === undefined)(`the examples in a page ${WITHOUT_BROWSER}`, () => {
  let browser: Browser;
  let server: StaticServer;
  const opening = midiFromNotes(builtInOpening());
  const files = { 'opening.mid': opening, 'again.mid': opening, 'broken.mid': 'nothing that can be read' };
  const folder = tempFolder(files, afterAll);
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await serveStatic({ '/': '', '/cadenza/': PACKAGE }, {});
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function use(name: string, run: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage();
    const problems = problemsOf(page);
    await page.goto(`${server.origin}/cadenza/examples/guides/${name}`);
    await run(page);
    await page.close();
    expect(problems).toEqual([]);
  }

  /** Waits until a player has been heard for so many seconds. */
  const heard = (page: Page, seconds = 1) =>
    page.waitForFunction(
      (least) => (document.querySelector('cadenza-player')?.currentTime ?? 0) > least,
      seconds,
      { timeout: 60_000 },
    );

  it('play a file: one of the visitor is heard, keys light up, and a broken one is told of', () =>
    use('play-a-file.html', async (page) => {
      await page.locator('input[type=file]').setInputFiles(file('opening.mid'));
      await page.evaluate(() => document.querySelector('cadenza-player')?.play());
      await page.locator('.keys .on').first().waitFor();
      await heard(page);
      const duration = await page.evaluate(() => document.querySelector('cadenza-player')?.duration);
      expect(duration).toBeCloseTo(40, 0);
      await page.locator('input[type=file]').setInputFiles(file('broken.mid'));
      await page.locator('output', { hasText: 'not a MIDI file' }).waitFor();
    }));

  it('continue a visitor: who plays a phrase and pauses is answered, and may interrupt', () =>
    use('continue-a-visitor.html', async (page) => {
      await page.locator('output:empty').waitFor({ state: 'attached', timeout: 60_000 });
      await page.mouse.click(2, 2);
      for (const key of ['a', 'd', 'g', 'k']) {
        await page.keyboard.down(key);
        await page.waitForTimeout(150);
        await page.keyboard.up(key);
      }
      await heard(page);
      const state = () => page.evaluate(() => document.querySelector('cadenza-player')?.paused);
      expect(await state()).toBe(false);
      const played = await page.evaluate(() => document.querySelector('cadenza-player')?.notes?.length ?? 0);
      expect(played).toBeGreaterThan(3);
      await page.locator('.keys button').first().hover();
      await page.mouse.down();
      expect(await state()).toBe(true);
      await page.mouse.up();
    }));

  it('train on files: losses fall, the model is heard and kept', () =>
    use('train-on-files.html', async (page) => {
      await page
        .locator('input[type=file]')
        .setInputFiles(['opening.mid', 'again.mid', 'broken.mid'].map(file));
      await page.locator('#train').click();
      const lossAt = async (steps: string) => {
        const status = page.locator('output', { hasText: new RegExp(`^step ${steps} of 300`) });
        const text = await status.textContent({ timeout: 60_000 });
        return Number(text?.split(': ')[1]);
      };
      // A batch is harder than another; forty steps outweigh that.
      const first = await lossAt('\\d');
      const later = await lossAt('([4-9]\\d|\\d{3})');
      expect(later).toBeLessThan(first);
      await page.locator('#stop').click();
      await page.locator('#train:enabled').waitFor();
      await page.locator('#hear').click();
      await heard(page);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
      cpSync(await download.path(), file('mine.safetensors'));
      expect(readFileSync(file('mine.safetensors'), 'latin1')).toContain('cadenza_config');
    }));

  it('your own model: the one that is there plays, and one that is given is taken', () =>
    use('your-own-model.html', async (page) => {
      await page.locator('output', { hasText: 'Metrical' }).waitFor({ timeout: 60_000 });
      await page.locator('button').first().click();
      await heard(page);
      await page.locator('input[type=file]').setInputFiles(file('mine.safetensors'));
      await page.locator('output', { hasText: 'Performance' }).waitFor({ timeout: 60_000 });
      await page.locator('input[type=file]').setInputFiles(file('opening.mid'));
      await page.locator('output', { hasText: 'opening.mid' }).waitFor();
    }));

  it('your own model: one by its URL', () =>
    use('your-own-model.html?model=../../models/tutorial/tutorial.safetensors', (page) =>
      page.locator('output', { hasText: 'Tutorial' }).waitFor({ timeout: 60_000 }),
    ));
});

describe('the server', () => {
  let process: ChildProcess;
  let address: string;

  beforeAll(async () => {
    process = spawn('node', [join(EXAMPLES, 'server.js'), '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    address = await new Promise((resolve, reject) => {
      process.stdout?.on('data', (part) => resolve(String(part).match(/http\S+/)?.[0] ?? ''));
      process.on('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
  }, 60_000);
  afterAll(() => process?.kill());

  const midi = Buffer.from(midiFromNotes(builtInOpening()));
  const post = (query: string, body: BodyInit = midi) =>
    fetch(`${address}/${query}`, { method: 'POST', body });

  it('goes on with a file: the same for a seed, otherwise in a style', async () => {
    const answers = ['?seconds=5&seed=3', '?seconds=5&seed=3', '?seconds=5&seed=3&style=liszt'].map((query) =>
      post(query),
    );
    const [once, again, styled] = await Promise.all(
      answers.map(async (answer) => new Uint8Array(await (await answer).arrayBuffer())),
    );
    const notes = notesFromMidi(readMidi(once));
    expect(notes.length).toBeGreaterThan(5);
    expect(notes.start[0]).toBeLessThan(2);
    expect(again).toEqual(once);
    expect(styled).not.toEqual(once);
  });

  it('sends sound', async () => {
    const answer = await post('?seconds=2&format=mp3');
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(bytes[0]).toBe(0xff);
    expect(bytes.length).toBeGreaterThan(40_000);
  });

  it.each<[string, BodyInit, number, RegExp]>([
    ['', 'no file', 400, /not a MIDI file/],
    ['?seconds=1e9', midi, 400, /seconds/],
    ['?style=nobody', midi, 400, /no such style/],
    ['?format=exe', midi, 400, /format/],
    ['', new Uint8Array(2 ** 20 + 1), 413, /bytes/],
  ])('refuses %s in words (%#)', async (query, body, status, words) => {
    const answer = await post(query, body);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(words);
  });

  it('answers others when somebody leaves', async () => {
    const leaving = new AbortController();
    const left = fetch(`${address}/?seconds=120`, { method: 'POST', body: midi, signal: leaving.signal });
    setTimeout(() => leaving.abort(), 500);
    await expect(left).rejects.toThrow(/abort/i);
    expect((await post('?seconds=1')).status).toBe(200);
  });
});
