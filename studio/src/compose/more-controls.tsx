/** The numbers: what single attributes are asked, limits, and the seed. */
import { useId } from 'preact/hooks';
import type { Wish } from '../../../src/index.js';
import { changeSettings, DEFAULT_SETTINGS, type Settings, settings } from '../state/settings.js';
import { useStore } from '../state/store.js';
import { Reset } from './slider.js';

interface NumberSetting {
  readonly name: keyof Settings;
  readonly label: string;
  readonly explanation: string;
  /** What an empty field says. */
  readonly empty: string;
  readonly min: number;
  readonly max?: number;
  readonly step: number;
  /** Where a field cannot be empty: what is usual. */
  readonly usual?: number;
  /** What it is of what can be wished; of every model where not given. */
  readonly wish?: Wish;
}

const NUMBERS: readonly NumberSetting[] = [
  {
    name: 'timeTemperature',
    wish: 'temperatures',
    label: 'Time temperature',
    explanation: 'How daring the rhythm is: 0 takes the likeliest, 1 plays as learned.',
    empty: 'as above',
    min: 0,
    max: 3,
    step: 0.05,
  },
  {
    name: 'pitchTemperature',
    wish: 'temperatures',
    label: 'Pitch temperature',
    explanation: 'How daring the choice of keys is.',
    empty: 'as above',
    min: 0,
    max: 3,
    step: 0.05,
  },
  {
    name: 'velocityTemperature',
    wish: 'temperatures',
    label: 'Velocity temperature',
    explanation: 'How daring the touch is.',
    empty: 'as above',
    min: 0,
    max: 3,
    step: 0.05,
  },
  {
    name: 'topP',
    wish: 'topP',
    label: 'Top-p',
    explanation: 'Only the likeliest choices that together have this probability; 1 takes all.',
    empty: '1',
    min: 0,
    max: 1,
    step: 0.01,
    usual: 1,
  },
  {
    name: 'minP',
    wish: 'minP',
    label: 'Min-p of keys',
    explanation:
      'Only keys at least this part as likely as the likeliest: more stays closer to what is usual, 0 takes all.',
    empty: String(DEFAULT_SETTINGS.minP),
    min: 0,
    max: 1,
    step: 0.01,
    usual: DEFAULT_SETTINGS.minP,
  },
  {
    name: 'maxPolyphony',
    wish: 'maxPolyphony',
    label: 'Most keys at once',
    explanation: '1 plays a single voice.',
    empty: 'no limit',
    min: 1,
    max: 88,
    step: 1,
  },
  {
    name: 'minStep',
    wish: 'minStep',
    label: 'Least step',
    explanation: 'Seconds from one strike to the next at least; above 0 there are no chords.',
    empty: 'no limit',
    min: 0,
    step: 0.01,
  },
  {
    name: 'maxStep',
    wish: 'maxStep',
    label: 'Most step',
    explanation: 'Seconds from one strike to the next at most.',
    empty: 'no limit',
    min: 0.01,
    step: 0.01,
  },
  {
    name: 'minDuration',
    wish: 'minDuration',
    label: 'Least duration',
    explanation: 'Seconds that a note sounds at least.',
    empty: 'no limit',
    min: 0,
    step: 0.01,
  },
  {
    name: 'maxDuration',
    wish: 'maxDuration',
    label: 'Most duration',
    explanation: 'Seconds that a note sounds at most.',
    empty: 'no limit',
    min: 0.01,
    step: 0.01,
  },
  {
    name: 'seed',
    label: 'Seed',
    explanation: 'The same seed plays the same again; empty takes another one every time.',
    empty: 'another each time',
    min: 0,
    max: 4_294_967_295,
    step: 1,
  },
];

export function MoreControls({ wishes }: { wishes: ReadonlySet<Wish> }) {
  const asked = useStore(settings, (all) => all);
  return (
    <div class="more-controls">
      {NUMBERS.map((setting) => (
        <NumberField
          key={setting.name}
          {...setting}
          value={asked[setting.name] as number | undefined}
          isDisabled={setting.wish !== undefined && !wishes.has(setting.wish)}
        />
      ))}
    </div>
  );
}

function NumberField(
  props: NumberSetting & { readonly value: number | undefined; readonly isDisabled: boolean },
) {
  const { name, label, explanation, empty, min, max, step, usual, value, isDisabled } = props;
  const id = useId();
  const take = (text: string) => {
    const number = Number(text);
    if (text === '') changeSettings({ [name]: usual });
    else if (Number.isFinite(number)) {
      const within = Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min, number));
      changeSettings({ [name]: step === 1 ? Math.round(within) : within });
    }
  };
  return (
    <div class="control">
      <div class="control-row">
        <label for={id}>{label}</label>
        <input
          id={id}
          class="field numbers"
          type="number"
          inputMode="decimal"
          placeholder={empty}
          aria-describedby={`${id}-about`}
          min={min}
          max={max}
          step={step}
          disabled={isDisabled}
          value={value ?? ''}
          onChange={({ currentTarget }) => take(currentTarget.value)}
        />
        <Reset name={label} isUsual={value === usual} onReset={() => changeSettings({ [name]: usual })} />
      </div>
      <p class="explanation" id={`${id}-about`}>
        {explanation}
      </p>
    </div>
  );
}
