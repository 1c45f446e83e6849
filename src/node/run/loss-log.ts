import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, truncateSync } from 'node:fs';
import type { LossRecord } from '../../charts/loss-plot.js';
import { CadenzaError } from '../../errors.js';
import { fileError, readFileBytes } from '../files/files.js';

const NEWLINE = 10;

/** The loss log of a run: a file with one loss record, as JSON, a line. It only grows, or is cut back. */
export class LossLog {
  readonly #path: string;
  readonly #records: LossRecord[];
  #file: number | undefined;

  private constructor(path: string, records: LossRecord[]) {
    this.#path = path;
    this.#records = records;
    this.#file = openSync(path, 'a');
  }

  /**
   * Opens a log, or begins it. An unfinished last line, which a killed process leaves, is removed.
   *
   * @throws CadenzaError when a line is not a loss record, or the file cannot be written to
   */
  static async open(path: string): Promise<LossLog> {
    try {
      return new LossLog(path, existsSync(path) ? await readRecords(path) : []);
    } catch (error) {
      throw fileError(error, 'write', path);
    }
  }

  /** All records, in the order they were appended. */
  get records(): readonly LossRecord[] {
    return this.#records;
  }

  /**
   * Appends a line. A loss that is not finite is written as `null` and read as NaN.
   *
   * @throws CadenzaError when the disk is full
   */
  append(record: LossRecord): void {
    const file = this.#openFile();
    try {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    } catch (error) {
      throw fileError(error, 'write', this.#path);
    }
    this.#records.push(record);
  }

  /** Cuts the log back to its first `count` records; a log that is shorter already stays as it is. */
  async truncate(count: number): Promise<void> {
    const kept = Math.min(count, this.#records.length);
    const bytes = await readFileBytes(this.#path);
    let end = 0;
    for (let line = 0; line < kept; line++) end = bytes.indexOf(NEWLINE, end) + 1;
    try {
      truncateSync(this.#path, end);
    } catch (error) {
      throw fileError(error, 'write', this.#path);
    }
    this.#records.length = kept;
  }

  /** Returns once all lines are on the disk. */
  flush(): void {
    const file = this.#openFile();
    try {
      fsyncSync(file);
    } catch (error) {
      throw fileError(error, 'write', this.#path);
    }
  }

  /** Nothing can be appended afterwards. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #openFile(): number {
    if (this.#file === undefined) throw new Error(`${this.#path} has been closed`);
    return this.#file;
  }
}

async function readRecords(path: string): Promise<LossRecord[]> {
  const bytes = await readFileBytes(path);
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n').slice(0, -1);
  return lines.map((line, i) => {
    const record = parseRecord(line);
    if (record === undefined) {
      throw new CadenzaError(
        `${path}: line ${i + 1} is not a loss record; delete it and the lines after it to go on`,
      );
    }
    return record;
  });
}

function parseRecord(line: string): LossRecord | undefined {
  let record: Partial<LossRecord> | null;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { epoch, split, losses } = record ?? {};
  const isSplit = split === 'train' || split === 'validation';
  if (typeof epoch !== 'number' || !isSplit || typeof losses !== 'object' || losses === null)
    return undefined;
  const numbers = Object.entries(losses).map(([name, value]) => [name, value ?? Number.NaN]);
  if (!numbers.every(([, value]) => typeof value === 'number')) return undefined;
  return { ...record, epoch, split, losses: Object.fromEntries(numbers) };
}
