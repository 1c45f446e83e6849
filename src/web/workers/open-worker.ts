/** Starts a worker from a script of the package, and says how it ended. */
import { CadenzaError } from '../../errors.js';

/** Milliseconds after which a script is surely there. */
const REVOKE_AFTER = 60_000;

/** The worker of a script, which may lie on another host: there a page may import it, but not start it. */
export function openWorker(url: string, name: string): Worker {
  const options: WorkerOptions = { type: 'module', name };
  if (new URL(url).origin === globalThis.location.origin) return new Worker(url, options);
  const code = `import ${JSON.stringify(url)};`;
  const local = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(local, options);
  // Its script is fetched a little later.
  setTimeout(() => URL.revokeObjectURL(local), REVOKE_AFTER);
  return worker;
}

/** What ended a worker, in words: as a rule memory that ran out. Undefined where its script never ran. */
export function endedWith(message: string | undefined): CadenzaError | undefined {
  return message ? new CadenzaError(`the browser ended what was at work (${message}); try again`) : undefined;
}
