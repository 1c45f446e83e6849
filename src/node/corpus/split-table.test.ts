import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { parseSplitTable } from './split-table.js';

const parse = (text: string) => parseSplitTable(text, 'x.csv');

describe('parseSplitTable', () => {
  it('finds the columns by name and keeps quoted commas, quotes and line breaks apart', () => {
    const table = parse(
      '\ufeffsplit,title,midi_filename\r\ntrain,"A, ""B""\r\nC",a.mid\r\n TEST ,D,b.mid\r\n\r\n',
    );
    expect([...table!.splits]).toEqual([
      ['a.mid', 'train'],
      ['b.mid', 'test'],
    ]);
    expect(table!.unknownSplits).toEqual([]);
  });

  it('keeps files whose split is empty or unknown, and names the unknown ones once', () => {
    const table = parse('midi_filename,split\na.mid,\nb.mid,valid\nc.mid,valid\nd.mid\n,train');
    expect([...table!.splits]).toEqual(['a.mid', 'b.mid', 'c.mid', 'd.mid'].map((name) => [name, undefined]));
    expect(table!.unknownSplits).toEqual(['valid']);
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
