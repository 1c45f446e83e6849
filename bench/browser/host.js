/**
 * Runs a contestant inside the page or its worker: `/contestant.js` exports `start(spec)`, which gives
 * `{ ready, work }`. The time is taken here, where the work is done.
 */
import { start } from '/contestant.js';

let work;

export async function perform(message) {
  try {
    if (message !== 'go') {
      const started = await start(message);
      work = started.work;
      return started.ready;
    }
    const begin = performance.now();
    const extra = await work();
    return { milliseconds: performance.now() - begin, ...extra };
  } catch (error) {
    return { error: error.stack ?? String(error) };
  }
}

if (typeof window === 'undefined') {
  self.onmessage = async ({ data }) => self.postMessage(await perform(data));
}
