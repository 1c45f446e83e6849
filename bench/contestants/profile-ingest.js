/**
 * Where reading files into notes spends its time. Arguments: the files. Prints the milliseconds of every
 * stage.
 *
 * Seconds and pairing are timed on files parsed anew, because a file that has just been gone through lies in
 * the cache. Tables are what the whole takes beyond these two.
 */
import { readFileSync } from 'node:fs';
import { instrumentsOf, readMidi } from '../../dist/index.js';
import { tempoMapOf } from '../../dist/midi/tempo-map.js';
import { pairNotes } from '../../dist/notes/pairing.js';
import { median } from '../harness.js';

const WARM_UP = 2;
const ROUNDS = 9;

const paths = process.argv.slice(2);

function stagesOfAll() {
  const totals = { reading: 0, parsing: 0, seconds: 0, pairing: 0, notes: 0 };
  const timed = (stage, work) => {
    const start = performance.now();
    const result = work();
    totals[stage] += performance.now() - start;
    return result;
  };
  for (const path of paths) {
    const bytes = timed('reading', () => readFileSync(path));
    const midi = timed('parsing', () => readMidi(bytes));
    timed('notes', () => instrumentsOf(midi));
    const again = readMidi(bytes);
    timed('seconds', () => tempoMapOf(again).secondsOf(again.events.tick));
    const onceMore = readMidi(bytes);
    timed('pairing', () => pairNotes(onceMore));
  }
  const { notes, ...stages } = totals;
  return { ...stages, tables: notes - stages.seconds - stages.pairing };
}

const rounds = [];
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  const stages = stagesOfAll();
  if (round >= WARM_UP) rounds.push(stages);
}
const medianOf = (stage) => [stage, median(rounds.map((stages) => stages[stage]))];
console.log(JSON.stringify(Object.fromEntries(Object.keys(rounds[0]).map(medianOf))));
