/** Packs the package as it lies there, without building it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Packed {
  readonly filename: string;
  /** SHA-512 of the file. */
  readonly integrity: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

/** @returns What `npm pack` says of the file that it has written into a folder. */
export async function pack(root: string, destination: string): Promise<Packed> {
  const options = ['--ignore-scripts', '--json', '--pack-destination', destination];
  const { stdout } = await promisify(execFile)('npm', ['pack', root, ...options], { maxBuffer: 1 << 26 });
  const [{ filename, integrity, files }] = JSON.parse(stdout) as [Packed];
  return { filename, integrity, files };
}
