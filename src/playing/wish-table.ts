/**
 * All that can be wished of a performance, a row each. The options of the command line, the controls of the
 * studio and what its takes remember are made of these rows: a new wish is one more row, and a rule that
 * follows it.
 */
import { KEYS, LOWEST_PITCH } from '../notes/grid.js';
import { pitchesOfKey } from './constraints.js';
import { DEFAULT_MIN_P, USUAL_STRENGTH, type Wish, type Wishes } from './wishes.js';

/** The lowest and the highest pitch. */
export type PitchRange = readonly [lowest: number, highest: number];
export type WishValue = number | string | boolean | PitchRange;

/** A slider from one thing to another, for a wish that is asked for in words. */
export interface WishSlider {
  readonly from: string;
  readonly to: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** `double` for a factor: equal ways to the left and right halve and double it. */
  readonly scale?: 'double';
}

export interface WishRow {
  /** What the option and the setting are called. */
  readonly name: string;
  /** Of which wish it is a part. */
  readonly wish: Wish;
  /**
   * What a value is: a `positive` number is above 0, a `key` is a name such as "D minor", a `style` one that
   * the model has learned, a `flag` is wished or not.
   */
  readonly is: 'number' | 'positive' | 'whole' | 'key' | 'style' | 'range' | 'flag';
  readonly least?: number;
  readonly most?: number;
  /** What it is where nothing is wished; undefined where there is no limit then. */
  readonly usual?: WishValue;
  /** What stands for the value in the help of the command line, and what that says. */
  readonly placeholder?: string;
  readonly help: string;
  /** What it is called on a page, and what it means there. */
  readonly label: string;
  readonly explanation: string;
  readonly slider?: WishSlider;
  /** Of a number field: what it says when it is empty, and by how much it steps. */
  readonly empty?: string;
  readonly step?: number;
  /** Whether it says more to engineers than to musicians. */
  readonly isTechnical?: boolean;
  /** More than this is allowed, and nothing for a field. */
  readonly fieldMost?: number;
  /** The wish of a value. */
  put(value: WishValue): Wishes;
  /** The value in what was wished. */
  take(wishes: Wishes): WishValue | undefined;
}

/** A value that is the wish as it stands. */
const plain = (wish: keyof Wishes) => ({
  wish,
  put: (value: WishValue) => ({ [wish]: value }) as Wishes,
  take: (wishes: Wishes) => wishes[wish] as WishValue | undefined,
});

/** Something that is wished or not. */
const flag = (wish: 'isEnding' | 'isPlain') => ({
  wish,
  is: 'flag' as const,
  usual: false,
  put: (value: WishValue): Wishes => (value ? { [wish]: true } : {}),
  take: (wishes: Wishes) => wishes[wish],
});

/** The temperature of one attribute. */
const temperatureOf = (attribute: string) => ({
  wish: 'temperatures' as const,
  is: 'number' as const,
  least: 0,
  fieldMost: 3,
  placeholder: 't',
  empty: 'as above',
  step: 0.05,
  put: (value: WishValue): Wishes => ({ temperatures: { [attribute]: value as number } }),
  take: ({ temperatures }: Wishes) => temperatures?.[attribute],
});

/** A limit in seconds. */
const seconds = (is: 'number' | 'positive') => ({
  is,
  least: is === 'number' ? 0 : undefined,
  placeholder: 's',
  empty: 'no limit',
  step: 0.01,
});

/** All keys there are names for, in the order of a keyboard. */
export const KEY_NAMES: readonly string[] = ['major', 'minor'].flatMap((mode) =>
  ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'].map((tonic) => `${tonic} ${mode}`),
);

export const WISH_ROWS: readonly WishRow[] = [
  {
    ...plain('temperature'),
    name: 'temperature',
    is: 'number',
    least: 0,
    usual: 1,
    placeholder: 't',
    help: 'how daring the choice of keys is: 0 takes the likeliest, 1 plays as learned',
    label: 'Calm to wild',
    explanation: 'How daring the choices are, at the same pace. The middle plays as it was learned.',
    slider: { from: 'Calm', to: 'Wild', min: 0.6, max: 1.4, step: 0.02 },
  },
  {
    ...plain('density'),
    name: 'density',
    is: 'positive',
    usual: 1,
    placeholder: 'factor',
    help: 'about so many times as many notes a second',
    label: 'Sparse to dense',
    explanation: 'About so many times as many notes.',
    slider: { from: 'Sparse', to: 'Dense', min: -1.5, max: 1.5, step: 0.05, scale: 'double' },
  },
  {
    ...plain('loudness'),
    name: 'loudness',
    is: 'number',
    least: -64,
    most: 64,
    usual: 0,
    placeholder: 'steps',
    help: 'louder above 0, softer below, in steps of velocity',
    label: 'Soft to loud',
    explanation: 'How hard the keys are struck, in steps of MIDI velocity.',
    slider: { from: 'Soft', to: 'Loud', min: -40, max: 40, step: 1 },
  },
  {
    ...flag('isEnding'),
    name: 'end',
    help: 'close the piece at about the length that is asked for',
    label: 'Let it end',
    explanation: 'Closes the piece at about this length, instead of stopping on the way.',
  },
  {
    wish: 'style',
    name: 'style',
    is: 'style',
    usual: '',
    placeholder: 'name',
    help: 'in whose style: the models tell in `cadenza summary` which they have learned, such as chopin',
    label: 'Style',
    explanation: 'In whose style it plays on, of those that the model has learned.',
    put: (name) => (name === '' ? {} : { style: name as string }),
    take: ({ style }) => style,
  },
  {
    wish: 'styleStrength',
    put: (value) => (value === USUAL_STRENGTH ? {} : { styleStrength: value as number }),
    take: ({ styleStrength }) => styleStrength,
    name: 'styleStrength',
    is: 'number',
    least: 0,
    most: 4,
    usual: USUAL_STRENGTH,
    placeholder: 'factor',
    help: `how strongly: 0 not at all, 1 as learned, more exaggerates (default: ${USUAL_STRENGTH})`,
    label: 'Style strength',
    explanation: 'How strong the style is: 0 not at all, 1 as learned, more exaggerates.',
    empty: String(USUAL_STRENGTH),
    step: 0.1,
  },
  {
    wish: 'pitches',
    name: 'key',
    is: 'key',
    usual: '',
    placeholder: 'key',
    help: 'only pitches of a key, such as "C major", "F# minor", Bb',
    label: 'Key',
    explanation: 'Only notes of this key are struck.',
    put: (name) => (name === '' ? {} : { pitches: pitchesOfKey(name as string) }),
    take: ({ pitches }) =>
      pitches && KEY_NAMES.find((name) => String(pitchesOfKey(name)) === String(pitches)),
  },
  {
    wish: 'range',
    name: 'range',
    is: 'range',
    least: LOWEST_PITCH,
    most: LOWEST_PITCH + KEYS - 1,
    placeholder: 'low-high',
    help: 'only pitches between these two, such as 48-84',
    label: 'Range',
    explanation: 'Only keys between these are struck.',
    put: (range) => ({ range: range as PitchRange }),
    take: ({ range }) => range,
  },
  {
    ...temperatureOf('time'),
    name: 'timeTemperature',
    empty: '1',
    help: 'of when the next event comes (default: 1)',
    label: 'Time temperature',
    explanation: 'How daring the rhythm is: 0 takes the likeliest, 1 plays as learned.',
  },
  {
    ...temperatureOf('symbol'),
    name: 'pitchTemperature',
    help: 'of which key is struck (default: --temperature)',
    label: 'Pitch temperature',
    explanation: 'How daring the choice of keys is.',
  },
  {
    ...temperatureOf('velocity'),
    name: 'velocityTemperature',
    help: 'of how hard it is struck (default: --temperature)',
    label: 'Velocity temperature',
    explanation: 'How daring the touch is.',
  },
  {
    ...plain('topP'),
    name: 'topP',
    is: 'number',
    least: 0,
    most: 1,
    usual: 1,
    placeholder: 'p',
    help: 'only the likeliest choices that together have this probability',
    label: 'Top-p',
    explanation: 'Only the likeliest choices that together have this probability; 1 takes all.',
    empty: '1',
    step: 0.01,
  },
  {
    ...plain('minP'),
    name: 'minP',
    is: 'number',
    least: 0,
    most: 1,
    usual: DEFAULT_MIN_P,
    placeholder: 'p',
    help: `only keys, and places in the beat, at least this part as likely as the likeliest (default: ${DEFAULT_MIN_P})`,
    label: 'Min-p',
    explanation:
      'Only keys, and places in the beat, at least this part as likely as the likeliest: more stays closer to what is usual, 0 takes all.',
    empty: String(DEFAULT_MIN_P),
    step: 0.01,
  },
  {
    ...plain('maxPolyphony'),
    name: 'maxPolyphony',
    is: 'whole',
    least: 1,
    most: KEYS,
    placeholder: 'count',
    help: 'most keys that sound at once',
    label: 'Most keys at once',
    explanation: '1 plays a single voice.',
    empty: 'no limit',
    step: 1,
  },
  {
    ...plain('minStep'),
    ...seconds('number'),
    name: 'minStep',
    help: 'least time between strikes',
    label: 'Least step',
    explanation: 'Seconds from one strike to the next at least; above 0 there are no chords.',
  },
  {
    ...plain('maxStep'),
    ...seconds('positive'),
    name: 'maxStep',
    help: 'most time between strikes',
    label: 'Most step',
    explanation: 'Seconds from one strike to the next at most.',
  },
  {
    ...plain('minDuration'),
    ...seconds('number'),
    name: 'minDuration',
    help: 'least time that a note sounds',
    label: 'Least duration',
    explanation: 'Seconds that a note sounds at least.',
  },
  {
    ...plain('maxDuration'),
    ...seconds('positive'),
    name: 'maxDuration',
    help: 'most time that a note sounds',
    label: 'Most duration',
    explanation: 'Seconds that a note sounds at most.',
  },
  {
    ...flag('isPlain'),
    name: 'plain',
    help: 'draw all as predicted, times too by --temperature; hold neither pace nor repetition',
    label: 'Plain sampling',
    explanation:
      'Draws everything as predicted and the temperature says, when as well as what, and holds neither pace nor repetition.',
    isTechnical: true,
  },
];

/** All that can be wished, of a model that follows all of it. */
export const ALL_WISHES: ReadonlySet<Wish> = new Set<Wish>([
  'variations',
  'chords',
  ...WISH_ROWS.map(({ wish }) => wish),
]);

/** Values of rows, by their names; undefined where nothing is wished. */
export type WishValues = Readonly<Record<string, WishValue | undefined>>;

/** What is wished by these values. */
export function wishesOf(values: WishValues): Wishes {
  let wishes: Wishes = {};
  for (const { name, put } of WISH_ROWS) {
    const value = values[name];
    if (value === undefined) continue;
    const { temperatures, ...others } = put(value);
    wishes = { ...wishes, ...others };
    if (temperatures) wishes = { ...wishes, temperatures: { ...wishes.temperatures, ...temperatures } };
  }
  return wishes;
}

/** The values in what was wished; what is usual where it says nothing. */
export function valuesOf(wishes: Wishes): WishValues {
  return Object.fromEntries(WISH_ROWS.map(({ name, take, usual }) => [name, take(wishes) ?? usual]));
}
