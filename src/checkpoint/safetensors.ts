/**
 * The safetensors format: named tensors and a little text metadata in one file that cannot run code.
 *
 * Layout: 8 bytes header length (little-endian), that many bytes of JSON, then the tensors' bytes without
 * gaps. Specification: https://github.com/huggingface/safetensors#format. Files are written byte for byte as
 * the reference implementation writes them (metadata keys keep their order), and checked at least as strictly
 * when read.
 */
import { CadenzaError, quoted } from '../errors.js';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './half-precision.js';
import { duplicateKeyOf } from './json-keys.js';

/** Numbers of a tensor in memory, row-major; half-precision tensors are widened to `Float32Array`. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** How a tensor's numbers are stored in the file. */
export type Dtype = keyof typeof DTYPES;

/** A tensor of a safetensors file. */
export interface NamedTensor {
  /** Its name, unique in the file; anything but `__metadata__`. */
  readonly name: string;
  /** Its dimensions, outermost first; `[]` for a single number. */
  readonly shape: readonly number[];
  /** As many numbers as `shape` says. */
  readonly data: TensorData;
  /** How it is stored; when absent, as `data` is. A `Float32Array` may also be stored as `F16` or `BF16`. */
  readonly dtype?: Dtype;
}

/** What {@link readSafetensors} finds in a file. */
export interface SafetensorsFile {
  /** The tensors in the order of their bytes in the file. */
  readonly tensors: Required<NamedTensor>[];
  /** The free text of the header's `__metadata__`; empty when it has none. */
  readonly metadata: Record<string, string>;
}

// In the reference's order of alignment: the writer puts the tensors of an earlier type first.
const DTYPES = {
  I64: { bytes: 8, memory: BigInt64Array },
  F64: { bytes: 8, memory: Float64Array },
  F32: { bytes: 4, memory: Float32Array },
  I32: { bytes: 4, memory: Int32Array },
  BF16: { bytes: 2, memory: Float32Array },
  F16: { bytes: 2, memory: Float32Array },
  U8: { bytes: 1, memory: Uint8Array },
} as const;
const DTYPE_ORDER = Object.keys(DTYPES) as Dtype[];

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;
const METADATA_KEY = '__metadata__';

/**
 * Writes a safetensors file: the same tensors and metadata always give the same bytes, whatever their order.
 *
 * @throws RangeError when a tensor's name, shape, data and dtype do not fit together
 */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const stored = tensors.map((tensor) => ({ ...tensor, dtype: storedDtype(tensor) }));
  stored.sort(
    (a, b) =>
      DTYPE_ORDER.indexOf(a.dtype) - DTYPE_ORDER.indexOf(b.dtype) ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );

  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push([METADATA_KEY, metadata]);
  let offset = 0;
  const taken = new Set([METADATA_KEY]);
  for (const { name, shape, data, dtype } of stored) {
    if (taken.has(name)) throw new RangeError(`tensor name ${quoted(name)} is taken`);
    taken.add(name);
    const end = offset + data.length * DTYPES[dtype].bytes;
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  // Joined by hand: an object would move names that look like numbers to the front.
  const members = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > MAX_HEADER_BYTES) throw new RangeError(`a header of ${headerLength} bytes is too long`);

  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerLength;
  for (const { data, dtype } of stored) {
    const encoded = encodeData(data, dtype);
    bytes.set(new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength), position);
    position += encoded.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. Tensors whose bytes lie aligned are views into `bytes`, the others are copies.
 *
 * @param name what error messages call the file, usually its path
 * @throws CadenzaError when the file is cut short, damaged, or no safetensors file
 */
export function readSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  const { header, dataStart } = readHeader(bytes, name);
  const metadata = readMetadata(header, name);

  const entries: TensorEntry[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key !== METADATA_KEY) entries.push(readEntry(key, value, name));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);

  let offset = 0;
  for (const entry of entries) {
    if (entry.begin !== offset) {
      const what = entry.begin < offset ? 'overlaps the tensor before it' : 'leaves a gap before it';
      fail(
        name,
        `tensor ${quoted(entry.name)} begins at data byte ${count(entry.begin)} and ${what}, ` +
          `expected ${count(offset)}; the file is damaged or was written by a faulty tool, write it again`,
      );
    }
    offset = entry.end;
  }
  const promised = dataStart + offset;
  if (promised > bytes.length) {
    fail(
      name,
      `file is cut short: header promises ${count(promised)} bytes, file has ${count(bytes.length)}; ` +
        'copy or download it again',
    );
  }
  if (promised < bytes.length) {
    fail(
      name,
      `file is too long: header promises ${count(promised)} bytes, file has ${count(bytes.length)}; ` +
        'copy or download it again',
    );
  }

  const tensors = entries.map(({ begin, end, ...entry }) => ({
    ...entry,
    data: decodeData(bytes.subarray(dataStart + begin, dataStart + end), entry.dtype),
  }));
  return { tensors, metadata };
}

interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: number[];
  /** First byte, counted from the end of the header. */
  readonly begin: number;
  /** One past its last byte. */
  readonly end: number;
}

function readHeader(bytes: Uint8Array, name: string): { header: object; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    fail(
      name,
      `not a safetensors file: it has ${count(bytes.length)} bytes, the header's length alone takes 8; ` +
        'copy or download it again',
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    fail(
      name,
      `not a safetensors file: bytes 0 to 7 promise a header of ${count(length)} bytes, ` +
        `at most ${count(MAX_HEADER_BYTES)} are allowed; check that this is the file you meant`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.length) {
    fail(
      name,
      `file is cut short: the header takes ${count(dataStart)} bytes, file has ${count(bytes.length)}; ` +
        'copy or download it again',
    );
  }

  let json: string;
  let header: unknown;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    json = decoder.decode(bytes.subarray(LENGTH_BYTES, dataStart));
    header = JSON.parse(json);
  } catch {
    fail(name, `header (bytes 8 to ${count(dataStart - 1)}) is not valid JSON; copy or download it again`);
  }
  if (!isObject(header) || !json.startsWith('{')) {
    fail(name, 'header is not a JSON object that begins at byte 8; copy or download it again');
  }
  const duplicate = duplicateKeyOf(json);
  if (duplicate !== undefined) {
    fail(name, `header names ${quoted(duplicate)} twice; write the file again with unique names`);
  }
  return { header, dataStart };
}

function readMetadata(header: object, name: string): Record<string, string> {
  if (!Object.hasOwn(header, METADATA_KEY)) return {};
  const metadata: unknown = (header as Record<string, unknown>)[METADATA_KEY];
  if (!isObject(metadata)) {
    fail(name, `header's ${METADATA_KEY} is not an object of texts; write the file again without it`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      fail(name, `metadata ${quoted(key)} is ${typeof value}, expected a text; write it as a string`);
    }
  }
  return metadata as Record<string, string>;
}

function readEntry(key: string, value: unknown, name: string): TensorEntry {
  const where = `tensor ${quoted(key)}`;
  const { dtype, shape, data_offsets: offsets } = (isObject(value) ? value : {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    fail(
      name,
      `${where} is not described by a dtype, a shape and two data_offsets of whole numbers; ` +
        'the file is damaged or was written by a faulty tool, write it again',
    );
  }
  if (!Object.hasOwn(DTYPES, dtype)) {
    fail(name, `${where} has dtype ${quoted(dtype)}, expected ${DTYPE_ORDER.join(', ')}; convert it to F32`);
  }
  const [begin, end] = offsets;
  const size = sizeOf(shape) * DTYPES[dtype as Dtype].bytes;
  if (end - begin !== size) {
    fail(
      name,
      `${where} has shape [${brief(shape.join(', '))}] of ${dtype}, expected ${count(size)} bytes, but its ` +
        `data_offsets ${count(begin)} to ${count(end)} hold ${count(end - begin)}; ` +
        'the file is damaged or was written by a faulty tool, write it again',
    );
  }
  return { name: key, dtype: dtype as Dtype, shape, begin, end };
}

function storedDtype({ name, shape, data, dtype }: NamedTensor): Dtype {
  const natural = DTYPE_ORDER.find((candidate) => data instanceof DTYPES[candidate].memory)!;
  if (!isSizes(shape) || sizeOf(shape) !== data.length) {
    throw new RangeError(`tensor ${quoted(name)} of shape [${shape}] holds ${data.length} numbers`);
  }
  if (dtype !== undefined && DTYPES[dtype].memory !== DTYPES[natural].memory) {
    throw new RangeError(`tensor ${quoted(name)} holds ${natural}, which cannot be stored as ${dtype}`);
  }
  return dtype ?? natural;
}

// Both sides take the machine to be little-endian like the file; every platform with a JavaScript JIT we run
// on is.
function encodeData(data: TensorData, dtype: Dtype): TensorData | Uint16Array {
  if (dtype === 'F16') return toFloat16(data as Float32Array);
  if (dtype === 'BF16') return toBfloat16(data as Float32Array);
  return data;
}

function decodeData(bytes: Uint8Array, dtype: Dtype): TensorData {
  const size = DTYPES[dtype].bytes;
  // `new Uint8Array` copies; `slice` would not when given a Node Buffer.
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const length = bytes.length / size;
  if (dtype === 'F16') return fromFloat16(new Uint16Array(buffer, byteOffset, length));
  if (dtype === 'BF16') return fromBfloat16(new Uint16Array(buffer, byteOffset, length));
  return new DTYPES[dtype].memory(buffer as ArrayBuffer, byteOffset, length);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function brief(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function count(value: number | bigint): string {
  return value.toLocaleString('en-US');
}

function fail(name: string, problem: string): never {
  throw new CadenzaError(`${name}: ${problem}`);
}
