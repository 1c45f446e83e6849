/** A model's card on the page. */
import type { ComponentChildren } from 'preact';
import { type Block, type Inline, parseCard } from './card.js';

export function CardView({ text }: { text: string }) {
  // The name stands above it already.
  const [first, ...rest] = parseCard(text);
  const blocks =
    first?.type === 'heading' && first.level === 1 ? rest : first === undefined ? [] : [first, ...rest];
  return <div class="card-text">{blocks.map((block, i) => blockView(block, i))}</div>;
}

function blockView(block: Block, key: number): ComponentChildren {
  switch (block.type) {
    case 'heading':
      return <h4 key={key}>{inlineView(block.content)}</h4>;
    case 'paragraph':
      return <p key={key}>{inlineView(block.content)}</p>;
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List key={key}>
          {block.items.map((item, i) => (
            <li key={`${i}`}>{inlineView(item)}</li>
          ))}
        </List>
      );
    }
    case 'table':
      return (
        <table key={key}>
          <tbody>
            {block.rows.map(([head, ...cells], i) => (
              <tr key={`${i}`}>
                <th scope="row">{inlineView(head)}</th>
                {cells.map((cell, k) => (
                  <td key={`${k}`}>{inlineView(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'code':
      return (
        <pre key={key}>
          <code>{block.text}</code>
        </pre>
      );
  }
}

const TAGS = { code: 'code', strong: 'strong', emphasis: 'em' } as const;

function inlineView(content: readonly Inline[]): ComponentChildren {
  return content.map((part) => {
    if (part.type === 'text') return part.text;
    if (part.type === 'link') {
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          {part.text}
        </a>
      );
    }
    const Tag = TAGS[part.type];
    return <Tag>{part.text}</Tag>;
  });
}
