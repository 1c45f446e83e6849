/**
 * Learn from end to end, in a real browser: drop files, train, reload, go on, export, and the command line
 * reads it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StudioServer } from '../../src/node/studio/server.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { zipBytes } from '../helpers/zip-bytes.js';
import { CHROMIUM, dropOnSight, launchBrowser, problemsOf, WITHOUT_BROWSER } from './browser.js';
import { buildStudio, serveStudio } from './built-studio.js';

/** What is stored of a training, as far as the tests ask. */
interface StoredRun {
  readonly updates: number;
  readonly isFinished: boolean;
  readonly losses: readonly { readonly split: string; readonly losses: Record<string, number> }[];
  readonly samples: readonly { readonly notes: { readonly length: number } }[];
}

const LONG = 180_000;

// A browser on a machine that is busy with other things may fail to start a worker or to open its storage.
describe.skipIf(CHROMIUM === undefined)(`Learn ${WITHOUT_BROWSER}`, { retry: 1 }, () => {
  const midis = Object.fromEntries([1, 2, 3].map((seed) => [`piece-${seed}.mid`, pieceBytes(seed, 260)]));
  const folder = tempFolder({}, afterAll);
  const music = tempFolder({ ...midis, 'notes.txt': 'no music', 'broken.mid': 'no midi' }, afterAll);
  const exported = join(tempFolder({}, afterAll), 'exported.safetensors');
  let server: StudioServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    await buildStudio(folder);
    server = await serveStudio(folder);
    browser = await launchBrowser();
    context = await browser.newContext({ acceptDownloads: true });
    page = await context.newPage();
    problems = problemsOf(page);
    await page.goto(`${server.url}#/learn`);
  }, LONG);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' && !task.result?.errors?.length) return;
    const shown = await page.evaluate(() => document.body.innerText).catch(String);
    console.error(`${task.name}: the page shows\n${shown}\nworkers: ${page.workers().length}`, problems);
  });

  /** As after a visit elsewhere: what is to be seen comes from the storage. */
  const visitAgain = async () => {
    await page.goto(`${server.url}#/learn`);
    await page.reload();
  };
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const phase = (name: string) => page.locator(`.standing[data-phase="${name}"]`).waitFor({ timeout: LONG });
  /** Drops files from elsewhere onto the view. */
  const drop = async (files: Record<string, Uint8Array | string>) => {
    const contents = Object.entries(files).map(([name, data]) => [name, [...Buffer.from(data)]] as const);
    const transfer = await page.evaluateHandle((list) => {
      const data = new DataTransfer();
      for (const [name, bytes] of list) data.items.add(new File([Uint8Array.from(bytes)], name));
      return data;
    }, contents);
    await page.locator('.learn').dispatchEvent('drop', { dataTransfer: transfer });
  };
  const stored = (): Promise<StoredRun[]> =>
    page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('cadenza-trainings');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const store = database.transaction('trainings').objectStore('trainings');
      const [keys, values] = await Promise.all(
        [store.getAllKeys(), store.getAll()].map(
          (request) =>
            new Promise<unknown[]>((resolve) => {
              request.onsuccess = () => resolve(request.result);
            }),
        ),
      );
      database.close();
      return values.filter((_, i) => String(keys[i]).endsWith('/record')) as never;
    });

  it('is isolated, so that threads can share memory', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  it('hears a drop as soon as it is to be seen', async () => {
    const early = await context.newPage();
    await dropOnSight(early, '.learn', 'early.txt', 'no music');
    await early.goto(`${server.url}#/learn`);
    await early.getByText(/^Early\.txt is no MIDI file/i).waitFor();
    await early.close();
  });

  it('stays when a file is dropped beside the view', async () => {
    const isLeft = await page.locator('.header').evaluate((header) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['no music'], 'beside.txt'));
      return header.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    });
    expect(isLeft).toBe(false);
  });

  it('says in words when nothing of what was dropped is music', async () => {
    await drop({ 'notes.txt': 'no music' });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(
      /^Notes\.txt is no MIDI file|^notes\.txt is no MIDI/,
    );
    await drop({ 'broken.mid': 'no midi' });
    await page.getByText(/broken\.mid: not a MIDI file/).waitFor();
  });

  it('shows what was dropped, and what was left out and why', async () => {
    await drop({ ...midis, 'notes.txt': 'no music', 'broken.mid': 'no midi' });
    const figures = page.locator('[data-figures="corpus"]');
    await figures.waitFor();
    expect(await figures.textContent()).toMatch(/^3 pieces · 780 notes · 3 min$/);
    for (const name of ['Pitch', 'Step', 'Duration', 'Velocity']) {
      await page.getByRole('img', { name: new RegExp(`^${name}: half of the notes`) }).waitFor();
    }
    await page.getByText('2 files were left out').click();
    await page.getByText('notes.txt is no MIDI file by its name').waitFor();
    await page.getByText(/^broken\.mid: not a MIDI file/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('takes a folder too', async () => {
    await page.locator('[data-pick="folder"]').setInputFiles(music);
    await page.getByText(/^3 pieces · 780 notes/).waitFor();
    await page.getByText('2 files were left out').waitFor();
  });

  it('learns from the later of two drops', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, i) => [`many-${i}.mid`, pieceBytes(10 + i, 400)]),
    );
    await drop(many);
    await drop({ 'few.mid': midis['piece-1.mid'] });
    await page.getByRole('heading', { name: 'few.mid' }).waitFor();
    await page.getByText(/^1 piece · 260 notes/).waitFor();
    // Were the other drop still read, it would be shown by now.
    await drop({ 'other.mid': midis['piece-2.mid'] });
    await page.getByRole('heading', { name: 'other.mid' }).waitFor();
  });

  it('takes an archive too', async () => {
    const inputs = Object.entries(midis).map(([name, data]) => ({ name: `inner/${name}`, data }));
    await drop({ 'all.zip': zipBytes(inputs) });
    await page.getByRole('heading', { name: 'all.zip' }).waitFor();
    await page.getByText(/^3 pieces · 780 notes/).waitFor();
  });

  it('keeps a unit that was chosen a moment before the number', async () => {
    await page.locator('.plan-length').evaluate((fields) => {
      const [number, unit] = [fields.querySelector('input'), fields.querySelector('select')];
      if (number === null || unit === null) throw new Error('the fields are gone');
      unit.value = 'epochs';
      unit.dispatchEvent(new Event('change', { bubbles: true }));
      number.value = '7';
      number.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });
    await expect.poll(() => page.getByRole('textbox', { name: 'For' }).inputValue()).toBe('7');
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Unit of the length' }).inputValue())
      .toBe('epochs');
  });

  it(
    'trains in a worker, and pauses',
    async () => {
      await page.getByRole('radio', { name: /Tutorial/ }).check();
      await page.getByRole('combobox', { name: 'Unit of the length' }).selectOption('steps');
      await page.getByRole('textbox', { name: 'For' }).fill('50');
      await page.getByText('More', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Windows a step' }).fill('8');
      await button('Train').click();
      await page.getByRole('img', { name: /^Pitch: training \d/ }).waitFor({ timeout: LONG });
      await button('Pause').click();
      await phase('paused');
      const [run] = await stored();
      expect(run.updates).toBeGreaterThan(0);
      expect(run.updates).toBeLessThan(50);
      expect(run.isFinished).toBe(false);
    },
    LONG,
  );

  it(
    'is not gone on with in two tabs at once',
    async () => {
      const other = await context.newPage();
      await other.goto(`${server.url}#/learn`);
      await other.getByRole('button', { name: 'Go on' }).click();
      await other.getByText('This training is going on in another tab; go on there.').waitFor();
      await other.close();
    },
    LONG,
  );

  it(
    'goes on after the page was loaded again',
    async () => {
      const [before] = await stored();
      await visitAgain();
      await page.getByText(/tutorial, not finished: \d+ of 50 steps/).waitFor();
      await button('Go on').click();
      // What is wished for while the training is made ready is not lost.
      const [early] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
      expect(early.suggestedFilename()).toMatch(/\.safetensors$/);
      await phase('training');
      await phase('steps');
      const [run] = await stored();
      expect([run.updates, run.isFinished]).toEqual([50, true]);
      const training = run.losses
        .filter(({ split }) => split === 'train')
        .map(({ losses }) => losses.pitch_loss);
      expect(training.length).toBeGreaterThan(20);
      const known = before.losses.map(({ losses }) => losses.pitch_loss);
      expect(training.slice(0, known.length)).toEqual(known);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(training.slice(-5))).toBeLessThan(mean(training.slice(0, 5)) - 0.2);
      expect(run.losses.some(({ split }) => split === 'validation')).toBe(true);
      expect(run.samples.at(-1)?.notes.length).toBeGreaterThan(0);
      // A sample can be heard.
      await button(/^Play the sample after 50 steps/).click();
      await button(/^Stop the sample after 50 steps/).waitFor();
      await button(/^Stop the sample after 50 steps/).click();
      await button(/^Play the sample after 50 steps/).waitFor();
    },
    LONG,
  );

  it(
    'exports a model that the command line evaluates and plays with',
    async () => {
      await visitAgain();
      await button('Look').first().click();
      const [download] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
      expect(download.suggestedFilename()).toMatch(/-tutorial\.safetensors$/);
      await download.saveAs(exported);
      const evaluated = await runCadenza([
        'evaluate',
        exported,
        join(music, 'piece-1.mid'),
        '--json',
        '--no-cache',
      ]);
      expect([evaluated.code, evaluated.stderr]).toEqual([0, '']);
      const { pitch_loss: loss } = JSON.parse(evaluated.stdout) as { pitch_loss: number };
      expect(loss).toBeLessThan(4.6);
      const output = join(tempFolder(), 'played.mid');
      const played = await runCadenza([
        'generate',
        '--model',
        exported,
        '--notes',
        '5',
        '--quiet',
        '-o',
        output,
      ]);
      expect(played.code).toBe(0);
      expect(readFileSync(output).subarray(0, 4).toString()).toBe('MThd');
    },
    LONG,
  );

  it(
    'learns on from a model file',
    async () => {
      await visitAgain();
      await drop(midis);
      await page.getByText(/^3 pieces/).waitFor();
      await page.locator('[data-pick="files"]').setInputFiles(exported);
      const chosen = page.getByRole('combobox', { name: 'Begin with' });
      await expect
        .poll(() => chosen.evaluate((box: HTMLSelectElement) => box.selectedOptions[0].text))
        .toBe('exported.safetensors');
      await page.getByRole('combobox', { name: 'Unit of the length' }).selectOption('steps');
      await page.getByRole('textbox', { name: 'For' }).fill('2');
      await page.getByText('More', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Windows a step' }).fill('8');
      await button('Train').click();
      await phase('steps');
      const runs = await stored();
      const [[first]] = [runs.filter(({ updates }) => updates === 2)];
      expect(first.losses[0].losses.pitch_loss).toBeLessThan(4.6);
    },
    LONG,
  );

  it(
    'hands its model to Compose',
    async () => {
      await visitAgain();
      await button('Look').first().click();
      await button('Use it in Compose').click();
      await page.waitForURL(/#\/compose/);
      await page.getByRole('button', { name: /^Model: .*tutorial/ }).waitFor();
    },
    LONG,
  );

  it('forgets a training when asked twice', async () => {
    await visitAgain();
    await button(/^Delete the training of/)
      .first()
      .waitFor();
    const before = (await stored()).length;
    await button(/^Delete the training of/)
      .first()
      .click();
    await button('Delete for good').click();
    await expect.poll(async () => (await stored()).length).toBe(before - 1);
  });

  it('did all of it without a word of trouble', () => {
    expect(problems).toEqual([]);
  });
});
