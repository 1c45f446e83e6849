/** Browsers' audio contexts: opened, made to run, their clock, and that they can be closed. */
import { CadenzaError } from '../../errors.js';

/** Milliseconds that a browser is given to let the page sound. */
const PATIENCE = 1500;
/** Seconds by which the mixer's limiter looks ahead: what is rendered is heard that much later. */
const LOOK_AHEAD = 0.006;
/** Seconds by which the exact time may differ from the other; more is a browser's mistake. */
const MOST_OFF = 0.04;

/** @throws CadenzaError where the browser has none */
export function openContext(): AudioContext {
  if (typeof AudioContext === 'undefined')
    throw new CadenzaError('this browser plays no sound (it has no Web Audio)');
  return new AudioContext({ latencyHint: 'interactive' });
}

/** Rejects when a context is closed: what waits for its worklet would wait for ever. */
export function closed(context: AudioContext): Promise<never> {
  return new Promise((_, reject) => {
    context.addEventListener('statechange', () => {
      if (context.state === 'closed') reject(new CadenzaError('the sound of the page was closed'));
    });
  });
}

/**
 * The time whose sound is heard now. A context's own clock goes in steps of some ten milliseconds; what
 * browsers know of their output says it exactly.
 */
export function heardIn(context: AudioContext): number {
  const about = context.currentTime - (context.outputLatency || context.baseLatency || 0) - LOOK_AHEAD;
  const { contextTime, performanceTime } = context.getOutputTimestamp?.() ?? {};
  if (context.state !== 'running' || !contextTime || !performanceTime) return about;
  const exact = contextTime + (performance.now() - performanceTime) / 1000;
  return Math.abs(exact - LOOK_AHEAD - about) < MOST_OFF ? exact - LOOK_AHEAD : about;
}

/**
 * Lets a context run. A browser that wants a gesture first does not refuse, it lets the promise wait: so not
 * for ever.
 */
export async function resume(context: AudioContext): Promise<void> {
  if (context.state === 'running') return;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([context.resume(), patience]);
  if ((context.state as AudioContextState) !== 'running') {
    throw new CadenzaError('browsers play no sound before a click or a key press; press play once more');
  }
}
