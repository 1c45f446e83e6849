/** An engine in a worker of its own, whoever starts it. */
import type { Engine } from '../../engine/engine.js';
import { type EngineAnswer, RemoteEngine } from '../../engine/remote.js';
import type { RuntimeUrls } from '../assets.js';
import type { ToEngine } from '../workers/engine-messages.js';
import { endedWith, openWorker } from '../workers/open-worker.js';

/** An engine in a worker of its own. */
export interface WebEngine extends Engine {
  /** Ends the worker, and with it all programs. */
  close(): void;
}

/** Where its script lies, and the runtime. */
export interface EngineUrls {
  readonly worker: string;
  readonly runtime: RuntimeUrls;
}

/**
 * Starts a worker with an engine in it. What goes wrong is said by the first program.
 *
 * @param onSilence what to say when the worker ends without a word
 */
export function openEngine(
  { worker: url, runtime }: EngineUrls,
  threads: number,
  onSilence: () => Error,
): WebEngine {
  const worker = openWorker(url, 'engine');
  const send = (message: ToEngine) => worker.postMessage(message);
  send({ runtime });
  const engine = new RemoteEngine(send, threads);
  worker.addEventListener('message', ({ data }: MessageEvent<EngineAnswer>) => engine.receive(data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    engine.fail(endedWith(event.message) ?? onSilence());
  });
  return {
    name: engine.name,
    compile: (graph) => engine.compile(graph),
    close() {
      worker.terminate();
      engine.fail(new Error('the engine was closed'));
    },
  };
}
