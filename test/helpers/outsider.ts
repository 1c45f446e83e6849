/** A program that plays an exported model and knows no more of it than its description. */
import * as ort from 'onnxruntime-node';
import type { OnnxElementType } from '../../src/engine/onnx/proto.js';
import type { StepSignature } from '../../src/export/step-writer.js';

export class Outsider {
  private readonly feeds: Record<string, ort.Tensor> = {};

  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly inputs: StepSignature['inputs'],
  ) {
    for (const { name, usual } of inputs) this.set(name, usual);
  }

  static async of(exported: {
    readonly bytes: Uint8Array;
    readonly description: StepSignature;
  }): Promise<Outsider> {
    const session = await ort.InferenceSession.create(exported.bytes, { logSeverityLevel: 3 });
    return new Outsider(session, exported.description.inputs);
  }

  /** Sets an input, all of it to one value or each number to its own. */
  set(name: string, values: number | readonly number[]): void {
    const input = this.inputs.find((each) => each.name === name);
    if (input === undefined) throw new Error(`there is no input ${name}`);
    const { type, shape } = input;
    const size = shape.reduce((product, each) => product * each, 1);
    const all = typeof values === 'number' ? new Array<number>(size).fill(values) : values;
    this.feeds[name] = tensorOf(type, all, shape);
  }

  /** Goes on by a step, past `event`. */
  async step(event: readonly number[], draws: readonly number[]): Promise<Record<string, number[]>> {
    this.set('event', event);
    this.set('draws', draws);
    const results = await this.session.run(this.feeds);
    for (const { name, role } of this.inputs)
      if (role === 'state') this.feeds[name] = results[`next_${name}`];
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
    );
  }
}

function tensorOf(type: OnnxElementType, values: readonly number[], shape: readonly number[]): ort.Tensor {
  switch (type) {
    case 'int64':
      return new ort.Tensor(type, BigInt64Array.from(values, BigInt), shape);
    case 'int32':
      return new ort.Tensor(type, Int32Array.from(values), shape);
    case 'float32':
      return new ort.Tensor(type, Float32Array.from(values), shape);
    case 'float64':
      return new ort.Tensor(type, Float64Array.from(values), shape);
  }
}
