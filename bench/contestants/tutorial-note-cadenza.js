/**
 * Notes of the tutorial model as the library plays them: the generator runs on, every unit of work takes some
 * of them.
 */
import { readFileSync } from 'node:fs';
import { builtInOpening, generate } from '../../dist/index.js';
import { createOnnxEngine, loadModel } from '../../dist/node/index.js';
import { compete } from '../contestant.js';

const NOTES = Number(process.argv[2]);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const loaded = await loadModel('tutorial');
const engine = await createOnnxEngine({ threads: 1 }); // as `cadenza generate` has it
const likeliest = generate(loaded, engine, builtInOpening(), { notes: 1, temperature: 0 });
const { pitch, step, duration } = (await likeliest.next()).value;
await likeliest.return();
const notes = generate(loaded, engine, builtInOpening(), { notes: Number.POSITIVE_INFINITY });

await compete({ version, first: [pitch, step, duration] }, async () => {
  const start = performance.now();
  for (let i = 0; i < NOTES; i++) await notes.next();
  return { milliseconds: (performance.now() - start) / NOTES };
});
