import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { CadenzaError } from '../../errors.js';
import { fileError, readFileBytes, readStream } from './files.js';

describe('readFileBytes', () => {
  it('reads a file, also an empty one', async () => {
    const folder = tempFolder({ a: Uint8Array.of(1, 2, 255), empty: '' });
    expect([...(await readFileBytes(join(folder, 'a')))]).toEqual([1, 2, 255]);
    expect(await readFileBytes(join(folder, 'empty'))).toHaveLength(0);
  });

  it('says what is wrong with a path', async () => {
    const folder = tempFolder({ a: 'abc' });
    mkdirSync(join(folder, 'sub'));
    await expect(readFileBytes(join(folder, 'gone'))).rejects.toThrow(/gone: no such file or folder/);
    await expect(readFileBytes(join(folder, 'sub'))).rejects.toThrow(/cannot read .*sub: it is a folder/);
    await expect(readFileBytes(join(folder, 'a/b'))).rejects.toThrow(/part of its path is a file/);
    await expect(readFileBytes(join(folder, 'a'), 2)).rejects.toThrow(/a is longer than/);
    await expect(readFileBytes(join(folder, 'a'), 2)).rejects.toThrow(CadenzaError);
  });
});

describe('readStream', () => {
  it('joins the chunks and stops at the limit', async () => {
    let served = 0;
    const chunks = function* () {
      for (; served < 100; served++) yield Uint8Array.of(served, served);
    };
    const few = Readable.from([Uint8Array.of(1), Uint8Array.of(2, 3)]);
    expect([...(await readStream('x', few))]).toEqual([1, 2, 3]);
    await expect(readStream('x', Readable.from(chunks(), { highWaterMark: 1 }), 10)).rejects.toThrow(
      CadenzaError,
    );
    expect(served).toBeLessThan(20);
  });
});

describe('fileError', () => {
  const failed = (code: string) => Object.assign(new Error(`${code}: text`), { code });

  it('explains what the system refused', () => {
    const message = (code: string, verb: 'read' | 'write') =>
      (fileError(failed(code), verb, 'd/f') as Error).message;
    expect(message('EACCES', 'write')).toBe('cannot write d/f: permission denied (EACCES)');
    expect(message('ENOSPC', 'write')).toMatch(/disk is full/);
    expect(message('ENOENT', 'write')).toMatch(/its folder does not exist; create d first/);
    expect(message('EIO', 'read')).toBe('cannot read d/f: EIO: text');
    expect(fileError(failed('EIO'), 'read', 'f')).toBeInstanceOf(CadenzaError);
  });

  it('leaves programming errors and explained errors alone', () => {
    for (const error of [new TypeError('x'), failed('ERR_INVALID_ARG_TYPE'), new CadenzaError('y'), 'text']) {
      expect(fileError(error, 'read', 'f')).toBe(error);
    }
  });
});
