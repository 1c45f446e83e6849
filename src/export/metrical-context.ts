/** The events of `metrical` as ONNX: see its representation and tracker. */
import { KEYS, VELOCITY_BINS } from '../notes/grid.js';
import { TICKS_PER_BEAT, USUAL_BEATS, USUAL_TEMPO } from '../notes/metrical-grid.js';
import {
  BEAT_BINS,
  ECHOES,
  ENDING_UNIT,
  MOST_BAR,
  PHRASE,
  SLOWEST,
  TEMPO_BINS,
} from '../representation/metrical-tracker.js';
import { SYMBOLS } from '../representation/performance.js';
import { REMEMBERED } from '../representation/self-alignment.js';
import { drawn, logProbabilities } from './drawing.js';
import type { ClassDrawing, EventContextWriter } from './event-step.js';
import { keyDrawing } from './key-drawing.js';
import { type Keyboard, keyboard, lastEventOf } from './keyboard.js';
import { type Recalled, recall } from './recall.js';
import type { StepWriter } from './step-writer.js';
import { classOf, ending, leftOf, logarithm, nearness, oneOf } from './told.js';

const FIRST_BEATS = Array.from({ length: BEAT_BINS.count }, (_, bin) => BEAT_BINS.first(bin));
const BEAT_WIDTHS = FIRST_BEATS.map((_, bin) => BEAT_BINS.width(bin));
/** Later than anything. */
const NEVER = 1e9;

/** Where the last event is in beat, bar and phrase; float32 scalars. */
interface Count {
  /** Ticks from the event before. */
  readonly ticks: string;
  readonly now: string;
  readonly inBeat: string;
  readonly inBar: string;
  readonly barTicks: string;
  readonly bars: string;
}

/** What is left of a number of at least 0. */
const modulo = (step: StepWriter, value: string, by: number) => step.opWith('Mod', { fmod: 1 }, value, by);

/** See bar-counter.ts. */
function count(step: StepWriter, isEvent: string, beats: string, place: string, bar: string): Count {
  const now = step.state('now', [], 'ticks since the first bar line, 24 a beat');
  const barStart = step.state('bar_start', [], 'when the bar began');
  const barTicks = step.state('bar_ticks', [], 'how long it is, 0 before the first event');
  const bars = step.state('bars', [], 'how many bars came before it');
  const ahead = step.op('Add', step.op('Mul', beats, TICKS_PER_BEAT), place);
  const ticks = step.op('Where', isEvent, step.op('Sub', ahead, modulo(step, now.value, TICKS_PER_BEAT)), 0);
  const nextNow = step.op('Add', now.value, ticks);
  const own = step.op('Mul', step.op('Max', bar, 1), TICKS_PER_BEAT);
  const known = step.op('Where', step.op('Greater', barTicks.value, 0), barTicks.value, own);
  const over = step.op('Sub', step.op('Sub', nextNow, barStart.value), known);
  const isOver = step.and(isEvent, step.op('GreaterOrEqual', over, 0));
  const passed = step.op('Floor', step.op('Div', over, own));
  const moved = step.op('Add', known, step.op('Mul', passed, own));
  const nextStart = step.op('Add', barStart.value, step.op('Where', isOver, moved, 0));
  const nextBars = step.op('Add', bars.value, step.op('Where', isOver, step.op('Add', passed, 1), 0));
  now.next(nextNow);
  barStart.next(nextStart);
  barTicks.next(step.op('Where', isEvent, own, barTicks.value));
  bars.next(nextBars);
  return {
    ticks,
    now: nextNow,
    inBeat: modulo(step, nextNow, TICKS_PER_BEAT),
    inBar: step.op('Sub', nextNow, nextStart),
    barTicks: step.op('Where', isEvent, own, USUAL_BEATS * TICKS_PER_BEAT),
    bars: nextBars,
  };
}

/** Maps over beats ahead and ticks of a beat: something is expected in so many ticks, if it is. */
function expected(
  step: StepWriter,
  { inBeat }: Count,
  isExpected: string,
  ticks: string,
  strength: string | number,
) {
  const place = step.op('Add', inBeat, ticks);
  const beat = step.op('Min', step.op('Floor', step.op('Div', place, TICKS_PER_BEAT)), BEAT_BINS.most);
  const certainty = step.op('Where', isExpected, strength, 0);
  const at = (value: string, size: number) => step.op('Mul', oneOf(step, value, size), certainty);
  return {
    beats: at(classOf(step, beat, FIRST_BEATS), BEAT_BINS.count),
    places: at(modulo(step, place, TICKS_PER_BEAT), TICKS_PER_BEAT),
  };
}

/** What was struck so many bars before what comes next: see bar-echo.ts. */
function echo(step: StepWriter, counted: Count, { keys, ticks }: Recalled, above: string, bars: number) {
  const [kept, then] = [keys, ticks].map((row) => step.slice(row, 2, REMEMBERED + 2));
  const tick = step.op('Sub', counted.now, step.op('Mul', counted.barTicks, bars));
  const isStrike = step.op('Greater', kept, 0);
  const earliest = (among: string) => {
    const later = step.op('Where', among, then, NEVER);
    return step.op('Neg', step.reduce('ReduceMax', step.op('Neg', later)));
  };
  const isPast = step.and(
    step.op('Equal', then, tick),
    step.op('LessOrEqual', step.op('Sub', kept, 1), above),
  );
  const follows = step.and(isStrike, step.op('GreaterOrEqual', then, tick), step.not(isPast));
  const next = earliest(follows);
  const isHeard = step.and(step.op('GreaterOrEqual', tick, earliest(isStrike)), step.op('Less', next, NEVER));
  const isNext = step.and(follows, step.op('Equal', then, next), isHeard);
  const zeros = step.row(new Float32Array(KEYS));
  const place = step.cast(step.op('Max', step.op('Sub', kept, 1), 0), 'int64');
  const map = step.opWith('ScatterElements', { axis: 0, reduction: 'max' }, zeros, place, step.flag(isNext));
  const ahead = step.op('Where', isHeard, step.op('Sub', next, tick), 0);
  return { map, ...expected(step, counted, isHeard, ahead, 1) };
}

/** How many beats ahead the next event is. */
function beatDrawing(step: StepWriter, { inBeat }: Count, board: Keyboard, inClass: string): ClassDrawing {
  const left = step.op('Sub', TICKS_PER_BEAT, inBeat);
  const open = step.op('Sub', left, step.flag(step.not(board.allowed(0).isAny)));
  const isThisBeat = step.op('Equal', step.range(BEAT_BINS.count), 0);
  const bias = step.op('Where', isThisBeat, step.op('Log', step.op('Div', open, left)), 0);
  return {
    logProbabilities: (logits) => logProbabilities(step, logits),
    draw(logits, chance) {
      const index = drawn(step, { logits, bias, ...chance });
      const [first, width] = [FIRST_BEATS, BEAT_WIDTHS].map((row) => step.op('Gather', step.row(row), index));
      const within = step.cast(step.op('Mul', step.cast(width, 'float64'), inClass), 'int64');
      return { index, value: step.op('Add', step.cast(first, 'int64'), within) };
    },
    classOf: (beats) => step.cast(classOf(step, step.cast(beats, 'float32'), FIRST_BEATS), 'int64'),
  };
}

/** At which tick of its beat it is. */
function placeDrawing(step: StepWriter, { inBeat }: Count, board: Keyboard, beats: string): ClassDrawing {
  const places = step.range(TICKS_PER_BEAT);
  const isThisBeat = step.op('Equal', step.cast(beats, 'float32'), 0);
  const from = step.op('Where', isThisBeat, inBeat, 0);
  const isNow = step.and(isThisBeat, step.op('Equal', places, inBeat));
  const isPossible = step.op('GreaterOrEqual', places, from);
  const isPlayed = step.and(isPossible, step.not(step.and(isNow, step.not(board.allowed(0).isAny))));
  return {
    logProbabilities: (logits) => logProbabilities(step, logits, isPossible),
    draw(logits, chance) {
      const index = drawn(step, { logits, allowed: isPlayed, ...chance });
      return { index, value: index };
    },
  };
}

export const METRICAL_CONTEXT: EventContextWriter = {
  meaning:
    'beats ahead; tick of that beat, 0 to 23; 0 to 87 a key struck, from A0, 88 to 175 one released; ' +
    'how hard, 0 to 31, −1 for a release; beats of the bar; beats a minute',
  draws: {
    classes: [0, 2, 3, 4],
    others: [1],
    meaning:
      'drawn evenly from 0 to below 1 for every step: for the class of beats, the beat within it, the tick, the ' +
      'symbol, and the velocity',
  },
  carries: 2,
  write(step, [beats, place, symbol, velocity, bar, tempo], usualRun) {
    const isEvent = step.op('GreaterOrEqual', symbol, 0);
    const counted = count(step, isEvent, beats, place, bar);
    const { ticks, now, inBeat, inBar, barTicks, bars } = counted;
    const last = lastEventOf(step, ticks, symbol, velocity);
    const board = keyboard(step, last, 1);
    const recalled = recall(step, last, now);
    const { left, certainty } = recalled;
    const above = step.op('Where', last.isStrike, last.key, -1);
    const echoes = ECHOES.map((back) => echo(step, counted, recalled, above, back));
    const isRecalled = step.and(step.op('Greater', certainty, 0), step.op('GreaterOrEqual', left, 0));
    const next = expected(step, counted, isRecalled, step.op('Max', left, 0), certainty);
    const pace = step.op('Where', isEvent, step.op('Max', tempo, 1), USUAL_TEMPO);
    const octave = logarithm(step, step.op('Div', pace, SLOWEST), 2);
    const beat = step.op('Floor', step.op('Div', inBar, TICKS_PER_BEAT));
    const barBeats = step.op('Div', barTicks, TICKS_PER_BEAT);
    const context = step.concat(
      0,
      ...board.maps,
      ...recalled.maps,
      ...echoes.map(({ map }) => map),
      oneOf(step, inBeat, TICKS_PER_BEAT),
      oneOf(step, step.op('Min', beat, MOST_BAR - 1), MOST_BAR),
      oneOf(step, step.op('Sub', step.op('Min', barBeats, MOST_BAR), 1), MOST_BAR),
      oneOf(step, modulo(step, bars, PHRASE), PHRASE),
      nearness(step, octave, step.range(TEMPO_BINS)),
      ending(step, leftOf(step, last), ENDING_UNIT),
      ...[next, ...echoes].map((each) => each.beats),
      ...[next, ...echoes].map((each) => each.places),
    );
    const keys = keyDrawing(step, last, board, usualRun);
    const orNone = (value: string, none: number) =>
      step.op('Where', step.op('GreaterOrEqual', value, 0), value, none);
    const ticksOf = ([ahead, tick]: readonly string[]) => {
      const there = step.op('Mul', step.cast(ahead, 'float32'), TICKS_PER_BEAT);
      return step.op('Sub', step.op('Add', there, step.cast(tick, 'float32')), inBeat);
    };
    return {
      context,
      before: [
        step.op('Where', isEvent, classOf(step, beats, FIRST_BEATS), BEAT_BINS.count),
        step.op('Where', isEvent, place, TICKS_PER_BEAT),
        orNone(symbol, SYMBOLS),
        orNone(velocity, VELOCITY_BINS),
      ],
      carried: [step.op('Where', isEvent, bar, USUAL_BEATS), step.op('Where', isEvent, tempo, USUAL_TEMPO)],
      drawing: (attribute, said, [inClass]) =>
        [
          () => beatDrawing(step, counted, board, inClass),
          () => placeDrawing(step, counted, board, said[0]),
          () => keys.symbol(ticksOf(said)),
          () => keys.velocity(said[2]),
        ][attribute](),
      seconds: (said) => step.op('Div', ticksOf(said), step.op('Mul', pace, TICKS_PER_BEAT / 60)),
    };
  },
};
