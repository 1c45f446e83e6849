/** What is asked of the next takes: in words of music first, in numbers under "More". */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import {
  ALL_WISHES,
  KEY_NAMES,
  noteName,
  type PitchRange,
  WISH_ROWS,
  type Wish,
  type WishRow,
  type WishSlider,
  type WishValue,
} from '../../../src/index.js';
import { Icon } from '../shell/icons.js';
import { sentence } from '../state/messages.js';
import { changeSettings, clashOf, DEFAULT_SETTINGS, settings } from '../state/settings.js';
import { useStore } from '../state/store.js';
import { ChordField } from './chord-field.js';
import { FlagChoice } from './flag-choice.js';
import { MoreControls } from './more-controls.js';
import { accidentals, NameChoice } from './name-choice.js';
import { Reset, Slider } from './slider.js';
import { studio } from './studio.js';

export function Controls() {
  const asked = useStore(settings, (all) => all);
  const { kind, wishes, styles } = useStore(studio, (state) => state);
  const clash = clashOf(asked, wishes);
  // One or two that are not for it are seen where they stand.
  const followsMost = wishes.size > ALL_WISHES.size / 2;
  const followed = WISH_ROWS.filter(({ wish }) => wishes.has(wish)).map(({ label }) => label.toLowerCase());
  const controlOf = (row: WishRow) => (
    <WishControl
      key={row.name}
      row={row}
      value={asked[row.name]}
      follows={wishes.has(row.wish)}
      styles={styles}
    />
  );
  const isChanged = Object.entries(DEFAULT_SETTINGS).some(([name, value]) => asked[name] !== value);
  return (
    <section class="controls" aria-labelledby="controls-title">
      <div class="section-head">
        <h2 id="controls-title">How it plays on</h2>
        <button
          type="button"
          class="button quiet icon"
          aria-label="Reset all controls"
          title="Reset all controls"
          disabled={!isChanged}
          onClick={() => changeSettings(DEFAULT_SETTINGS)}
        >
          <Icon name="reset" />
        </button>
      </div>
      {clash && (
        <p class="clash" role="alert">
          {sentence(clash)}
        </p>
      )}
      {wishes.has('chords') && <ChordField />}
      {WISH_ROWS.filter((row) => !isFolded(row)).map(controlOf)}
      {!followsMost && (
        <p class="small muted">
          The {kind.name} model knows only {followed.join(', ')}, length and takes.
        </p>
      )}
      <More wishes={wishes}>{WISH_ROWS.filter(isFolded).map(controlOf)}</More>
    </section>
  );
}

/** What one seldom asks for stands under "More". */
const isFolded = ({ is }: WishRow) => is === 'key' || is === 'range';

interface WishControlProps {
  readonly row: WishRow;
  readonly value: WishValue | undefined;
  readonly follows: boolean;
  readonly styles: readonly string[];
}

/** What is asked for in words of music; numbers are under "More". */
function WishControl({ row, value, follows, styles }: WishControlProps) {
  const control =
    row.slider !== undefined ? (
      <WishSliderControl row={row} slider={row.slider} value={value as number} />
    ) : row.is === 'key' ? (
      <NameChoice row={row} value={value as string} names={KEY_NAMES} write={accidentals} />
    ) : row.is === 'style' ? (
      <NameChoice row={row} value={value as string} names={styles} />
    ) : row.is === 'range' ? (
      <RangeChoice row={row} value={value as PitchRange | undefined} />
    ) : row.is === 'flag' && !row.isTechnical ? (
      <FlagChoice row={row} value={value === true} />
    ) : undefined;
  if (control === undefined) return null;
  return (
    <fieldset class="plain" disabled={!follows}>
      {control}
    </fieldset>
  );
}

interface WishSliderProps {
  readonly row: WishRow;
  readonly slider: WishSlider;
  readonly value: number;
}

function WishSliderControl({ row, slider, value }: WishSliderProps) {
  const { name, label, explanation, usual, least = 0 } = row;
  const { from, to, min, max, step, scale } = slider;
  const isFactor = scale === 'double';
  const place = (factor: number) => (isFactor ? Math.log2(factor) : factor);
  const write = (at: number) => {
    if (isFactor) return `× ${(2 ** at).toFixed(2)}`;
    if (step < 1) return at.toFixed(2);
    return least < 0 && at > 0 ? `+${at}` : String(at);
  };
  return (
    <Slider
      label={from}
      to={to}
      name={label}
      explanation={explanation}
      value={place(value)}
      usual={place(usual as number)}
      min={min}
      max={max}
      step={step}
      write={write}
      onChange={(at) => changeSettings({ [name]: isFactor ? Math.round(2 ** at * 1000) / 1000 : at })}
    />
  );
}

/** How long, and how many: what one asks for every time. */
export function Amounts() {
  const asked = useStore(settings, (all) => all);
  return (
    <section class="amounts" aria-label="How much">
      <Slider
        label="Length"
        name="Length"
        value={asked.seconds}
        usual={DEFAULT_SETTINGS.seconds}
        min={5}
        max={120}
        step={5}
        write={(value) => `${value} s`}
        onChange={(seconds) => changeSettings({ seconds })}
      />
      <Slider
        label="Ways to go on"
        name="Number of takes"
        value={asked.variations}
        usual={DEFAULT_SETTINGS.variations}
        min={1}
        max={8}
        step={1}
        write={String}
        onChange={(variations) => changeSettings({ variations })}
      />
    </section>
  );
}

function More({ wishes, children }: { wishes: ReadonlySet<Wish>; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="more">
      <button
        type="button"
        class="button quiet more-button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="down" />
        More
      </button>
      {isOpen && children}
      {isOpen && <MoreControls wishes={wishes} />}
    </div>
  );
}

const PIANO = Array.from({ length: 88 }, (_, i) => i + 21);

interface RangeChoiceProps {
  readonly row: WishRow;
  readonly value: PitchRange | undefined;
}

function RangeChoice({ row, value }: RangeChoiceProps) {
  const whole: PitchRange = [PIANO[0], PIANO[PIANO.length - 1]];
  const [lowest, highest] = value ?? whole;
  const isWhole = lowest === whole[0] && highest === whole[1];
  const change = (range: PitchRange) =>
    changeSettings({ range: range[0] === whole[0] && range[1] === whole[1] ? undefined : range });
  const choice = (name: string, value: number, choose: (pitch: number) => void) => (
    <select
      class="field"
      aria-label={name}
      aria-describedby="range-about"
      value={value}
      onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
    >
      {PIANO.map((pitch) => (
        <option key={pitch} value={pitch}>
          {noteName(pitch)}
        </option>
      ))}
    </select>
  );
  return (
    <div class="control">
      <div class="control-head">
        <span>{row.label}</span>
        <Reset name="Range" isUsual={isWhole} onReset={() => change(whole)} />
      </div>
      <span class="range-fields">
        {choice('Lowest note', lowest, (pitch) => change([pitch, highest]))}
        <span class="muted">to</span>
        {choice('Highest note', highest, (pitch) => change([lowest, pitch]))}
      </span>
      <p class="explanation" id="range-about">
        {row.explanation}
      </p>
    </div>
  );
}
