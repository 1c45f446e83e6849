/** What every engine promises, held against the plain engine in double precision. */
import fc from 'fast-check';
import runtime from 'onnxruntime-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Engine, Program, TensorData } from '../../src/engine/engine.js';
import { EMITTERS } from '../../src/engine/onnx/operations.js';
import { onnxEngine } from '../../src/engine/onnx/runtime.js';
import { OPERATIONS as PLAIN_OPERATIONS } from '../../src/engine/plain/operations.js';
import { plainEngine } from '../../src/engine/plain/plain.js';
import { engineService, RemoteEngine } from '../../src/engine/remote.js';
import * as ops from '../../src/graph/ops.js';
import { type Graph, sizeOf, type Tensor } from '../../src/graph/tensor.js';
import { Random } from '../../src/random.js';
import { graphOf, lstmGraph, OPERATIONS, SCANS, sharedConstant } from '../helpers/engine-graphs.js';
import { expectClose, randomValues } from '../helpers/tensors.js';

/** Steps of the sequences here. */
const T = 4;

const oracle = plainEngine('float64');
/** An engine that cannot do something says why under the name of the promise; there is none at present. */
const ENGINES: readonly { readonly engine: Engine; readonly lacks?: Readonly<Record<string, string>> }[] = [
  { engine: oracle },
  { engine: plainEngine('float32') },
  { engine: onnxEngine(runtime, { threads: 1 }) },
  { engine: inAnotherThread() },
];

/** An engine behind messages, as threads and workers have it, with what travels copied. */
function inAnotherThread(): Engine {
  const serve = engineService(runtime);
  const engine: RemoteEngine = new RemoteEngine(async (request) =>
    engine.receive((await serve(structuredClone(request))).answer),
  );
  return engine;
}

// What the compiler has to refuse: an operation that an engine lacks.
const { scan: _plain, ...withoutScan } = PLAIN_OPERATIONS;
// @ts-expect-error the plain engine without scans
withoutScan satisfies typeof PLAIN_OPERATIONS;
const { tanh: _onnx, ...withoutTanh } = EMITTERS;
// @ts-expect-error the ONNX emitter without tanh
withoutTanh satisfies typeof EMITTERS;
/**
 * Single precision has 6e-8; sums of some dozen numbers of size 1 and approximated tanh and exp stay well
 * within this. Relative to the tensor, and absolute for sums that cancel.
 */
const TOLERANCE = 1e-5;

async function compile(engine: Engine, graph: Graph): Promise<Program> {
  const program = await engine.compile(graph);
  onTestFinished(() => program.release());
  return program;
}

function randomFeeds(graph: Graph, seed = 1): Record<string, TensorData> {
  const random = new Random(seed);
  const feed = ({ shape, elementType }: Tensor) =>
    elementType === 'int32'
      ? Int32Array.from({ length: sizeOf(shape) }, () => random.below(4))
      : // Rounded, so that every engine is fed the same numbers.
        Float32Array.from(randomValues(random, sizeOf(shape)));
  return Object.fromEntries(Object.entries(graph.inputs).map(([name, tensor]) => [name, feed(tensor)]));
}

async function expectAgreement(engine: Engine, graph: Graph, feeds = randomFeeds(graph)): Promise<void> {
  const expected = await (await oracle.compile(graph)).run(feeds);
  const program = await engine.compile(graph);
  try {
    const found = await program.run(feeds);
    expect(Object.keys(found).sort()).toEqual(Object.keys(graph.outputs).sort());
    for (const [name, values] of Object.entries(expected)) {
      expectClose(found[name], values, TOLERANCE, name, TOLERANCE);
    }
  } finally {
    await program.release();
  }
}

/** Runs an LSTM's gradients and products large enough to be shared between threads, again and again. */
async function expectSameBits(engine: Engine): Promise<void> {
  const inputs = { a: ops.input('a', [70, 90]), b: ops.input('b', [90, 110]) };
  const product = ops.matmul(inputs.a, inputs.b);
  const large: Graph = { inputs, outputs: { product, loss: ops.mean(ops.tanh(product)) } };
  for (const graph of [lstmGraph(), large]) {
    const feeds = randomFeeds(graph);
    const [first, second] = [await compile(engine, graph), await compile(engine, graph)];
    const expected = await first.run(feeds);
    await first.run(randomFeeds(graph, 2));
    for (let run = 0; run < 3; run++) expect(await first.run(feeds)).toEqual(expected);
    expect(await second.run(feeds)).toEqual(expected);
  }
}

describe.each(ENGINES.map(({ engine, lacks }) => [engine.name, engine, lacks] as const))(
  '%s',
  (_, engine, lacks) => {
    /** A promise, skipped with its reason where the engine lacks it. */
    const promise = (name: string, test: () => Promise<void>) =>
      lacks?.[name] === undefined ? it(name, test) : it.skip(`${name}: ${lacks[name]}`, test);

    it.each(Object.entries(OPERATIONS))('computes %s', async (_, graphs) => {
      await fc.assert(
        fc.asyncProperty(graphs, (graph) => expectAgreement(engine, graph)),
        { numRuns: 15 },
      );
    });

    it.each(Object.entries(SCANS))('scans: %s', (_, graph) => expectAgreement(engine, graph));

    promise('shares a constant between the graph and the bodies of scans', () =>
      expectAgreement(engine, sharedConstant()),
    );

    promise('runs an LSTM and its gradients', () => expectAgreement(engine, lstmGraph()));

    promise('keeps extreme numbers in their bounds', async () => {
      const graph = graphOf([[6], [2, 3]], (x, rows) => [ops.sigmoid(x), ops.tanh(x), ops.logSoftmax(rows)]);
      const program = await compile(engine, graph);
      const { y0, y1, y2 } = await program.run({
        x0: Float32Array.of(-1e4, -200, 0, 200, 1e4, 1e30),
        x1: Float32Array.of(1e4, -1e4, 0, 500, 500, 500),
      });
      expectClose(y0, [0, 0, 0.5, 1, 1, 1], 1e-7, 'sigmoid');
      expectClose(y1, [-1, -1, 0, 1, 1, 1], 1e-7, 'tanh');
      const third = -Math.log(3);
      expectClose(y2, [0, -2e4, -1e4, third, third, third], 1e-7, 'logSoftmax');
    });

    promise('keeps what is bound to it, until that is bound anew', async () => {
      const [x, w] = [ops.input('x', [2]), ops.input('w', [2])];
      const program = await compile(engine, { inputs: { x, w }, outputs: { y: ops.multiply(x, w) } });
      await expect(program.run({ x: Float32Array.of(1, 2) })).rejects.toThrow(/input w: expected 2 elements/);
      await program.bind({ w: Float32Array.of(3, 4) });
      for (const factor of [1, 2]) {
        const { y } = await program.run({ x: Float32Array.of(factor, factor) });
        expect([...y]).toEqual([3 * factor, 4 * factor]);
      }
      await program.bind({ w: Float32Array.of(5, 6) });
      const { y } = await program.run({ x: Float32Array.of(1, 1) });
      expect([...y]).toEqual([5, 6]);
      // What is fed goes before what is bound.
      const { y: fed } = await program.run({ x: Float32Array.of(1, 1), w: Float32Array.of(7, 8) });
      expect([...fed]).toEqual([7, 8]);
    });

    promise('lets NaN through, so that no divergence goes unseen', async () => {
      const functions = [ops.sigmoid, ops.tanh, ops.relu, ops.exp, ops.sqrt, ops.logSoftmax];
      const graph = graphOf([[9]], (x) => [
        ...functions.map((f) => f(x)),
        ops.minimum(x, 1),
        ops.sum(x),
        ops.multiply(x, 0),
        ops.positive(x),
      ]);
      const program = await compile(engine, graph);
      const { y9, ...others } = await program.run({ x0: new Float32Array(9).fill(Number.NaN) });
      for (const values of Object.values(others))
        expect([...values]).toEqual(Array(values.length).fill(Number.NaN));
      expect([...y9]).toEqual(Array(9).fill(0));
    });

    promise('gives inputs, constants and one tensor under several names', async () => {
      const [x, indices] = [ops.input('x', [2]), ops.input('indices', [2], 'int32')];
      const y = ops.multiply(x, 2);
      const program = await compile(engine, {
        inputs: { x, indices },
        outputs: { same: x, y, again: y, three: ops.scalar(3), back: indices },
      });
      const feeds = { x: Float32Array.of(1, 2), indices: Int32Array.of(-1, 7) };
      const found = await program.run(feeds);
      const plain = Object.fromEntries(Object.entries(found).map(([name, data]) => [name, [...data]]));
      expect(plain).toEqual({ same: [1, 2], y: [2, 4], again: [2, 4], three: [3], back: [-1, 7] });
      // What comes out is the caller's: it does not change with the feed, nor with the next run.
      feeds.x.set([5, 6]);
      expect([...found.same]).toEqual([1, 2]);
      await program.run(feeds);
      expect([...found.y]).toEqual([2, 4]);
    });

    promise('takes 32-bit integers and slices and reshapes them', async () => {
      const indices = ops.input('indices', [2, 3], 'int32');
      const part = ops.reshape(ops.slice(indices, 1, 1, 3), [4]);
      expect(part.elementType).toBe('int32');
      const program = await compile(engine, { inputs: { indices }, outputs: { part: ops.oneHot(part, 4) } });
      const { part: found } = await program.run({ indices: Int32Array.of(0, 1, 2, 3, 0, 3) });
      expect([...found]).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    });

    it('writes into the buffers it is given and returns them', async () => {
      const graph = graphOf([[3], [T, 3]], (x, sequence) => [
        ops.multiply(x, 2),
        ops.sum(x),
        x,
        ...ops.scan({
          states: [x],
          sequences: [sequence],
          body: ([s], [v]) => ({ states: [ops.add(s, v)], outputs: [s] }),
        }).outputs,
      ]);
      const feeds = randomFeeds(graph);
      const program = await compile(engine, graph);
      const expected = await program.run(feeds);
      const into = {
        y0: new Float32Array(3).fill(9),
        y1: new Float32Array(1).fill(9),
        y2: new Float32Array(3).fill(9),
        y3: new Float32Array(T * 3).fill(9),
      };
      for (let run = 0; run < 2; run++) {
        const found = await program.run(feeds, into);
        for (const name of ['y0', 'y1', 'y2', 'y3'] as const) {
          expect(found[name], name).toBe(into[name]);
          expect([...into[name]], name).toEqual([...Float32Array.from(expected[name])]);
        }
      }
      // Some given, some not.
      const buffer = new Float32Array(3);
      const mixed = await program.run(feeds, { y2: buffer });
      expect(mixed.y2).toBe(buffer);
      expect([...mixed.y0]).toEqual([...expected.y0]);
    });

    it('swaps two sets of buffers, as training does', async () => {
      const [x, rate] = [ops.input('x', [2]), ops.input('rate', [])];
      const program = await compile(engine, {
        inputs: { x, rate },
        outputs: { next: ops.multiply(x, rate) },
      });
      let [current, spare] = [Float32Array.of(1, -2), new Float32Array(2)];
      for (let step = 0; step < 5; step++) {
        await program.run({ x: current, rate: Float32Array.of(2) }, { next: spare });
        [current, spare] = [spare, current];
      }
      expect([...current]).toEqual([32, -64]);
    });

    it('leaves its feeds as they are', async () => {
      const graph = SCANS['several states, sequences and captures'];
      const feeds = randomFeeds(graph);
      const program = await compile(engine, graph);
      await program.run(feeds);
      expect(feeds).toEqual(randomFeeds(graph));
    });

    it('refuses feeds that are missing or of the wrong length', async () => {
      const program = await compile(
        engine,
        graphOf([[2, 2], []], (a, b) => [ops.add(a, b)]),
      );
      const [four, one] = [new Float32Array(4), new Float32Array(1)];
      await expect(program.run({ x0: four })).rejects.toThrow('input x1: expected 1 elements, got none');
      await expect(program.run({ x0: one, x1: one })).rejects.toThrow('input x0: expected 4 elements, got 1');
      await expect(program.run({ x0: four, x1: four })).rejects.toThrow(
        'input x1: expected 1 elements, got 4',
      );
      await expect(program.run({ x0: four, x1: one, unknown: one })).resolves.toBeDefined();
    });

    it('refuses a missing feed even if no output depends on it', async () => {
      const [x, unused] = [ops.input('x', []), ops.input('unused', [])];
      const program = await compile(engine, { inputs: { x, unused }, outputs: { y: ops.tanh(x) } });
      const one = new Float32Array(1);
      await expect(program.run({ x: one })).rejects.toThrow('input unused');
      await expect(program.run({ x: one, unused: one })).resolves.toEqual({ y: expect.anything() });
    });

    it('gives the same bits every time, in every compilation', () => expectSameBits(engine));
  },
);

describe('the ONNX engine', () => {
  it.each([undefined, 2])('gives the same bits every time with threads: %s', (threads) =>
    expectSameBits(onnxEngine(runtime, { threads })),
  );
});
