/** The numbers: what single attributes are asked, limits, and the seed. */
import { useId } from 'preact/hooks';
import { WISH_ROWS, type Wish, type WishRow } from '../../../src/index.js';
import { changeSettings, settings } from '../state/settings.js';
import { useStore } from '../state/store.js';
import { FlagChoice } from './flag-choice.js';
import { Reset } from './slider.js';

/** A number field: of a wish, or the seed. */
type NumberSetting = Pick<
  WishRow,
  'name' | 'label' | 'explanation' | 'empty' | 'least' | 'most' | 'step' | 'usual'
> & { readonly wish?: Wish };

const SEED: NumberSetting = {
  name: 'seed',
  label: 'Seed',
  explanation: 'The same seed plays the same again; empty takes another one every time.',
  empty: 'another each time',
  least: 0,
  most: 4_294_967_295,
  step: 1,
};

/** Every wish that is a number and has no slider, and the seed. */
const NUMBERS: readonly NumberSetting[] = [
  ...WISH_ROWS.filter(({ is, slider }) => !slider && !['key', 'style', 'range', 'flag'].includes(is)).map(
    (row) => ({
      ...row,
      least: row.least ?? row.step,
      most: row.most ?? row.fieldMost,
    }),
  ),
  SEED,
];

export function MoreControls({ wishes }: { wishes: ReadonlySet<Wish> }) {
  const asked = useStore(settings, (all) => all);
  return (
    <div class="more-controls">
      {NUMBERS.map((setting) => (
        <NumberField
          key={setting.name}
          setting={setting}
          value={asked[setting.name] as number | undefined}
          isDisabled={setting.wish !== undefined && !wishes.has(setting.wish)}
        />
      ))}
      {WISH_ROWS.filter(({ is, isTechnical }) => is === 'flag' && isTechnical).map((row) => (
        <FlagChoice
          key={row.name}
          row={row}
          value={asked[row.name] === true}
          isDisabled={!wishes.has(row.wish)}
        />
      ))}
    </div>
  );
}

interface NumberFieldProps {
  readonly setting: NumberSetting;
  readonly value: number | undefined;
  readonly isDisabled: boolean;
}

function NumberField({ setting, value, isDisabled }: NumberFieldProps) {
  const { name, label, explanation, empty, least: min = 0, most: max, step, usual } = setting;
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
