import { describe, expect, it } from 'vitest';
import { parseCard, parseInline } from './card.js';

describe('a card', () => {
  it('is headings, paragraphs, lists, tables and code', () => {
    const text = [
      '# maestro',
      '',
      'Two lines',
      'of one paragraph.',
      '- one',
      '  goes on',
      '- two',
      '',
      '| | |',
      '|---|---|',
      '| data | MAESTRO |',
      '```sh',
      'a | b <script>',
      '```',
    ].join('\n');
    const plain = (text: string) => [{ type: 'text', text }];
    expect(parseCard(text)).toEqual([
      { type: 'heading', level: 1, content: plain('maestro') },
      { type: 'paragraph', content: plain('Two lines of one paragraph.') },
      { type: 'list', isOrdered: false, items: [plain('one goes on'), plain('two')] },
      { type: 'table', rows: [[plain('data'), plain('MAESTRO')]] },
      { type: 'code', text: 'a | b <script>' },
    ]);
  });

  it('has emphasis, code and links within', () => {
    expect(parseInline('a **b** `c*d` and *e* of [f](https://g.org/h).')).toEqual([
      { type: 'text', text: 'a ' },
      { type: 'strong', text: 'b' },
      { type: 'text', text: ' ' },
      { type: 'code', text: 'c*d' },
      { type: 'text', text: ' and ' },
      { type: 'emphasis', text: 'e' },
      { type: 'text', text: ' of ' },
      { type: 'link', text: 'f', href: 'https://g.org/h' },
      { type: 'text', text: '.' },
    ]);
    expect(parseInline('ort_wasm_simd 3 * 4 * 5')).toEqual([
      { type: 'text', text: 'ort_wasm_simd 3 * 4 * 5' },
    ]);
  });

  it('makes no link of what leads elsewhere than to a web page', () => {
    for (const href of ['javascript:alert(1)', 'data:text/html,x', '../../docs/a.md', '//evil.org']) {
      expect(parseInline(`[x](${href})`)).toEqual([{ type: 'text', text: 'x' }]);
    }
  });

  it('is read to its end, whatever it holds', () => {
    for (const text of ['', '```', '|', '# ', '- ', '**', '[](', '`'.repeat(50), '*a'.repeat(500)]) {
      expect(() => parseCard(text)).not.toThrow();
    }
  });

  it('can be made of every shipped model', () => {
    const cards = import.meta.glob<string>('../../../models/*/README.md', {
      query: '?raw',
      import: 'default',
      eager: true,
    });
    expect(Object.keys(cards).length).toBeGreaterThan(1);
    for (const card of Object.values(cards)) {
      const blocks = parseCard(card);
      expect(blocks[0]).toMatchObject({ type: 'heading', level: 1 });
      expect(blocks.some(({ type }) => type === 'table')).toBe(true);
    }
  });
});
