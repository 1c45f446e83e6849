/** The other end of `harness.js` for contestants in JavaScript. */
import { createInterface } from 'node:readline';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Says what the contestant is, then does the work once for every line that comes in, timing it. */
export async function compete(ready, work) {
  say(ready);
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = performance.now();
    const extra = await work();
    say({ milliseconds: performance.now() - start, ...extra });
  }
  process.exit();
}

export function skip(why) {
  say({ skip: why });
  process.exit();
}
