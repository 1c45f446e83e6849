/** An engine that lets its worker listen to what the page says, however long a job is. */
import type { Engine } from '../../engine/engine.js';
import { breathe } from './breathe.js';

/** Milliseconds of work at a stretch. */
const MOST_AT_A_STRETCH = 12;

/** A job was cancelled. */
export class Cancelled extends Error {
  override name = 'Cancelled';
}

/**
 * Every run of a program may pause for messages, and ends in {@link Cancelled} when `isCancelled` says so by
 * then.
 */
export function politeEngine(engine: Engine, isCancelled: () => boolean): Engine {
  let last = performance.now();
  const pause = async () => {
    if (performance.now() - last <= MOST_AT_A_STRETCH) return;
    await breathe();
    last = performance.now();
  };
  return {
    name: engine.name,
    async compile(graph) {
      await pause();
      const program = await engine.compile(graph);
      return {
        bind: (feeds) => program.bind(feeds),
        async run(feeds, into) {
          await pause();
          if (isCancelled()) throw new Cancelled();
          return program.run(feeds, into);
        },
        release: () => program.release(),
      };
    },
  };
}
