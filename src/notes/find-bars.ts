/**
 * Finds the bars of music whose sixteenths are known. A bar line is where much changes: a low note that lasts
 * begins there, the harmony turns, many notes meet. The length and place of bars at which most of that
 * gathers are the piece's; where it gathers half a bar away from there for long, half a bar was put in.
 *
 * Weights of places in a bar as in the well-formed metrical grids of Lerdahl & Jackendoff (1983).
 */

/** Notes that sound from `onset` to `offset`, in sixteenths. */
export interface CountedNotes {
  readonly length: number;
  readonly pitch: Uint8Array;
  readonly onset: Float64Array;
  readonly offset: Float64Array;
}

/** Beats of a piece, and where in their bars they stand. */
export interface FoundBars {
  /** The sixteenth, 0 … 3, of the first beat. */
  readonly phase: number;
  /** For each beat from there on its place in its bar; 0 is a bar line. */
  readonly place: Uint8Array;
}

/** Sixteenths of a beat. */
const BEAT = 4;
/** How much is expected at each sixteenth of a bar of four beats, and of three. */
const TEMPLATES = [
  [5, 0, 1, 0, 3, 0, 1, 0, 4, 0, 1, 0, 3, 0, 1, 0],
  [5, 0, 1, 0, 3, 0, 1, 0, 3, 0, 1, 0],
].map(centred);
const FOUR = TEMPLATES[0].length;
/** How much better three beats must fit than four: four are as common as that. */
const RARER = 1.15;

/** Pitch classes. */
const CLASSES = 12;
/** Above all pitches. */
const NO_PITCH = 255;
/** Semitones above the lowest note near by that still are the bass. */
const BASS = 4;
/** Sixteenths on either side that are near by. */
const NEAR = 8;
/** Sixteenths before and after a place whose harmonies are compared. */
const HARMONY = 8;
/** Longer than this, in sixteenths, a note does not count more. */
const LONG = 16;
/** Half a bar is put in where what comes fits so much better, in weights of an average beat. */
const HALF_BAR_COST = 4;

/** The bars that fit best; of no notes those of four beats that begin at 0. */
export function findBars(notes: CountedNotes): FoundBars {
  const weight = changes(notes);
  let best = { template: TEMPLATES[0], phase: 0, fit: Number.NEGATIVE_INFINITY };
  for (const template of TEMPLATES) {
    const profile = fold(weight, template.length);
    for (let phase = 0; phase < template.length; phase++) {
      const sum = template.reduce(
        (all, each, place) => all + each * profile[(place + phase) % template.length],
        0,
      );
      const fit = sum / Math.sqrt(template.length) / (template.length === FOUR ? 1 : RARER);
      if (fit > best.fit) best = { template, phase, fit };
    }
  }
  const phase = best.phase % BEAT;
  const first = (best.phase - phase) / BEAT;
  const beats = Math.max(1, Math.ceil((weight.length - phase) / BEAT));
  const ofBeats = new Float64Array(beats).map((_, beat) => weight[phase + beat * BEAT] ?? 0);
  return { phase, place: placesOf(ofBeats, best.template, first) };
}

/**
 * The places of beats in their bars: the way through them on which most weight is where it is expected
 * (Viterbi), when half a bar more has its price.
 *
 * @param first beats before the first bar line, where nothing speaks against it
 */
function placesOf(weight: Float64Array, template: readonly number[], first: number): Uint8Array {
  const bar = template.length / BEAT;
  const start = (bar - first) % bar;
  const regular = new Uint8Array(weight.length).map((_, beat) => (start + beat) % bar);
  if (bar !== FOUR / BEAT) return regular;
  const mean = weight.reduce((sum, each) => sum + each, 0) / weight.length || 1;
  const half = bar / 2;
  // Two ways: as it was at first, and half a bar later.
  const isShifted = [0, 1].map(() => new Uint8Array(weight.length));
  const fits = Float64Array.of(0, -HALF_BAR_COST);
  for (let beat = 0; beat < weight.length; beat++) {
    const [first, second] = [fits[0], fits[1]];
    for (let way = 0; way < 2; way++) {
      const stays = way === 0 ? first : second;
      const comes = (way === 0 ? second : first) - HALF_BAR_COST;
      const place = (regular[beat] + way * half) % bar;
      // A way begins anew with a bar.
      const isBetter = place === 0 && comes > stays;
      isShifted[way][beat] = Number(isBetter);
      const sofar = isBetter ? comes : stays;
      fits[way] = sofar + (template[place * BEAT] * weight[beat]) / mean;
    }
  }
  let way = Number(fits[1] > fits[0]);
  const place = new Uint8Array(weight.length);
  for (let beat = weight.length - 1; beat >= 0; beat--) {
    place[beat] = (regular[beat] + way * half) % bar;
    if (isShifted[way][beat] === 1) way = 1 - way;
  }
  return place;
}

/** How much changes at each sixteenth. */
function changes({ length, pitch, onset, offset }: CountedNotes): Float64Array {
  let end = 0;
  for (let n = 0; n < length; n++) end = Math.max(end, Math.ceil(offset[n]));
  const places = end + 1;
  const lowest = new Uint8Array(places).fill(NO_PITCH);
  // By place and pitch class how much sounds; what a rest of hours has no part in is never touched.
  const sounding = new Uint32Array(CLASSES * places);
  const all = new Float64Array(places + 1);
  const placeOf = (n: number) => Math.max(0, Math.round(onset[n]));
  for (let n = 0; n < length; n++) {
    lowest[placeOf(n)] = Math.min(lowest[placeOf(n)], pitch[n]);
    for (let place = placeOf(n); place < Math.min(offset[n], placeOf(n) + LONG); place++) {
      sounding[CLASSES * place + (pitch[n] % CLASSES)]++;
      all[place + 1]++;
    }
  }
  for (let place = 1; place <= places; place++) all[place] += all[place - 1];
  const weight = new Float64Array(places);
  for (let place = 0; place < places; place++) {
    const from = Math.max(0, place - HARMONY);
    const to = Math.min(places, place + HARMONY);
    if (all[to] > all[place] && all[place] > all[from])
      weight[place] = 1.5 * harmonicChange(sounding, place, from, to);
  }
  for (let n = 0; n < length; n++) {
    const at = placeOf(n);
    const lasts = Math.min(LONG, offset[n] - onset[n]) / LONG;
    let bass = NO_PITCH;
    for (let place = Math.max(0, at - NEAR); place <= Math.min(places - 1, at + NEAR); place++) {
      bass = Math.min(bass, lowest[place]);
    }
    weight[at] += 0.15 + 0.3 * lasts;
    if (pitch[n] <= bass + BASS) weight[at] += 0.5 + lasts;
  }
  return weight;
}

/**
 * 1 where what sounds after a place has no pitch class in common with what sounds before, 0 where all.
 *
 * @param sounding how much sounds, by place and pitch class
 * @param from where what sounds before begins, and `to` where what sounds after ends
 */
function harmonicChange(sounding: Uint32Array, place: number, from: number, to: number): number {
  let both = 0;
  let before = 0;
  let after = 0;
  for (let pitchClass = 0; pitchClass < CLASSES; pitchClass++) {
    let earlier = 0;
    let later = 0;
    const [now, end] = [CLASSES * place, CLASSES * to];
    for (let i = CLASSES * from + pitchClass; i < now; i += CLASSES) earlier += sounding[i];
    for (let i = now + pitchClass; i < end; i += CLASSES) later += sounding[i];
    both += earlier * later;
    before += earlier * earlier;
    after += later * later;
  }
  return before > 0 && after > 0 ? 1 - both / Math.sqrt(before * after) : 0;
}

/** The mean of values that stand equally far in periods of a length. */
function fold(values: Float64Array, period: number): Float64Array {
  const sums = new Float64Array(period);
  for (let i = 0; i < values.length; i++) sums[i % period] += values[i];
  return sums.map((sum) => sum / Math.max(1, values.length / period));
}

/** The same shape, with a mean of 0 and a length of 1 a place. */
function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const size = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length);
  return values.map((each) => (each - mean) / size);
}
