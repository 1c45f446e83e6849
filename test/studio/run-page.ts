/** What the page of run.test.ts runs: a short training, as Node runs it. */
import { trainTwentySteps } from '../helpers/run-case.js';

/** In a form that travels to the test. */
async function train(kind: string) {
  const { saved, losses } = await trainTwentySteps(kind);
  const { checkpoint, model } = saved;
  return { checkpoint: [...checkpoint], model: [...(model ?? [])], losses };
}

Object.assign(window, { train });

declare global {
  interface Window {
    train: typeof train;
  }
}
