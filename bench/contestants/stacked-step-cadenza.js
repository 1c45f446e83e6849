/**
 * The stacked model, a step at a time with carried state: the likeliest symbol and the states are fed back.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { namedViews } from '../../dist/index.js';
import { createOnnxEngine } from '../../dist/node/index.js';
import { bestWay } from '../best-way.js';
import { compete } from '../contestant.js';
import { STACKED, StackedLstm } from '../stacked-lstm.js';

const [batch, steps, compared] = process.argv.slice(2, 5).map(Number);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { layers, hiddenSize, vocabulary } = STACKED;

const model = new StackedLstm();
const bytes = readFileSync(process.argv[5]);
const flat = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const views = [...namedViews(flat, model.parameters)];
const weights = Object.fromEntries(views.map(([name, { data }]) => [name, data]));

const STATES = Array.from({ length: layers }, (_, layer) => [`hidden${layer}`, `cell${layer}`]).flat();
const outputName = (state) => `next${state[0].toUpperCase()}${state.slice(1)}`;

/** Two sets of states that take turns as input and output, so that nothing is copied. */
class Player {
  constructor(program, fed) {
    this.program = program;
    const states = () => STATES.map((name) => [name, new Float32Array(batch * hiddenSize)]);
    const [a, b] = [states(), states()];
    this.symbol = new Int32Array(batch);
    this.logits = new Float32Array(batch * vocabulary);
    const into = (set) => Object.fromEntries(set.map(([name, data]) => [outputName(name), data]));
    this.turns = [
      [
        { ...fed, symbol: this.symbol, ...Object.fromEntries(a) },
        { logits: this.logits, ...into(b) },
      ],
      [
        { ...fed, symbol: this.symbol, ...Object.fromEntries(b) },
        { logits: this.logits, ...into(a) },
      ],
    ];
    this.reset();
  }

  reset() {
    for (const state of STATES) this.turns[0][0][state].fill(0);
    for (let b = 0; b < batch; b++) this.symbol[b] = b;
    this.turn = 0;
  }

  async step() {
    const [feeds, into] = this.turns[this.turn];
    await this.program.run(feeds, into);
    this.turn = 1 - this.turn;
    for (let b = 0; b < batch; b++) {
      const row = b * vocabulary;
      let best = 0;
      for (let v = 1; v < vocabulary; v++) if (this.logits[row + v] > this.logits[row + best]) best = v;
      this.symbol[b] = best;
    }
  }
}

const ways = [];
for (let threads = 1; threads <= Math.min(availableParallelism(), 8); threads *= 2) {
  const engine = await createOnnxEngine({ threads });
  for (const values of [undefined, weights]) {
    const program = await engine.compile(model.stepGraph(batch, values));
    const label = `${threads} threads, weights ${values === undefined ? 'fed' : 'in the graph'}`;
    ways.push({ label, player: new Player(program, values === undefined ? weights : {}) });
  }
}
const trial = async ({ player }) => {
  for (let i = 0; i < 40; i++) await player.step();
};
const { label, player } = await bestWay(ways, trial);
for (const way of ways) if (way.player !== player) await way.player.program.release(); // their threads too

player.reset();
const symbols = [];
for (let i = 0; i < compared; i++) {
  await player.step();
  symbols.push(player.symbol[0]);
}
await compete({ version, settings: label, symbols }, async () => {
  const start = performance.now();
  for (let i = 0; i < steps; i++) await player.step();
  return { milliseconds: (performance.now() - start) / steps };
});
