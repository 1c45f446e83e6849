/**
 * `performance` with a fourth attribute: which hand plays the key. All that a new attribute needs is in this
 * file; the tests learn and draw it.
 */
import { KEYS } from '../../src/notes/grid.js';
import { drawAsPredicted } from '../../src/playing/draw.js';
import type { EventRepresentation, PlayingRules } from '../../src/representation/events.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { PERFORMANCE_PLAYING } from '../../src/representation/performance-playing.js';

export const HANDS = { left: 0, right: 1 };
const MIDDLE = 39;
const HAND = 3;

/** Which hand plays a symbol, in these events. */
export const handOf = (symbol: number) => (symbol % KEYS < MIDDLE ? HANDS.left : HANDS.right);

type Name = 'time' | 'symbol' | 'velocity' | 'hand';

export const HANDED: EventRepresentation<Name> & { readonly playing: PlayingRules<Name> } = {
  ...PERFORMANCE,
  name: 'handed',
  attributes: [...PERFORMANCE.attributes, { name: 'hand', size: 2, classOf: (hand) => hand }],
  constrained: [...PERFORMANCE.constrained, false],
  playing: {
    ...PERFORMANCE_PLAYING,
    draw: { ...PERFORMANCE_PLAYING.draw, hand: drawAsPredicted('hand', HAND) },
  },
  encode(notes) {
    const { length, columns } = PERFORMANCE.encode(notes);
    return { length, columns: [...columns, columns[1].map(handOf)] };
  },
  createTracker() {
    const tracker = PERFORMANCE.createTracker();
    return {
      reset: () => tracker.reset(),
      context: (into, at) => tracker.context(into, at),
      push: (values) => tracker.push(values),
      allowed(attribute, chosen, into, at) {
        if (attribute === HAND) into.fill(1, at, at + 2);
        else tracker.allowed(attribute, chosen, into, at);
      },
    };
  },
};

/** Without a rule for the hand: what the compiler has to refuse. */
export const WITHOUT_RULE: PlayingRules<Name> = {
  ...PERFORMANCE_PLAYING,
  // @ts-expect-error an attribute that nothing draws
  draw: PERFORMANCE_PLAYING.draw,
};
