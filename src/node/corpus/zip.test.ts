import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { type ZipInput, zipBytes } from '../../../test/helpers/zip-bytes.js';
import { CadenzaError } from '../../errors.js';
import { listZip } from './zip.js';

const LIMIT = 1000;

function listOf(inputs: ZipInput[]) {
  return listZip(join(tempFolder({ 'a.zip': zipBytes(inputs) }), 'a.zip'), () => true);
}

async function readOnly(input: Omit<ZipInput, 'name'>): Promise<string> {
  const [member] = await listOf([{ name: 'x.mid', ...input }]);
  return new TextDecoder().decode(await member.read(LIMIT));
}

describe('listZip', () => {
  it('lists the wanted files and unpacks them, in any order and more than once', async () => {
    const inputs = [
      { name: 'b/', data: '' },
      { name: 'b/one.mid', data: 'one'.repeat(50) },
      { name: 'two.mid', data: 'two', stored: true },
      { name: 'notes.txt', data: 'no' },
    ];
    const path = join(tempFolder({ 'a.zip': zipBytes(inputs) }), 'a.zip');
    const members = await listZip(path, (name) => name.endsWith('.mid'));
    expect(members.map((member) => member.name)).toEqual(['b/one.mid', 'two.mid']);
    const texts: string[] = [];
    for (const i of [1, 0, 0]) texts.push(new TextDecoder().decode(await members[i].read(LIMIT)));
    expect(texts).toEqual(['two', 'one'.repeat(50), 'one'.repeat(50)]);
  });

  it('refuses a file that says it is too long, without unpacking it', async () => {
    await expect(readOnly({ data: 'x', claimedSize: 2 ** 31 })).rejects.toThrow(
      /a\.zip\/x\.mid is longer than/,
    );
  });

  it('stops at a bomb that says it is small', async () => {
    const bomb = { data: new Uint8Array(50_000_000), claimedSize: 10 };
    await expect(readOnly(bomb)).rejects.toThrow(/x\.mid cannot be unpacked: .*too many bytes/);
  });

  it.each([
    ['holds less than it says', { data: 'abc', claimedSize: 4 }, /not enough bytes/],
    ['has a wrong checksum', { data: 'abc', claimedCrc: 1 }, /damaged/],
    ['is encrypted', { data: 'abc', encrypted: true }, /encrypted/],
  ])('refuses a file that %s', async (_, input, message) => {
    const failure = readOnly(input);
    await expect(failure).rejects.toThrow(CadenzaError);
    await expect(failure).rejects.toThrow(message);
  });

  it('says of an archive that it is missing, cut off or none', async () => {
    const bytes = zipBytes([{ name: 'x.mid', data: 'abc' }]);
    const folder = tempFolder({ 'cut.zip': bytes.subarray(0, bytes.length - 10), 'text.zip': 'hello' });
    for (const name of ['cut.zip', 'text.zip']) {
      const failure = listZip(join(folder, name), () => true);
      await expect(failure).rejects.toThrow(CadenzaError);
      await expect(failure).rejects.toThrow(`${name} cannot be read as a zip archive`);
    }
    await expect(listZip(join(folder, 'gone.zip'), () => true)).rejects.toThrow(
      'gone.zip: no such file or folder',
    );
  });
});
