/**
 * What `onnxEngine` makes of a runtime that, as WebAssembly does, never writes to the buffers it is given.
 */
import * as native from 'onnxruntime-node';
import { expect, test } from 'vitest';
import * as ops from '../../graph/ops.js';
import { type OnnxRuntime, onnxEngine } from './runtime.js';

const x = ops.input('x', [2]);
const doubled = { inputs: { x }, outputs: { y: ops.multiply(x, 2) } };

/** The native runtime in the guise of the web's: a given output comes back as it went in. */
function webLike(): OnnxRuntime {
  return {
    Tensor: native.Tensor,
    env: { ...native.env, versions: { common: '', web: '' }, wasm: {} },
    InferenceSession: {
      create: async (...args: Parameters<typeof native.InferenceSession.create>) => {
        const session = await native.InferenceSession.create(...args);
        const run: typeof session.run = async (
          feeds: Parameters<typeof session.run>[0],
          fetches: Record<string, native.Tensor | null>,
        ) => {
          const results = await session.run(feeds);
          return Object.fromEntries(
            Object.keys(fetches).map((name) => [name, fetches[name] ?? results[name]]),
          );
        };
        return { run, release: () => session.release() };
      },
    } as unknown as OnnxRuntime['InferenceSession'],
  };
}

test.each([
  ['native', native as OnnxRuntime],
  ['web-like', webLike()],
])('a %s runtime fills the buffer it is given', async (_, runtime) => {
  const program = await onnxEngine(runtime).compile(doubled);
  const y = new Float32Array(2);
  const results = await program.run({ x: Float32Array.of(1, 2) }, { y });
  expect(results.y).toBe(y);
  expect([...y]).toEqual([2, 4]);
  await program.release();
});

test('asks a runtime that shares its threads between sessions for as many as it should use', async () => {
  const runtime = webLike();
  await (await onnxEngine(runtime, { threads: 3 }).compile(doubled)).release();
  expect(runtime.env.wasm.numThreads).toBe(3);
});
