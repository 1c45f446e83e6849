/** Files of a cluster by the SHA-256 of their content: what is there already does not travel again. */
import { hash } from 'node:crypto';
import { CadenzaError } from '../../errors.js';
import { PREFIX, type Server, serverError } from './server.js';

/** Where files are kept by their content. */
export interface Blobs {
  /** Keeps a file, if that is not done already; gives its name: 64 hex digits. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws CadenzaError when there is no such file, or it is damaged */
  get(name: string): Promise<Uint8Array>;
  /** Files that are not needed any more. */
  drop(names: readonly string[]): Promise<void>;
}

/** A value of a server may have 512 MB, and nothing else is answered while one travels. */
const PART_BYTES = 8 * 2 ** 20;
/** Seconds after which the server forgets what nobody asked for. */
const KEPT_SECONDS = 24 * 3600;
/** So much of what was last in use is kept in memory. */
const MEMORY_BYTES = 2 ** 30;

export const nameOf = (bytes: Uint8Array): string => hash('sha256', bytes);

/** Whether something is the name of a file. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Files in the memory of this process, the last in use of them. */
export class RecentBlobs implements Blobs {
  private readonly files = new Map<string, Uint8Array>();
  /** How often each was put and not dropped: two who have the same file need it once each. */
  private readonly holders = new Map<string, number>();
  private bytes = 0;

  /** @param behind where what is not here lies; without it all is kept here */
  constructor(
    private readonly behind?: Blobs,
    private readonly most = behind ? MEMORY_BYTES : Number.POSITIVE_INFINITY,
  ) {}

  async put(bytes: Uint8Array): Promise<string> {
    const name = nameOf(bytes);
    this.holders.set(name, (this.holders.get(name) ?? 0) + 1);
    await this.behind?.put(bytes);
    this.keep(name, bytes);
    return name;
  }

  async get(name: string): Promise<Uint8Array> {
    const known = this.files.get(name);
    const bytes = known ?? (await this.behind?.get(name));
    if (bytes === undefined) throw missing(name);
    if (known !== undefined) this.forget(name);
    this.keep(name, bytes);
    return bytes;
  }

  async drop(names: readonly string[]): Promise<void> {
    const free = names.filter((name) => {
      const others = (this.holders.get(name) ?? 1) - 1;
      if (others > 0) this.holders.set(name, others);
      else this.holders.delete(name);
      return others <= 0;
    });
    for (const name of free) this.forget(name);
    await this.behind?.drop(free);
  }

  /** Puts all that is here where it was put before and may be lost. */
  async restore(): Promise<void> {
    for (const bytes of this.files.values()) await this.behind?.put(bytes);
  }

  private keep(name: string, bytes: Uint8Array): void {
    this.forget(name);
    this.files.set(name, bytes);
    this.bytes += bytes.length;
    for (const oldest of this.files.keys()) {
      if (this.bytes <= this.most) break;
      this.forget(oldest);
    }
  }

  private forget(name: string): void {
    this.bytes -= this.files.get(name)?.length ?? 0;
    this.files.delete(name);
  }
}

/** Files on the server. Each lies there in parts; how many there are is written last. */
export class ServerBlobs implements Blobs {
  constructor(private readonly server: Server) {}

  put(bytes: Uint8Array): Promise<string> {
    return this.ask(async () => {
      const { client } = this.server;
      const name = nameOf(bytes);
      if (await this.touch(name)) return name;
      const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
      for (let part = 0; part < parts; part++) {
        const from = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        const view = Buffer.from(from.buffer, from.byteOffset, from.byteLength);
        await client.set(partKey(name, part), view, 'EX', KEPT_SECONDS);
      }
      await client.set(keyOf(name), parts, 'EX', KEPT_SECONDS);
      return name;
    });
  }

  get(name: string): Promise<Uint8Array> {
    return this.ask(async () => {
      const { client } = this.server;
      const parts = Number(await client.get(keyOf(name)));
      if (!(parts > 0)) throw missing(name);
      const pieces: Buffer[] = [];
      for (let part = 0; part < parts; part++) {
        const piece = await client.getBuffer(partKey(name, part));
        if (piece === null) throw missing(name);
        pieces.push(piece);
      }
      await this.touch(name);
      // Not a part of a larger buffer: tensors are views of it, and must begin at whole numbers.
      const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
      let from = 0;
      for (const piece of pieces) {
        bytes.set(piece, from);
        from += piece.length;
      }
      if (nameOf(bytes) === name) return bytes;
      throw new CadenzaError(`${this.server.name}: file ${name} is damaged; run the command again`);
    });
  }

  async drop(names: readonly string[]): Promise<void> {
    await this.ask(async () => {
      const { client } = this.server;
      for (const name of names) {
        const parts = Number(await client.get(keyOf(name)));
        const keys = Array.from({ length: parts }, (_, part) => partKey(name, part));
        await client.del(keyOf(name), ...keys);
      }
    });
  }

  /** Has the server keep a file for longer; whether it is there. */
  async touch(name: string): Promise<boolean> {
    const { client } = this.server;
    const parts = Number(await client.get(keyOf(name)));
    if (!(parts > 0)) return false;
    const touched = await Promise.all(
      [keyOf(name), ...Array.from({ length: parts }, (_, part) => partKey(name, part))].map((key) =>
        client.expire(key, KEPT_SECONDS),
      ),
    );
    return touched.every((count) => count === 1);
  }

  private async ask<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw serverError(error, this.server.name);
    }
  }
}

/** By this the message says that a file is gone, which whoever asked may have still. */
export const IS_GONE = 'is not in the cluster any more';

const missing = (name: string) =>
  new CadenzaError(`file ${name.slice(0, 12)}… of the job ${IS_GONE}; run the command again`);

const keyOf = (name: string) => `${PREFIX}:file:${name}`;
const partKey = (name: string, part: number) => `${keyOf(name)}:${part}`;
