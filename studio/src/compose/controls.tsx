/** What is asked of the next takes: in words of music first, in numbers under "More". */
import { useState } from 'preact/hooks';
import { ALL_WISHES, noteName, type Wish } from '../../../src/index.js';
import { Icon } from '../shell/icons.js';
import { sentence } from '../state/messages.js';
import {
  changeSettings,
  clashOf,
  DEFAULT_SETTINGS,
  KEY_NAMES,
  type Settings,
  settings,
} from '../state/settings.js';
import { useStore } from '../state/store.js';
import { MoreControls } from './more-controls.js';
import { Reset, Slider } from './slider.js';
import { studio } from './studio.js';

const factor = (value: number) => `× ${value.toFixed(2)}`;

export function Controls() {
  const asked = useStore(settings, (all) => all);
  const kind = useStore(studio, (state) => state.kind);
  const clash = clashOf(asked, kind.wishes);
  const followsAll = kind.wishes.size === ALL_WISHES.size;
  const isChanged = Object.entries(DEFAULT_SETTINGS).some(
    ([name, value]) => asked[name as keyof Settings] !== value,
  );
  const set = (name: keyof Settings) => (value: number) => changeSettings({ [name]: value });
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
      <Slider
        label="Calm"
        to="Wild"
        name="Calm to wild"
        explanation="How daring the choices are. The middle plays as it was learned."
        value={asked.temperature}
        usual={DEFAULT_SETTINGS.temperature}
        min={0.6}
        max={1.4}
        step={0.02}
        write={(value) => value.toFixed(2)}
        onChange={set('temperature')}
      />
      <fieldset class="plain" disabled={!followsAll}>
        <Slider
          label="Sparse"
          to="Dense"
          name="Sparse to dense"
          explanation="About so many times as many notes."
          value={Math.log2(asked.density)}
          usual={0}
          min={-1.5}
          max={1.5}
          step={0.05}
          write={(value) => factor(2 ** value)}
          onChange={(value) => changeSettings({ density: Math.round(2 ** value * 1000) / 1000 })}
        />
        <Slider
          label="Soft"
          to="Loud"
          name="Soft to loud"
          explanation="How hard the keys are struck, in steps of MIDI velocity."
          value={asked.loudness}
          usual={DEFAULT_SETTINGS.loudness}
          min={-40}
          max={40}
          step={1}
          write={(value) => (value > 0 ? `+${value}` : String(value))}
          onChange={set('loudness')}
        />
        <KeyChoice value={asked.key} />
        <RangeChoice lowest={asked.lowest} highest={asked.highest} />
      </fieldset>
      {!followsAll && (
        <p class="small muted">The {kind.name} model knows only calm to wild, length and takes.</p>
      )}
      <More wishes={kind.wishes} />
    </section>
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

function More({ wishes }: { wishes: ReadonlySet<Wish> }) {
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
      {isOpen && <MoreControls wishes={wishes} />}
    </div>
  );
}

function KeyChoice({ value }: { value: string }) {
  return (
    <div class="control">
      <div class="control-head">
        <label for="key-choice">Key</label>
        <Reset name="Key" isUsual={value === ''} onReset={() => changeSettings({ key: '' })} />
      </div>
      <select
        id="key-choice"
        class="field"
        value={value}
        aria-describedby="key-about"
        onChange={({ currentTarget }) => changeSettings({ key: currentTarget.value })}
      >
        <option value="">any</option>
        {KEY_NAMES.map((name) => (
          <option key={name} value={name}>
            {name.replace('b ', '♭ ').replace('#', '♯')}
          </option>
        ))}
      </select>
      <p class="explanation" id="key-about">
        Only notes of this key are struck.
      </p>
    </div>
  );
}

const WHOLE = { lowest: DEFAULT_SETTINGS.lowest, highest: DEFAULT_SETTINGS.highest };
const PIANO = Array.from({ length: 88 }, (_, i) => i + 21);

function RangeChoice({ lowest, highest }: { lowest: number; highest: number }) {
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
        <span>Range</span>
        <Reset
          name="Range"
          isUsual={lowest === WHOLE.lowest && highest === WHOLE.highest}
          onReset={() => changeSettings(WHOLE)}
        />
      </div>
      <span class="range-fields">
        {choice('Lowest note', lowest, (pitch) => changeSettings({ lowest: pitch }))}
        <span class="muted">to</span>
        {choice('Highest note', highest, (pitch) => changeSettings({ highest: pitch }))}
      </span>
      <p class="explanation" id="range-about">
        Only keys between these are struck.
      </p>
    </div>
  );
}
