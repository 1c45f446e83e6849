/** Tries cases of an attack, and finds the smallest one of each kind of fault. */
import { Worker } from 'node:worker_threads';
import { Random } from '../../dist/index.js';
import { attackNamed } from './attacks.js';

const LOOK_MS = 200;
/** A case that takes so many looks hangs. Looks, not time: all may be stopped for a while, and go on. */
const MOST_LOOKS = 50;

/** Runs a thread to its end, or until a case hangs. */
function thread(data, onMessage) {
  return new Promise((resolve, reject) => {
    const shared = new SharedArrayBuffer(12);
    const progress = new Int32Array(shared);
    const worker = new Worker(new URL('thread.js', import.meta.url), {
      workerData: { ...data, shared },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    let [last, looks] = [-1, 0];
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 1);
      // Until it has loaded what it attacks, it is no case that takes so long.
      if (now !== last || Atomics.load(progress, 2) === 0) [last, looks] = [now, 0];
      else if (++looks > MOST_LOOKS) end({ hung: Atomics.load(progress, 0), done: now });
    }, LOOK_MS);
    const end = (result) => {
      clearInterval(watch);
      void worker.terminate();
      resolve(result);
    };
    worker.on('message', onMessage);
    worker.on('error', (error) =>
      end({ crashed: error.message, hung: Atomics.load(progress, 0), done: last }),
    );
    worker.on('exit', () => end({}));
    worker.on('messageerror', reject);
  });
}

/** What goes wrong with these bytes. */
async function faultOf(name, bytes) {
  let fault;
  const { hung, crashed } = await thread({ name, bytes }, (message) => {
    ({ fault } = message);
  });
  return crashed ?? (hung === undefined ? fault : 'hangs');
}

/** Time and memory are those of all that goes on in a process: garbage of cases before, too. */
const isMeasured = (fault) => /^took /.test(fault);

/** The kind of a fault: without the numbers and names that are in it. */
const kindOf = (fault) => fault?.replace(/-?[0-9][0-9.e+]*/g, 'N').replace(/"[^"]*"/g, '"…"');

/** Leaves out what is not needed for the fault, for so many seconds. */
async function smallest(name, bytes, fault, seconds) {
  const until = performance.now() + 1000 * seconds;
  let best = bytes;
  for (let size = best.length >> 1; size > 0 && performance.now() < until; size >>= 1) {
    for (let at = 0; at + size <= best.length && performance.now() < until; ) {
      const less = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + size)]);
      if (kindOf(await faultOf(name, less)) === kindOf(fault)) best = less;
      else at += size;
    }
  }
  return best;
}

/**
 * @param {string} name of the attack
 * @param {{ count: number, seed?: number, seconds?: number, shrinkSeconds?: number, onProgress?: (done: number) => void }} options
 * @returns {Promise<{ cases: number, used: number, faults: { fault: string, times: number, seedCase: number, bytes: Uint8Array }[] }>}
 */
export async function attack(
  name,
  { count, seed = 0, seconds = Number.POSITIVE_INFINITY, shrinkSeconds = 0, onProgress },
) {
  const kinds = new Map();
  const { make } = await attackNamed(name);
  const found = (fault, i, bytes) => {
    const known = kinds.get(kindOf(fault));
    if (known === undefined) kinds.set(kindOf(fault), { fault, times: 1, seedCase: i, bytes });
    else {
      known.times++;
      if (bytes && (!known.bytes || bytes.length < known.bytes.length))
        Object.assign(known, { bytes, seedCase: i });
    }
  };
  const until = performance.now() + 1000 * seconds;
  let [cases, used] = [0, 0];
  while (cases < count && performance.now() < until) {
    const part = Math.min(2000, count - cases);
    const suspicions = [];
    const result = await thread({ name, seed, from: cases, count: part }, (message) => {
      if (message.used !== undefined) used += message.used;
      else if (isMeasured(message.fault)) suspicions.push(message);
      else found(message.fault, message.i, message.bytes);
    });
    for (const { i, bytes } of suspicions) {
      const fault = await faultOf(name, bytes);
      if (fault !== undefined) found(fault, i, bytes);
    }
    if (result.hung !== undefined) {
      const bytes = make(new Random(seed).fork(`${name} ${result.hung}`));
      found(result.crashed ?? 'hangs', result.hung, bytes);
      cases = result.hung + 1;
    } else cases += part;
    onProgress?.(cases);
  }
  const faults = [...kinds.values()];
  for (const each of faults)
    if (shrinkSeconds > 0 && each.bytes)
      each.bytes = await smallest(name, each.bytes, each.fault, shrinkSeconds);
  return { cases, used, faults };
}
