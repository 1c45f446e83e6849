import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { parseCorpusTable } from './corpus-table.js';

const parse = (text: string) => parseCorpusTable(text, 'x.csv');

describe('parseCorpusTable', () => {
  it('finds the columns by name and keeps quoted commas, quotes and line breaks apart', () => {
    const table = parse(
      '\ufeffsplit,title,midi_filename\r\ntrain,"A, ""B""\r\nC",a.mid\r\n TEST ,D,b.mid\r\n\r\n',
    );
    expect([...table!.files]).toEqual([
      ['a.mid', { split: 'train' }],
      ['b.mid', { split: 'test' }],
    ]);
    expect(table!.unknownSplits).toEqual([]);
  });

  it('keeps files whose split is empty or unknown, and names the unknown ones once', () => {
    const table = parse('midi_filename,split\na.mid,\nb.mid,valid\nc.mid,valid\nd.mid\n,train');
    expect([...table!.files]).toEqual(['a.mid', 'b.mid', 'c.mid', 'd.mid'].map((name) => [name, {}]));
    expect(table!.unknownSplits).toEqual(['valid']);
  });

  it('reads who composed what, where that is said', () => {
    const table = parse('canonical_composer,midi_filename,split\nFrédéric Chopin,a.mid,train\n,b.mid,train');
    expect([...table!.files.values()].map(({ composer }) => composer)).toEqual([
      'Frédéric Chopin',
      undefined,
    ]);
  });

  it('is undefined for any other text', () => {
    for (const text of ['', 'a,b\n1,2', 'midi_filename\na.mid', 'my midi_filename,split x\n1,2', '"\n"']) {
      expect(parse(text)).toBeUndefined();
    }
  });

  it('fails on a broken csv of that layout', () => {
    expect(() => parse('midi_filename,split\n"a.mid,train')).toThrow(CadenzaError);
  });
});
