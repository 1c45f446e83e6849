/**
 * The fair race: every contestant is a process of its own that does one unit of work at a time, and they take
 * turns (ours, peer, ours, peer, …), so that whatever the machine does meanwhile happens to all of them.
 *
 * A contestant prints one line of JSON when it is ready, `{"version": "…", …}`, or `{"skip": "why"}` where it
 * cannot run. Then for every line it reads it does the work once and prints `{"milliseconds": …, …}`. At the
 * end of its input it exits.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long a contestant may take to get ready or to do one unit of work. */
const PATIENCE_MILLISECONDS = 300_000;
/** Between turns, because the threads of some runtimes go on spinning for a while after their work. */
const PAUSE_MILLISECONDS = 200;

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A running contestant. */
class Contestant {
  constructor({ name, command, args = [], cwd, env }) {
    this.name = name;
    this.process = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.errors = '';
    this.process.stderr.on('data', (chunk) => {
      this.errors = `${this.errors}${chunk}`.slice(-2000);
    });
    this.process.stdin.on('error', () => {}); // said below, when it does not answer
    this.process.on('error', () => {});
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** The next line that is JSON; other lines are a library's chatter. */
  async answer() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name}: no answer`)), PATIENCE_MILLISECONDS);
    });
    try {
      for (;;) {
        const { value, done } = await Promise.race([this.lines.next(), late]);
        if (done) throw new Error(`${this.name} ended: ${this.errors.trim().split('\n').at(-1)}`);
        if (value.startsWith('{')) return JSON.parse(value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async work() {
    this.process.stdin.write('go\n');
    return this.answer();
  }

  stop() {
    this.process.stdin.end();
    this.process.kill();
  }
}

/**
 * Races contestants.
 *
 * @param {{ name: string, command: string, args?: string[], rounds?: number }[]} entries ours first; `rounds`
 *   is for contestants so slow that a few rounds have to do
 * @param {{ warmUp?: number, rounds?: number }} options
 * @returns {Promise<object[]>} one result each: `name`, what it said when ready, `milliseconds` (the median),
 *   `samples` and the medians of whatever other numbers it answered; or `name` and `skip`
 */
export async function race(entries, { warmUp = 2, rounds = 9 } = {}) {
  const runners = [];
  try {
    for (const entry of entries) {
      const contestant = new Contestant(entry);
      const runner = { entry, contestant, samples: [] };
      runners.push(runner);
      try {
        runner.ready = await contestant.answer();
        for (let i = 0; i < Math.min(warmUp, entry.rounds ?? warmUp); i++) {
          if (runner.ready.skip === undefined) await contestant.work();
        }
      } catch (error) {
        runner.ready = { skip: error.message };
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { entry, contestant, samples, ready } of runners) {
        if (ready.skip !== undefined || round >= (entry.rounds ?? rounds)) continue;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
        samples.push(await contestant.work());
      }
    }
  } finally {
    for (const { contestant } of runners) contestant.stop();
  }
  return runners.map(({ entry, ready, samples }) => ({ name: entry.name, ...ready, ...medians(samples) }));
}

function medians(samples) {
  if (samples.length === 0) return {};
  const numbers = Object.keys(samples[0]).filter((key) => typeof samples[0][key] === 'number');
  const middle = Object.fromEntries(
    numbers.map((key) => [key, median(samples.map((sample) => sample[key]))]),
  );
  return { ...middle, samples: samples.map(({ milliseconds }) => milliseconds) };
}
