/** The page of Compose, as tests use it: what a hand does, and what the browser keeps of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Download, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { createNoteTable, midiFromNotes, type NoteTable } from '../../src/index.js';
import type { StudioServer } from '../../src/node/studio/server.js';
import type { History } from '../../studio/src/state/history.js';
import { type Assembled, assemble, type Material, type Materials } from '../../studio/src/state/material.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { launchBrowser, problemsOf } from './browser.js';
import { buildStudio, serveStudio } from './built-studio.js';

/** Listening and playing take their time on a busy machine. */
export const PATIENCE = { timeout: 120_000 };

/** Broken chords, twelve seconds unless told otherwise, with the pedal down over the first six. */
export function brokenChords(length = 48): Uint8Array {
  const notes = createNoteTable(length);
  for (let i = 0; i < length; i++) {
    notes.start[i] = i * 0.25;
    notes.end[i] = i * 0.25 + 0.2;
    notes.pitch[i] = [48, 55, 60, 64, 67, 64, 60, 55][i % 8] + (i >= 24 ? 5 : 0);
    notes.velocity[i] = 60 + (i % 8) * 4;
  }
  const pedal = { length: 2, time: Float64Array.of(0, 6), value: Uint8Array.of(127, 0) };
  return midiFromNotes(notes, { pedal });
}

/** Notes as they are shown: to the microsecond. */
export const shownRows = ({ length, pitch, velocity, start, end }: NoteTable) =>
  Array.from({ length }, (_, i) => [pitch[i], velocity[i], start[i].toFixed(6), end[i].toFixed(6)]);

/** Drops a file on the page, as a hand would. */
export async function drop(
  page: Page,
  name: string,
  bytes: Uint8Array | string,
  whenDone?: Parameters<typeof tempFolder>[1],
): Promise<void> {
  const path = join(tempFolder({ [name]: bytes }, whenDone), name);
  const browser = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    await browser.send('Input.dispatchDragEvent', { type, x: 100, y: 200, data });
  }
  await browser.detach();
}

/** What the browser's storage holds, as soon as it satisfies a condition. */
export async function stored(
  page: Page,
  isFine: (state: { history: History; materials: Materials; piece: Assembled }) => boolean,
): Promise<{ history: History; materials: Materials; piece: Assembled }> {
  for (;;) {
    const entries = await page.evaluate(async () => {
      const request = indexedDB.open('cadenza-sessions');
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const store = database.transaction('session').objectStore('session');
      const answer = <T>(asked: IDBRequest<T>) =>
        new Promise<T>((resolve) => {
          asked.onsuccess = () => resolve(asked.result);
        });
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      database.close();
      return keys.map((key, i) => [String(key), values[i]] as const);
    });
    const history = entries.find(([key]) => key === 'history')?.[1] as History | undefined;
    if (history !== undefined) {
      const takes = entries.filter(([key]) => key.startsWith('take/'));
      const materials = Object.fromEntries(takes.map(([key, value]) => [key.slice(5), value as Material]));
      const { present } = history;
      const state = { history, materials, piece: assemble(present, present.current, materials) };
      if (isFine(state)) return state;
    }
    await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))));
  }
}

export const isAllMade = ({ history, materials }: { history: History; materials: Materials }) =>
  history.present.takes.length > 0 &&
  history.present.takes.every(({ id }) => materials[id]?.state === 'made');

/**
 * Seeds that nobody chose come one after the other: by chance a take of few seconds may have no note at all,
 * and is then taken back.
 */
function countSeeds(): void {
  const random = crypto.getRandomValues.bind(crypto);
  const counting = (array: ArrayBufferView) => {
    if (!(array instanceof Uint32Array) || array.length !== 1)
      return random(array as Uint8Array<ArrayBuffer>);
    array[0] = Number(localStorage.getItem('test.seed')) + 1;
    localStorage.setItem('test.seed', String(array[0]));
    return array;
  };
  crypto.getRandomValues = counting as typeof crypto.getRandomValues;
}

/** Opens the studio. `prepare` is called before the page is loaded. */
export async function open(context: BrowserContext, url: string, prepare?: (page: Page) => Promise<void>) {
  await context.addInitScript(countSeeds);
  const page = await context.newPage();
  await prepare?.(page);
  const problems = problemsOf(page);
  await page.goto(url);
  await page.waitForSelector('.compose[data-ready="true"]', PATIENCE);
  return { page, problems };
}

export const waitUntilMade = (page: Page) =>
  page.waitForSelector('button.continue:has-text("Continue")', PATIENCE);

/** Sets a slider under its name. */
export async function setSlider(page: Page, name: string, value: number): Promise<void> {
  await page.getByRole('slider', { name, exact: true }).fill(String(value));
}

export async function exported(page: Page, item: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting: Promise<Download> = page.waitForEvent('download', PATIENCE);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: item, exact: false }).first().click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync((await download.path()) as string) };
}

export interface Opened {
  readonly server: StudioServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What its console complained of. */
  readonly problems: string[];
}

/** Has the studio built, served and opened before the tests of a file, and closed after them. */
export function openBefore(
  take: (opened: Opened) => unknown,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<void>,
): void {
  const app = tempFolder({}, afterAll);
  let [server, browser]: [StudioServer?, Browser?] = [];
  beforeAll(async () => {
    await buildStudio(app);
    server = await serveStudio(app);
    browser = await launchBrowser();
    const context = await browser.newContext(options);
    await take({ server, browser, context, ...(await open(context, server.url, prepare)) });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
}
