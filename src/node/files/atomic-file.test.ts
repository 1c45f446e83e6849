import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { CadenzaError } from '../../errors.js';
import { freePath, writeChunksAtomic, writeFileAtomic } from './atomic-file.js';

describe('writeFileAtomic', () => {
  it('writes bytes and text, over what was there, and leaves nothing else', async () => {
    const folder = tempFolder({ b: 'old and longer' });
    await writeFileAtomic(join(folder, 'a'), Uint8Array.of(1, 2));
    await writeFileAtomic(join(folder, 'b'), 'né');
    expect([...readFileSync(join(folder, 'a'))]).toEqual([1, 2]);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('né');
    expect(readdirSync(folder)).toEqual(['a', 'b']);
  });

  it('keeps the mode of a file and the link that leads to it', async () => {
    const folder = tempFolder({ 'real/a': 'old' });
    chmodSync(join(folder, 'real/a'), 0o640);
    symlinkSync(join('real', 'a'), join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real/a'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'real/a')).mode & 0o777).toBe(0o640);
  });

  it('does not replace a device', async () => {
    await writeFileAtomic('/dev/null', 'x');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('explains a failure and cleans up', async () => {
    const folder = tempFolder({ file: 'x' });
    mkdirSync(join(folder, 'sub'));
    await expect(writeFileAtomic(join(folder, 'no/a'), 'x')).rejects.toThrow(
      /no\/a: its folder does not exist/,
    );
    await expect(writeFileAtomic(join(folder, 'sub'), 'x')).rejects.toThrow(
      /sub: it is a folder; name a file/,
    );
    await expect(writeFileAtomic(join(folder, 'file/a'), 'x')).rejects.toThrow(CadenzaError);
    await expect(writeFileAtomic(join(folder, 'a'), 5 as never)).rejects.toThrow(TypeError);
    expect(readdirSync(folder)).toEqual(['file', 'sub']);
  });
});

describe('writeChunksAtomic', () => {
  const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3)];

  it('writes chunks one after the other, over what was there', async () => {
    const folder = tempFolder({ a: 'old and longer' });
    expect(await writeChunksAtomic(join(folder, 'a'), chunks)).toBe(true);
    expect([...readFileSync(join(folder, 'a'))]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('replaces nothing when the file has to be new, even if it comes to be meanwhile', async () => {
    const folder = tempFolder({ a: 'old' });
    expect(await writeChunksAtomic(join(folder, 'a'), chunks, { isNew: true })).toBe(false);
    function* slowly() {
      yield* chunks;
      writeFileSync(join(folder, 'b'), 'faster');
    }
    expect(await writeChunksAtomic(join(folder, 'b'), slowly(), { isNew: true })).toBe(false);
    expect(await writeChunksAtomic(join(folder, 'c'), chunks, { isNew: true })).toBe(true);
    const contents = ['a', 'b', 'c'].map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(contents).toEqual(['old', 'faster', '\x01\x02\x03']);
    expect(readdirSync(folder)).toEqual(['a', 'b', 'c']);
  });

  it('leaves what was there when the making fails or is aborted', async () => {
    const folder = tempFolder({ a: 'old' });
    function* failing() {
      yield chunks[0];
      throw new CadenzaError('out of notes');
    }
    await expect(writeChunksAtomic(join(folder, 'a'), failing())).rejects.toThrow('out of notes');
    const controller = new AbortController();
    function* aborting() {
      yield chunks[0];
      controller.abort(new Error('enough'));
      yield chunks[1];
      throw new Error('made too much');
    }
    const { signal } = controller;
    await expect(writeChunksAtomic(join(folder, 'a'), aborting(), { signal })).rejects.toThrow('enough');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('freePath', () => {
  it('counts up until nothing is there', async () => {
    const folder = tempFolder({ 'out.mid': '', 'out-2.mid': '', 'two.tar.gz': '', bare: '' });
    symlinkSync('nowhere', join(folder, 'out-3.mid'));
    const free = async (name: string) => (await freePath(join(folder, name))).slice(folder.length + 1);
    expect(await free('new.mid')).toBe('new.mid');
    expect(await free('out.mid')).toBe('out-4.mid');
    expect(await free('two.tar.gz')).toBe('two.tar-2.gz');
    expect(await free('bare')).toBe('bare-2');
    expect(await freePath('package.json')).toBe('package-2.json');
    const both = await freePath(join(folder, 'new.mid'), ['.wav', '.gz']);
    expect(both).toBe(join(folder, 'new.mid'));
    expect(await freePath(join(folder, 'two.tar.wav'), ['.gz'])).toBe(join(folder, 'two.tar-2.wav'));
  });
});
