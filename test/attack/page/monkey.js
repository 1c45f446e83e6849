/**
 * A monkey in the studio, in a real browser: it uses whatever it finds. Between its walks somebody looks whether all is as it
 * should be: no error in the console, every step can be taken back and done again, and what is exported is what is shown.
 *
 *   node test/attack/page/monkey.js [--steps 100000] [--seed 1] [--walk 500] [--json]
 *
 * Exits with 1 where something is wrong. Needs `npm run build` and a Chromium.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { builtInOpening, midiFromNotes } from '../../../dist/index.js';
import { withStudio } from './browser.js';
import { monkey } from './monkey-in-page.js';
import { Visit } from './visit.js';

/**
 * What of a session is gone, in words. Takes that were not made are made when it is opened, and go where nothing comes of them; one
 * that was being made is made anew.
 */
function whatIsLost(after, before) {
  if (before.history === undefined) return undefined;
  const { source, takes, beats } = before.history.present;
  const now = after.history?.present;
  if (!isDeepStrictEqual(now?.source, source)) return 'another primer';
  if (!isDeepStrictEqual(now.beats, beats)) return 'other beats';
  for (const take of takes) {
    const [had, has] = [before, after].map(({ materials }) => materials[take.id]);
    if (had === undefined || (had.events.length === 0 && !had.edited)) continue;
    const kept = now.takes.find(({ id }) => id === take.id);
    if (!isDeepStrictEqual(kept, take))
      return `take ${take.name}, ${had.state}, is not among those that are left`;
    const told = (material) => material && `${material.state} with ${material.events.length} events`;
    if (had.state !== 'making' && !isDeepStrictEqual(has, had))
      return `take ${take.name} was ${told(had)} to ${had.knownTo}, and is ${told(has)} to ${has?.knownTo}`;
  }
  return undefined;
}

/** @returns {Promise<{ steps: number, faults: { at: number, fault: string, did: string[] }[], heap: number[] }>} */
export async function attackStudio({ url, browser, steps, walk = 500, seed = 1, onProgress = () => {} }) {
  const faults = [];
  const heap = [];
  const context = await browser.newContext({ permissions: [], viewport: { width: 1280, height: 800 } });
  const midi = [midiFromNotes(builtInOpening()), readFixture()].map((bytes) =>
    Buffer.from(bytes).toString('base64'),
  );
  let visit;
  const arrive = () => Visit.begin(context, url);
  try {
    visit = await arrive();
    for (let done = 0; done < steps; done += walk) {
      const did = await visit.page.evaluate(monkey, {
        seed: seed * 1000 + done,
        steps: Math.min(walk, steps - done),
        midi,
      });
      let found;
      try {
        found = await visit.faults();
      } catch (error) {
        found = [`does not come to rest: ${error.message.split('\n')[0]}`, ...visit.problems.splice(0)];
      }
      for (const fault of found) faults.push({ at: done, fault, did, session: visit.left });
      visit.left = undefined;
      heap.push(await visit.page.evaluate(() => Math.round(performance.memory.usedJSHeapSize / 1e6)));
      onProgress(Math.min(done + walk, steps), faults);
      // Now and then the page is left, and is as it was.
      if ((done / walk) % 4 === 3 || found.length > 0) {
        const before = await visit.session();
        await visit.page.close();
        visit = await arrive();
        await visit.rest().catch(() => {});
        const after = await visit.session(before.id);
        const lost = after.open === before.id ? whatIsLost(after, before) : `${after.open} for ${before.id}`;
        if (lost !== undefined)
          faults.push({ at: done, fault: `opened again, it is another session: ${lost}`, did });
      }
      const { history } = await visit.session();
      if ((history?.present.takes.length ?? 0) > 150) {
        // Enough of this one.
        await visit.page.evaluate(() => indexedDB.deleteDatabase('cadenza-sessions'));
        await visit.page.close();
        visit = await arrive();
      }
    }
    return { steps, faults, heap };
  } finally {
    await context.close();
  }
}

const readFixture = () => {
  const notes = builtInOpening();
  return midiFromNotes({ ...notes, pitch: notes.pitch.map((pitch) => pitch + 5) }, { trackName: 'Other' });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      steps: { type: 'string', default: '100000' },
      walk: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  await withStudio(async (studio) => {
    const began = performance.now();
    const { steps, faults, heap } = await attackStudio({
      ...{
        ...studio,
        steps: Number(values.steps),
        walk: Number(values.walk),
        seed: Number(values.seed),
      },
      onProgress(done, found) {
        if (process.stderr.isTTY) process.stderr.write(`\rmonkey: ${done}, ${found.length} faults`);
        else process.stderr.write(`monkey: ${done}, ${found.length} faults ${found.at(-1)?.fault ?? ''}\n`);
      },
    });
    const seconds = Math.round((performance.now() - began) / 1000);
    if (values.json) console.log(JSON.stringify({ steps, seconds, faults, heap }));
    else {
      console.log(
        `monkey: ${steps} steps in ${seconds} s, ${faults.length} faults; heap ${heap[0]} to ${heap.at(-1)} MB`,
      );
      for (const { at, fault, did, session } of faults) {
        if (session) writeFileSync(join(tmpdir(), `monkey-${values.seed}-${at}.cadenza.json`), session);
        console.log(`  after ${at}: ${fault}\n    ${did.slice(-12).join(' · ')}`);
      }
    }
    process.exitCode = faults.length > 0 ? 1 : 0;
  });
}
