import { describe, expect, it } from 'vitest';
import { styleNamed } from './styles.js';

const STYLES = [
  'Claude Debussy',
  'Franz Liszt',
  'Franz Schubert',
  'Frédéric Chopin',
  'Johann Sebastian Bach',
];

describe('styleNamed', () => {
  it('finds a style by its name or by words of it, without accents and capitals', () => {
    for (const asked of ['Frédéric Chopin', 'frederic chopin', ' chopin ', 'CHOPIN', 'chop', 'fr. chopin'])
      expect(STYLES[styleNamed(STYLES, asked)]).toBe('Frédéric Chopin');
    expect(styleNamed(STYLES, 'j s bach')).toBe(4);
    expect(styleNamed(['Bach', 'Bach, C. P. E.'], 'bach')).toBe(0);
  });

  it('says what there is where it finds none, or more than one', () => {
    expect(() => styleNamed(STYLES, 'franz')).toThrow(
      'several styles; there are Franz Liszt, Franz Schubert',
    );
    for (const asked of ['Satie', '', '.', 'opin'])
      expect(() => styleNamed(STYLES, asked)).toThrow(/no such style.*there are Claude Debussy.*Bach/);
    expect(() => styleNamed([], 'bach')).toThrow('has learned no styles');
  });
});
