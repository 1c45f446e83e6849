/**
 * Writes one step of a model as ONNX, and says beside it what everything is that goes in and comes out: what
 * happened last and a state go in; what comes next and the state after go out.
 */
import { OnnxWriter, type Operand } from '../engine/onnx/onnx-writer.js';
import { type OnnxElementType, OPSET } from '../engine/onnx/proto.js';
import { sizeOf } from '../graph/tensor.js';

/** What an input is there for. */
export type Role =
  /** What happened last. */
  | 'event'
  /** Numbers from 0 to below 1, drawn anew for every step: all that is left to chance. */
  | 'draws'
  /** What may be chosen; `usual` where nothing is. */
  | 'setting'
  /** What the model remembers: `next_NAME` of the step before, `usual` at the beginning. */
  | 'state';

/** Something that goes into a step. */
export interface StepInput {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly shape: readonly number[];
  readonly role: Role;
  /** The value of all its numbers at the beginning, or where nothing is chosen. */
  readonly usual: number;
  readonly meaning: string;
}

/** Something that comes out of a step. */
export interface StepOutput {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly shape: readonly number[];
  readonly meaning: string;
}

/** What a step takes and gives. */
export interface StepSignature {
  /** Version of the operator set that it needs. */
  readonly opset: number;
  readonly inputs: readonly StepInput[];
  readonly outputs: readonly StepOutput[];
}

/** Codes of TensorProto.DataType. */
const TYPES = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

export class StepWriter {
  readonly writer = new OnnxWriter();
  private readonly inputs: StepInput[] = [];
  private readonly outputs: StepOutput[] = [];

  /** An operator of one output. Numbers are float32 constants. */
  op(type: string, ...inputs: readonly Operand[]): string {
    return this.writer.add(type, inputs);
  }

  /** The same with attributes. */
  opWith(type: string, attributes: Attributes, ...inputs: readonly Operand[]): string {
    return this.writer.add(type, inputs, attributes);
  }

  cast(value: string, type: keyof typeof TYPES): string {
    return this.opWith('Cast', { to: TYPES[type] }, value);
  }

  /** 1 where something is so, else 0. */
  flag(condition: string): string {
    return this.cast(condition, 'float32');
  }

  not(condition: string): string {
    return this.op('Not', condition);
  }

  and(...conditions: readonly string[]): string {
    return conditions.reduce((a, b) => this.op('And', a, b));
  }

  concat(axis: number, ...parts: readonly Operand[]): string {
    return this.opWith('Concat', { axis }, ...parts);
  }

  /** Numbers `from` up to, and without, `to` of a row. */
  slice(row: string, from: number, to: number): string {
    const bounds = [[from], [to], [0]].map((value) => this.writer.integers(value));
    return this.op('Slice', row, ...bounds);
  }

  reshape(value: string, shape: readonly number[]): string {
    return this.op('Reshape', value, this.writer.integers(shape));
  }

  /** One number of a row, as a scalar. */
  at(row: string, place: number): string {
    return this.reshape(this.slice(row, place, place + 1), []);
  }

  /** A row of float32 constants. */
  row(values: ArrayLike<number>): string {
    return this.writer.floats(values);
  }

  /** 0, 1, 2, … as float32. */
  range(length: number): string {
    return this.row(Array.from({ length }, (_, i) => i));
  }

  /** The sums of a row up to each place. */
  sumUpTo(
    row: string,
    options: { readonly isExclusive?: boolean; readonly isReverse?: boolean } = {},
  ): string {
    const { isExclusive = false, isReverse = false } = options;
    const axis = this.writer.initializer('int64', [], BigInt64Array.of(0n));
    return this.opWith('CumSum', { exclusive: Number(isExclusive), reverse: Number(isReverse) }, row, axis);
  }

  /** The largest of all numbers, or their sum, as a scalar. */
  reduce(type: 'ReduceMax' | 'ReduceSum', value: string): string {
    return this.opWith(type, { keepdims: 0 }, value);
  }

  input(input: StepInput): string {
    this.inputs.push(input);
    return this.writer.input(input.name, input.type, input.shape);
  }

  output(
    name: string,
    value: string,
    type: OnnxElementType,
    shape: readonly number[],
    meaning: string,
  ): void {
    this.outputs.push({ name, type, shape, meaning });
    this.writer.output(name, value, type, shape);
  }

  /**
   * Something that is remembered from step to step: float32, all 0 at the beginning.
   *
   * @returns what it is now, and a way to say what it is next
   */
  state(name: string, shape: readonly number[], meaning: string): State {
    const value = this.input({ name, type: 'float32', shape, role: 'state', usual: 0, meaning });
    const next = (after: string) =>
      this.output(
        `next_${name}`,
        sizeOf(shape) === 1 ? this.reshape(after, shape) : after,
        'float32',
        shape,
        meaning,
      );
    return { value, next };
  }

  get signature(): StepSignature {
    return { opset: OPSET, inputs: this.inputs, outputs: this.outputs };
  }
}

export interface State {
  readonly value: string;
  next(after: string): void;
}
