/** What a player does, judged by the samples that come out of it: a real browser, recorded. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNoteTable, midiFromNotes, type NoteTable } from '../../src/index.js';
import type { CadenzaPlayer, CadenzaView } from '../../src/web/player/player-types.js';
import { CHROMIUM, launchBrowser, problemsOf, WITHOUT_BROWSER } from './browser.js';
import { type StaticServer, serveStatic } from './static-server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Notes [start, end, pitch]. */
function notesOf(...notes: readonly (readonly [number, number, number])[]): NoteTable {
  const table = createNoteTable(notes.length);
  for (const [i, [start, end, pitch]] of notes.entries()) {
    [table.start[i], table.end[i], table.pitch[i], table.velocity[i]] = [start, end, pitch, 100];
  }
  return table;
}

const PIECES = {
  '/clicks.mid': notesOf(...Array.from({ length: 16 }, (_, i) => [i / 4, i / 4 + 0.1, 84] as const)),
  '/long.mid': notesOf([0, 8, 57]),
  '/short.mid': notesOf([0, 0.2, 84], [0.25, 0.5, 84]),
};

const PAGE = `<!doctype html><html lang="en"><head><title>Somebody's page</title><link rel="icon" href="/icon.svg">
<script type="module" src="/package/dist/browser/cadenza-player.js"></script><script type="module" src="/test.js"></script></head>
<body><cadenza-player id="one"></cadenza-player><cadenza-player id="two"></cadenza-player></body></html>`;

/** A worklet that gives every sample that comes, with the time of the first. */
const RECORDER = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([[left]]) { if (left) this.port.postMessage({ time: currentTime, samples: left.slice() }); return true; }
});`;

const HELPERS = `
import * as web from '/package/dist/browser/cadenza-web.js';
globalThis.web = web;
globalThis.player = document.querySelector('#one');
/** Records what a player gives until what is done is over: samples, their rate, the time of the first. */
globalThis.record = async (work, player = globalThis.player) => {
  const { output } = player;
  const { context } = output;
  if (!context.hasRecorder) await context.audioWorklet.addModule('/recorder.js');
  context.hasRecorder = true;
  const node = new AudioWorkletNode(context, 'recorder');
  const parts = [];
  node.port.onmessage = ({ data }) => parts.push(data);
  output.connect(node);
  const told = await work(context);
  await new Promise((resolve) => setTimeout(resolve, 50));
  output.disconnect(node);
  const samples = Float32Array.from(parts.flatMap(({ samples }) => [...samples]));
  return { samples, rate: context.sampleRate, time: parts[0].time, told };
};
globalThis.wait = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
globalThis.loudest = ({ samples }) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
/** Times at which it becomes much louder within some milliseconds. */
globalThis.onsets = ({ samples, rate, time }) => {
  const slice = Math.round(rate / 1000);
  const levels = [];
  for (let i = 0; i + slice <= samples.length; i += slice) {
    let sum = 0;
    for (let j = i; j < i + slice; j++) sum += samples[j] ** 2;
    levels.push(Math.sqrt(sum / slice));
  }
  const found = [];
  for (const [i, level] of levels.entries()) {
    const before = Math.min(...levels.slice(Math.max(0, i - 12), i));
    const at = time + (i * slice) / rate;
    if (level > 0.003 && level > 2.5 * before && !(at - found.at(-1) < 0.08)) found.push(at);
  }
  return found;
};
/** The frequency that is strongest between two, Hz. */
globalThis.strongest = ({ samples, rate }, low, high) => {
  let [best, most] = [0, 0];
  for (let hz = low; hz <= high; hz += 0.5) {
    let [re, im] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      re += samples[i] * Math.cos((2 * Math.PI * hz * i) / rate);
      im += samples[i] * Math.sin((2 * Math.PI * hz * i) / rate);
    }
    if (re * re + im * im > most) [best, most] = [hz, re * re + im * im];
  }
  return best;
};`;

interface Recording {
  readonly samples: Float32Array;
  readonly rate: number;
  readonly time: number;
}

/** What the page's helpers are called there. */
declare const web: typeof import('../../src/web/index.js');
declare const player: CadenzaPlayer;
declare const record: <T>(
  work: (context: AudioContext) => Promise<T>,
  player?: CadenzaPlayer,
) => Promise<Recording & { readonly told: T }>;
declare const wait: (seconds: number) => Promise<void>;
declare const loudest: (recording: Recording) => number;
declare const onsets: (recording: Recording) => number[];
declare const strongest: (recording: Recording, low: number, high: number) => number;

describe.skipIf(CHROMIUM === undefined)(`the sound of <cadenza-player> ${WITHOUT_BROWSER}`, () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    server = await serveStatic({
      '/': PAGE,
      '/test.js': HELPERS,
      '/recorder.js': RECORDER,
      '/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      ...Object.fromEntries(Object.entries(PIECES).map(([path, notes]) => [path, midiFromNotes(notes)])),
      '/package/dist/browser/': join(ROOT, 'dist/browser'),
      '/package/dist/assets/': join(ROOT, 'dist/assets'),
      '/package/sounds/': join(ROOT, 'sounds'),
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Every test has a page of its own, whose piano has sounded once. */
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    problems = problemsOf(page);
    await page.addInitScript(() => {
      const handlers: Record<string, unknown> = {};
      Object.assign(window, { handlers });
      navigator.mediaSession.setActionHandler = (action, handler) => {
        handlers[action] = handler;
      };
    });
    await page.goto(server.origin);
    await page.waitForFunction(() => 'player' in globalThis);
    await page.mouse.click(1, 1);
    await page.evaluate(async () => {
      player.src = '/clicks.mid';
      await player.play();
      await wait(0.1);
      player.stop();
      // By the clock of the sound: a busy machine may be behind.
      const { context } = player.output!;
      const until = context.currentTime + 0.5;
      while (context.currentTime < until) await wait(0.05);
    });
  });

  afterEach(async () => {
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ['paused', () => player.pause()],
    ['stopped', () => player.stop()],
    ['taken out of the page', () => player.remove()],
    ['given something else', () => (player.src = '/long.mid')],
    ['given nothing', () => (player.notes = undefined)],
  ])('is silent at once when it is %s right after play()', async (_, silence) => {
    const found = await page.evaluate(async (code) => {
      const silence = new Function(`return ${code}`)() as () => void;
      player.src = '/clicks.mid'; // still on its way when it is told to play
      const { samples, told } = await record(async () => {
        const playing = player.play();
        silence();
        await playing;
        await wait(0.8);
        return player.paused;
      });
      return [samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0), told];
    }, silence.toString());
    expect(found).toEqual([0, true]);
  });

  it.each([
    ['paused', () => player.pause()],
    ['taken out of the page', () => player.remove()],
    ['given something else', () => (player.src = '/short.mid')],
  ])('fades within a blink when it is %s while it sounds', async (_, silence) => {
    const found = await page.evaluate(async (code) => {
      const silence = new Function(`return ${code}`)() as () => void;
      player.src = '/long.mid';
      await player.play();
      await wait(0.3);
      let at = 0;
      const recording = await record(async (context) => {
        await wait(0.2);
        at = context.currentTime;
        silence();
        await wait(0.6);
      });
      const { samples, rate, time } = recording;
      const from = (seconds: number) => Math.round((at + seconds - time) * rate);
      const before = loudest({ ...recording, samples: samples.slice(0, from(0)) });
      return [before, loudest({ ...recording, samples: samples.slice(from(0.1)) }) / before];
    }, silence.toString());
    expect(found[0]).toBeGreaterThan(0.01);
    expect(found[1]).toBeLessThan(0.02);
  });

  it('sounds what is held where it goes on, as loud as it is by then', async () => {
    const [through, after] = await page.evaluate(async () => {
      player.src = '/long.mid';
      await player.play();
      await wait(1.5);
      const through = await record(() => wait(0.5));
      player.pause();
      player.seek(1.5);
      await wait(0.3);
      await player.play();
      await wait(0.05);
      const after = await record(() => wait(0.5));
      return [through, after].map(loudest);
    });
    expect(Math.abs(20 * Math.log10(after / through))).toBeLessThan(6);
  });

  it('loops without a gap', async () => {
    const gaps = await page.evaluate(async () => {
      player.src = '/short.mid';
      player.loop = true;
      const recording = await record(async () => {
        await player.play();
        await wait(2.6);
        player.pause();
      });
      const times = onsets(recording);
      return times.slice(1).map((time, i) => time - times[i]);
    });
    expect(gaps.length).toBeGreaterThanOrEqual(8);
    for (const gap of gaps) expect(Math.abs(gap - 0.25)).toBeLessThan(0.025);
  });

  it('plays faster at the same pitch', async () => {
    const { gaps, pitches } = await page.evaluate(async () => {
      player.src = '/clicks.mid';
      player.setAttribute('playback-rate', '2');
      const recording = await record(async () => {
        await player.play();
        await wait(1.2);
        player.pause();
      });
      const times = onsets(recording);
      const pitches: number[] = [];
      player.src = '/long.mid';
      for (const rate of [1, 2]) {
        player.playbackRate = rate;
        player.seek(0);
        await player.play();
        await wait(0.2);
        const { samples, ...rest } = await record(() => wait(0.3));
        pitches.push(strongest({ ...rest, samples: samples.slice(0, 8000) }, 200, 240));
        player.pause();
      }
      return { gaps: times.slice(1).map((time, i) => time - times[i]), pitches };
    });
    expect(gaps.length).toBeGreaterThanOrEqual(6);
    for (const gap of gaps) expect(Math.abs(gap - 0.125)).toBeLessThan(0.015);
    for (const pitch of pitches) expect(pitch).toBeCloseTo(220, -1);
  });

  it('tells of notes in time with the sound', async () => {
    const { told, heard } = await page.evaluate(async () => {
      player.src = '/clicks.mid';
      const recording = await record(async (context) => {
        const told: number[] = [];
        player.addEventListener('note', ({ detail }) => {
          // What the browser says of the sound that leaves it now.
          const { contextTime, performanceTime } = context.getOutputTimestamp();
          if (detail.velocity > 0) told.push(contextTime! + (performance.now() - performanceTime!) / 1000);
        });
        await player.play();
        await wait(3.5);
        player.pause();
        return told;
      });
      return { told: recording.told, heard: onsets(recording) };
    });
    expect(told.length).toBeGreaterThanOrEqual(12);
    const off = told
      .map((time) => Math.min(...heard.map((onset) => Math.abs(onset - time))))
      .sort((a, b) => a - b);
    console.info(
      `notes are told ${off.map((time) => (1000 * time).toFixed(0)).join(' ')} ms from their sound`,
    );
    // A machine that does much else may be late now and then.
    expect(off[Math.floor(0.7 * off.length)]).toBeLessThan(0.01);
  });

  it('says that browser or system hold its sound, and goes on by itself', async () => {
    const { said, after } = await page.evaluate(async () => {
      player.src = '/long.mid';
      await player.play();
      const context = player.output!.context as AudioContext;
      const resume = context.resume.bind(context);
      context.resume = () => Promise.reject(new Error('not now'));
      await context.suspend();
      await wait(0.3);
      const said = player.shadowRoot!.querySelector('[role=alert]')!.textContent;
      context.resume = resume;
      await wait(0.8);
      const heard = await record(() => wait(0.3));
      const alert = player.shadowRoot!.querySelector<HTMLElement>('[role=alert]')!;
      return { said, after: [alert.hidden, player.paused, loudest(heard) > 0.005] };
    });
    expect(said).toMatch(/the browser has stopped the sound; it goes on/);
    expect(after).toEqual([true, false, true]);
  });

  it('opens its sound anew where that was closed, and goes on where it was', async () => {
    const found = await page.evaluate(async () => {
      player.src = '/clicks.mid';
      await player.play();
      await wait(0.6);
      const closed = player.output!.context as AudioContext;
      await closed.close();
      await wait(0.1);
      const held = player.currentTime;
      while (player.output === undefined) await wait(0.02);
      const heard = await record(() => wait(0.8));
      const after = player.currentTime;
      const alert = player.shadowRoot!.querySelector<HTMLElement>('[role=alert]')!;
      // Once more, and asked to play while it is opened anew.
      await (player.output!.context as AudioContext).close();
      await wait(0.05);
      player.pause();
      await player.play();
      const again = await record(() => wait(0.5));
      return {
        moved: after - held,
        beats: onsets(heard).length,
        isHeardAgain: onsets(again).length > 0,
        isQuiet: alert.hidden,
        isAnother: player.output!.context !== closed && !player.paused,
      };
    });
    expect(found.moved).toBeGreaterThan(0.5);
    expect(found.moved).toBeLessThan(2);
    expect(found.beats).toBeGreaterThanOrEqual(2);
    expect(found).toMatchObject({ isHeardAgain: true, isQuiet: true, isAnother: true });
  });

  it('obeys the keys for media, and is silent when muted', async () => {
    const found = await page.evaluate(async () => {
      const { handlers } = window as unknown as { handlers: Record<string, (details: object) => void> };
      player.src = '/long.mid';
      await player.play();
      const { metadata } = navigator.mediaSession;
      handlers.pause({});
      const isPaused = player.paused;
      handlers.seekto({ seekTime: 3 });
      handlers.play({});
      await wait(0.2);
      const isPlaying = !player.paused;
      player.muted = true;
      await wait(0.1);
      const muted = loudest(await record(() => wait(0.3)));
      return [metadata?.title, isPaused, player.currentTime > 3, isPlaying, muted < 0.001];
    });
    expect(found).toEqual(['long', true, true, true, true]);
  });

  it('plays files, bytes, notes, and events that are still to come', async () => {
    const found = await page.evaluate(async () => {
      const bytes = new Uint8Array(await (await fetch('/short.mid')).arrayBuffer());
      const lengths: (number | undefined)[] = [];
      const open = async (source: CadenzaPlayer['src'] | File | Uint8Array | ArrayBuffer) => {
        const loaded = new Promise((resolve) =>
          player.addEventListener('cadenza-load', resolve, { once: true }),
        );
        (player as { src: unknown }).src = source;
        await loaded;
        lengths.push(player.notes?.length);
      };
      await open(new File([bytes], 'mine.mid'));
      const title = (player as unknown as { mediaTitle: string }).mediaTitle;
      await open(bytes);
      await open(bytes.buffer as ArrayBuffer);
      async function* stream() {
        for (let i = 0; i < 8; i++) {
          await wait(0.03);
          yield { time: i / 4, pitch: 84, velocity: 90 };
          yield { time: i / 4 + 0.1, pitch: 84, velocity: 0 };
        }
      }
      player.src = stream();
      let grown = 0;
      player.addEventListener('cadenza-grow', ({ detail }) => {
        grown += detail.events.length;
      });
      const ended = new Promise((resolve) => player.addEventListener('ended', resolve));
      const recording = await record(async () => {
        await player.play();
        await ended;
      });
      return { lengths, title, grown, onsets: onsets(recording).length };
    });
    expect(found).toEqual({ lengths: [2, 2, 2], title: 'mine', grown: 16, onsets: 8 });
  });

  it('waits for a stream that is late, and keeps what has come when it is moved in the page', async () => {
    const found = await page.evaluate(async () => {
      const fresh = document.querySelector<CadenzaPlayer>('#two')!;
      let goOn = () => {};
      const later = new Promise<void>((resolve) => (goOn = resolve));
      async function* stream() {
        yield { time: 0, pitch: 60, velocity: 90 };
        yield { time: 0.3, pitch: 60, velocity: 0 };
        await later;
        yield { time: 0.5, pitch: 64, velocity: 90 };
        yield { time: 0.8, pitch: 64, velocity: 0 };
      }
      let ended = 0;
      fresh.addEventListener('ended', () => ended++);
      fresh.src = stream();
      await fresh.play();
      await wait(0.6);
      const waiting = [fresh.paused, ended, fresh.notes?.length];
      document.body.prepend(fresh);
      goOn();
      await wait(0.1);
      const moved = [fresh.paused, fresh.notes?.length, Math.round(10 * fresh.duration)];
      const over = new Promise((resolve) => fresh.addEventListener('ended', resolve));
      await fresh.play();
      await over;
      return [waiting, moved, ended];
    });
    expect(found).toEqual([[false, 0, 1], [true, 2, 8], 1]);
  });

  it('renders to WAV, MP3 and Ogg Vorbis, which sound the same', async () => {
    const found = await page.evaluate(async () => {
      const { renderSound } = web;
      player.src = '/clicks.mid';
      await new Promise((resolve) => player.addEventListener('cadenza-load', resolve, { once: true }));
      const context = player.output!.context;
      const sounds: { type: string; size: number; onsets: number; seconds: number; loudest: number }[] = [];
      for (const format of ['wav', 'mp3', 'ogg'] as const) {
        const file = await renderSound(player.notes!, { format, reverb: 0 });
        const sound = await context.decodeAudioData(await file.arrayBuffer());
        const recording = { samples: sound.getChannelData(0), rate: sound.sampleRate, time: 0 };
        const [beats, peak] = [onsets(recording).length, loudest(recording)];
        sounds.push({
          type: file.type,
          size: file.size,
          onsets: beats,
          seconds: sound.duration,
          loudest: peak,
        });
      }
      return sounds;
    });
    expect(found.map(({ type }) => type)).toEqual(['audio/wav', 'audio/mpeg', 'audio/ogg']);
    for (const { size, onsets, seconds, loudest } of found.slice(1)) {
      expect(size).toBeLessThan(found[0].size / 4);
      expect(onsets).toBe(16);
      expect(Math.abs(seconds - found[0].seconds)).toBeLessThan(0.1);
      expect(loudest / found[0].loudest).toBeCloseTo(1, 0);
    }
  });

  it('shares one context and one piano with the others of a page, of which one plays', async () => {
    const found = await page.evaluate(async () => {
      const other = document.querySelector<CadenzaPlayer>('#two')!;
      player.src = '/long.mid';
      other.src = '/clicks.mid';
      await player.play();
      await other.play();
      return [player.output!.context === other.output!.context, player.paused, other.paused];
    });
    expect(found).toEqual([true, true, false]);
  });

  it('shows falling notes, also in views of their own, which lead the player', async () => {
    const colours = await page.evaluate(async () => {
      player.setAttribute('view', 'waterfall');
      document.body.insertAdjacentHTML(
        'beforeend',
        '<cadenza-view for="one" view="waterfall" height="200"></cadenza-view>',
      );
      player.src = '/long.mid';
      await wait(0.3);
      player.seek(0.5);
      await wait(0.2);
      const view = document.querySelector<CadenzaView>('cadenza-view')!;
      const blueOf = (element: HTMLElement) => {
        const canvas = element.shadowRoot!.querySelector('canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 40) count++;
        return count / (data.length / 4);
      };
      return [blueOf(player), blueOf(view), view.player === player];
    });
    // One note over all the height, a key of 52, and the line where they meet.
    for (const part of colours.slice(0, 2)) {
      expect(part).toBeGreaterThan(0.01);
      expect(part).toBeLessThan(0.1);
    }
    expect(colours[2]).toBe(true);
    const box = (await page.locator('cadenza-view canvas').boundingBox())!;
    await page.mouse.click(box.x + 100, box.y + 10);
    const time = await page.evaluate(() => player.currentTime);
    expect(time).toBeGreaterThan(3.5);
    expect(time).toBeLessThan(5);
  });
});
