/** What Learn makes of dropped files and archives; no browser is needed for it. */
import { describe, expect, it } from 'vitest';
import { CadenzaError, type CorpusProblem, type Piece } from '../../src/index.js';
import { type DroppedFile, openCorpus, readCorpus } from '../../src/web/corpus/read-corpus.js';
import { listZip } from '../../src/web/corpus/zip-file.js';
import { pieceBytes } from '../helpers/pieces.js';
import { zipBytes } from '../helpers/zip-bytes.js';

const blob = (content: Uint8Array | string) => new Blob([content as Uint8Array<ArrayBuffer>]);
const dropped = (path: string, content: Uint8Array | string): DroppedFile => ({ path, file: blob(content) });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function readAll(files: readonly DroppedFile[]) {
  const opened = await openCorpus(files);
  const problems: CorpusProblem[] = [...opened.problems];
  const pieces: Piece[] = [];
  for await (const piece of readCorpus(opened, 'sounding', problems)) pieces.push(piece);
  return { pieces, problems: problems.map(({ message }) => message) };
}

describe('zip archives', () => {
  const archive = zipBytes([
    { name: 'a/one.txt', data: 'one '.repeat(100) },
    { name: 'two.txt', data: 'two', stored: true },
    { name: 'secret.txt', data: 'x', encrypted: true },
    { name: 'wrong.txt', data: 'three', claimedCrc: 1 },
    { name: 'long.txt', data: 'abcdefgh', claimedSize: 3 },
    { name: 'short.txt', data: 'abc', claimedSize: 8 },
    { name: 'empty.txt', data: '' },
  ]);

  it('give their files, packed or stored', async () => {
    const members = await listZip(blob(archive), 'my.zip');
    expect(members.map(({ name }) => name)).toHaveLength(7);
    const [one, two] = members;
    expect(text(await one.read(1000))).toBe('one '.repeat(100));
    expect(text(await two.read(1000))).toBe('two');
    expect(await members[6].read(1000)).toHaveLength(0);
  });

  it('say in words what is wrong with a file', async () => {
    const [one, , secret, wrong, long, short] = await listZip(blob(archive), 'my.zip');
    await expect(one.read(399)).rejects.toThrow(/my\.zip\/a\/one\.txt is too long/);
    await expect(secret.read(1000)).rejects.toThrow(/secret\.txt is encrypted; unpack it first/);
    for (const member of [wrong, long, short]) await expect(member.read(1000)).rejects.toThrow(/is damaged/);
  });

  it('stop at a bomb that says it is small', async () => {
    const bomb = zipBytes([{ name: 'x.mid', data: new Uint8Array(50_000_000), claimedSize: 10 }]);
    const [member] = await listZip(blob(bomb), 'my.zip');
    await expect(member.read(1000)).rejects.toThrow(/x\.mid is damaged/);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['something else', new TextEncoder().encode('not an archive at all'.repeat(50))],
    ['an archive cut off', archive.slice(0, archive.length - 30)],
    ['an archive without its beginning', archive.slice(200)],
  ])('are refused where they are %s', async (_, bytes) => {
    const opened = listZip(blob(bytes), 'my.zip').then((members) =>
      Promise.all(members.map((m) => m.read(1e6))),
    );
    await expect(opened).rejects.toThrow(CadenzaError);
  });
});

describe('dropped files', () => {
  it('become pieces in order, out of archives too, and say what was left out', async () => {
    const { pieces, problems } = await readAll([
      dropped('mine/b.mid', pieceBytes(1, 30)),
      dropped('mine/a.MIDI', pieceBytes(2, 20)),
      dropped('mine/broken.mid', 'no midi'),
      dropped('mine/cover.jpg', 'picture'),
      dropped('mine/list.csv', 'a,b'),
      dropped(
        'mine/more.zip',
        zipBytes([
          { name: 'deep/c.mid', data: pieceBytes(3, 10) },
          { name: '__MACOSX/deep/._c.mid', data: 'x' },
          { name: 'readme.txt', data: 'x' },
        ]),
      ),
      dropped('mine/bad.zip', 'no archive'),
    ]);
    expect(pieces.map(({ name, notes }) => [name, notes.length])).toEqual([
      ['mine/a.MIDI', 20],
      ['mine/b.mid', 30],
      ['mine/more.zip/deep/c.mid', 10],
    ]);
    expect(problems).toEqual([
      'mine/cover.jpg is no MIDI file by its name',
      expect.stringMatching(/^mine\/bad\.zip is damaged or no zip archive/),
      expect.stringMatching(/^mine\/broken\.mid: not a MIDI file/),
    ]);
  });

  it('tells copies of a piece', async () => {
    const [same, other] = [pieceBytes(1, 30), pieceBytes(2, 30)];
    const { pieces } = await readAll([
      dropped('a.mid', same),
      dropped('b.mid', same),
      dropped('c.mid', other),
    ]);
    const [a, b, c] = pieces.map(({ contentHash }) => contentHash);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  it('fails in words when nothing can be used', async () => {
    await expect(readAll([dropped('broken.mid', 'no midi')])).rejects.toThrow(/broken\.mid: not a MIDI file/);
  });
});
