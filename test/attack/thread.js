/** The thread in which cases are tried: whoever started it ends it when one takes too long. */
import { parentPort, workerData } from 'node:worker_threads';
import { CadenzaError, Random } from '../../dist/index.js';
import { attackNamed } from './attacks.js';

const { name, seed, from, count, shared } = workerData;
/** The case under way, and how many are done: whoever watches reads it while this thread is busy. */
const progress = new Int32Array(shared);
const { make, use } = await attackNamed(name);

/** What went wrong with a case; undefined where it was used or refused as it should be. */
async function faultOf(bytes) {
  const memory = process.memoryUsage();
  const began = process.cpuUsage();
  let fault;
  let isUsed = true;
  try {
    await use(bytes);
  } catch (error) {
    isUsed = false;
    if (!(error instanceof CadenzaError)) fault = `${error?.name}: ${String(error?.message).split('\n')[0]}`;
    else if (/\n/.test(error.message)) fault = `a message of several lines: ${JSON.stringify(error.message)}`;
  }
  // Of the processor: what else the machine does meanwhile does not count.
  const { user, system } = process.cpuUsage(began);
  const milliseconds = (user + system) / 1000;
  // As promised: a second for 100 kB, ten times the file and 100 MB.
  if (milliseconds > 1000 * Math.max(1, bytes.length / 1e5)) fault ??= `took ${Math.round(milliseconds)} ms`;
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - memory.heapUsed - memory.arrayBuffers;
  if (grown > 10 * bytes.length + 100e6) fault ??= `took ${Math.round(grown / 1e6)} MB`;
  return { fault, isUsed };
}

const caseOf = (i) => make(new Random(seed).fork(`${name} ${i}`));

Atomics.store(progress, 2, 1);
if (workerData.bytes !== undefined) parentPort.postMessage(await faultOf(workerData.bytes));
else {
  let used = 0;
  for (let i = from; i < from + count; i++) {
    Atomics.store(progress, 0, i);
    const bytes = caseOf(i);
    const { fault, isUsed } = await faultOf(bytes);
    used += Number(isUsed);
    Atomics.store(progress, 1, i - from + 1);
    if (fault !== undefined) parentPort.postMessage({ i, fault, bytes });
  }
  parentPort.postMessage({ used });
}
