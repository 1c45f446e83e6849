import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { decimalNumber, positiveNumber, seed, wholeNumber } from './options.js';

function refused(parse: (text: string) => number, texts: string[]): void {
  for (const text of texts) expect(() => parse(text), text).toThrow(InvalidArgumentError);
}

describe('option parsers', () => {
  it('wholeNumber takes whole numbers in its range', () => {
    expect(['0', '007', '+5', '10'].map(wholeNumber(0, 10))).toEqual([0, 7, 5, 10]);
    expect(wholeNumber(-3)('-3')).toBe(-3);
    refused(wholeNumber(0, 10), ['', ' ', '-1', '11', '1.5', '1e1', '0x1', 'five', '5 notes', 'Infinity']);
    refused(seed, ['-1', '9007199254740992', '0.1']);
    expect(() => wholeNumber(1)('0')).toThrow('It must be a whole number of at least 1.');
    expect(() => wholeNumber(1, 9)('0')).toThrow('It must be a whole number from 1 to 9.');
  });

  it('decimalNumber takes finite decimals in its range', () => {
    expect(['0', '.5', '1.', '1e-3', '-2.5E1'].map(decimalNumber())).toEqual([0, 0.5, 1, 0.001, -25]);
    refused(decimalNumber(), ['', '0x10', 'NaN', 'Infinity', '1e999', '1,5', '--1']);
    refused(decimalNumber(0, 1), ['-0.1', '1.01']);
    expect(() => decimalNumber(0, 1)('2')).toThrow('It must be a number from 0 to 1.');
    expect(() => decimalNumber()('x')).toThrow('It must be a number.');
  });

  it('positiveNumber leaves 0 out', () => {
    expect(positiveNumber('0.01')).toBe(0.01);
    refused(positiveNumber, ['0', '-1', '1e-999', 'x']);
  });
});
