/**
 * How long it takes to fill spans of held-out pieces in a page of Chromium, and beside it in Node:
 *
 *   npm run build && node bench/fill-in-page.js [--model maestro] [--count 12] [--seconds 4] [--particles 32]
 *
 * Of MAESTRO's validation part, a span from the middle of each piece, which the model has heard up to there
 * when the time begins, as it has in the studio once a span is selected. Prints medians: until the likeliest
 * way is first told of, and until the fills are there; how long the hearing took; and the first fill of all,
 * for which programs are compiled, apart. Times are of this machine at this moment: run it when nothing else
 * does.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { readPieces } from '../dist/index.js';
import { createOnnxEngine, loadModel, openCorpus } from '../dist/node/index.js';
import { serve } from './browser/server.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'maestro' },
    count: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '4' },
    particles: { type: 'string', default: '32' },
  },
});
const [count, seconds, particles] = [values.count, values.seconds, values.particles].map(Number);
const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
const path = process.env.CADENZA_MAESTRO ?? join(data, 'maestro-v2.0.0');

const corpus = await openCorpus([path], { split: 'validation', reading: 'sounding' });
const pieces = [];
for await (const { notes } of readPieces(corpus)) if (notes.length > 400) pieces.push(notes);
const step = Math.max(1, Math.floor(pieces.length / (count + 1)));
const spans = pieces
  .filter((_, i) => i % step === 0)
  .slice(0, count + 1)
  .map(({ length, pitch, velocity, start, end }) => {
    const from = start[Math.floor(length / 2)];
    return { notes: { length, pitch, velocity, start, end }, from, to: from + seconds };
  });

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const shown = (name, rounds) => {
  const [first, ...others] = rounds;
  const [preview, whole] = ['preview', 'whole'].map((key) => median(others.map((each) => each[key])));
  const ms = (value) => `${Math.round(value)} ms`;
  const worst = Math.max(...others.map((each) => each.whole));
  const heard = median(others.map((each) => each.heard));
  process.stdout.write(
    `${name}: first preview after ${ms(preview)}, filled after ${ms(whole)} (worst ${ms(worst)}), heard in ${ms(heard)}; ` +
      `the first time ${ms(first.preview)} and ${ms(first.whole)}\n`,
  );
};

/** Times hearing and one fill; runs in Node and in the page. */
async function time(hear, fill) {
  const opened = performance.now();
  await hear();
  const begun = performance.now();
  let preview;
  await fill((_, best) => {
    if (preview === undefined && best().length > 0) preview = performance.now() - begun;
  });
  const whole = performance.now() - begun;
  return { heard: begun - opened, preview: preview ?? whole, whole };
}

async function inNode() {
  const { kind, ...loaded } = await loadModel(values.model);
  const player = await kind.player(loaded, await createOnnxEngine());
  const rounds = [];
  for (const given of spans)
    rounds.push(
      await time(
        () => player.prepare({ piece: { notes: given.notes }, cut: given.from }, particles),
        (onProgress) => player.fill(given, { particles, seed: 1, onProgress }),
      ),
    );
  await player.release();
  return rounds;
}

async function inPage() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const server = await serve({ '/index.html': '<!doctype html><title>fill</title>', '/': root });
  const browser = await chromium.launch({
    executablePath: process.env.CADENZA_CHROMIUM ?? '/usr/bin/chromium',
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/index.html`);
    await page.evaluate(
      async ([model, time]) => {
        const { createPerformer } = await import('/dist/browser/cadenza-web.js');
        window.performer = await createPerformer(model);
        window.time = new Function(`return ${time}`)();
      },
      [values.model, time.toString()],
    );
    const rounds = [];
    for (const { notes, from, to } of spans) {
      const columns = Object.fromEntries(
        ['pitch', 'velocity', 'start', 'end'].map((name) => [name, [...notes[name]]]),
      );
      rounds.push(
        await page.evaluate(
          async ([{ pitch, velocity, start, end }, from, to, particles]) => {
            const notes = {
              length: pitch.length,
              pitch: Uint8Array.from(pitch),
              velocity: Uint8Array.from(velocity),
              start: Float64Array.from(start),
              end: Float64Array.from(end),
            };
            return window.time(
              () => window.performer.prepare({ piece: { notes }, cut: from }, particles),
              (onProgress) => window.performer.fill(notes, { from, to }, { particles, seed: 1, onProgress }),
            );
          },
          [columns, from, to, particles],
        ),
      );
    }
    return rounds;
  } finally {
    await browser.close();
    server.close();
  }
}

shown('Chromium', await inPage());
shown('Node', await inNode());
