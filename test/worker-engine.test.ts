/** The engine in a thread of its own, which runs from the built package. */
import { afterAll, expect, it } from 'vitest';
import { add, input, matmul } from '../dist/graph/ops.js';
import { createWorkerEngine } from '../dist/node/engine/worker-engine.js';

const engine = createWorkerEngine();
afterAll(() => engine.close());

const x = input('x', [2, 2]);
const graph = { inputs: { x }, outputs: { square: matmul(x, x), double: add(x, x) } };
const feeds = { x: Float32Array.of(1, 2, 3, 4) };

it('computes what it is asked, several programs at once', async () => {
  const [one, two] = await Promise.all([engine.compile(graph), engine.compile(graph)]);
  const answers = await Promise.all([one.run(feeds), two.run(feeds), one.run(feeds)]);
  for (const { square, double } of answers) {
    expect([...square]).toEqual([7, 10, 15, 22]);
    expect([...double]).toEqual([2, 4, 6, 8]);
  }
  // What was fed stays the caller's.
  expect([...feeds.x]).toEqual([1, 2, 3, 4]);
});

it('writes into the buffers it is given', async () => {
  const program = await engine.compile(graph);
  const square = new Float32Array(4);
  expect((await program.run(feeds, { square })).square).toBe(square);
  expect([...square]).toEqual([7, 10, 15, 22]);
});

it('passes errors on, and works on after them', async () => {
  const program = await engine.compile(graph);
  await expect(program.run({})).rejects.toThrow('input x: expected 4 elements, got none');
  expect((await program.run(feeds)).double).toHaveLength(4);
  await program.release();
  await expect(program.run(feeds)).rejects.toThrow();
});

it('does not leave anybody waiting when it is closed', async () => {
  const other = createWorkerEngine();
  const loading = other.compile(graph);
  await other.close();
  await expect(loading).rejects.toThrow('the engine was closed');
  await expect(other.compile(graph)).rejects.toThrow('the engine was closed');
});

it('lets go of a program whose thread is gone', async () => {
  const other = createWorkerEngine();
  const program = await other.compile(graph);
  await other.close();
  await expect(program.run(feeds)).rejects.toThrow('the engine was closed');
  await program.release();
});
