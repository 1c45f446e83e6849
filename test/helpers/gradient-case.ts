/** The gradient of a step of a small model of events, which hears and says all that a large one does. */
import { type Engine, initialParameters, kindNamed } from '../../src/index.js';
import { gradientGraph } from '../../src/model/graphs.js';
import { pieceOf } from './run-case.js';

const SIZES = { layers: 2, hiddenSize: 6, headSize: 5, contextUnits: 4, keyFeatures: 2 };

export async function gradientOfStep(engine: Pick<Engine, 'compile'>) {
  const kind = kindNamed('performance');
  const pieces = { train: [1, 2, 3].map((seed) => kind.prepare(pieceOf(seed, 60))), validation: [] };
  const options = { ...kind.options, batchSize: 3, sequenceLength: 8 };
  const loader = await kind.dataLoader(kind.configure(SIZES), pieces, options);
  loader.begin(1, 0, {});
  const { model } = loader;
  const program = await engine.compile(gradientGraph(model, loader.batch));
  const parameters = initialParameters(model.parameters, 3);
  const { loss, gradient } = await program.run({ ...loader.next(), parameters });
  await program.release();
  return { loss: loss as Float32Array, gradient: gradient as Float32Array };
}
