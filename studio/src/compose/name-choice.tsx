/** A menu of names, and of none. */
import type { WishRow } from '../../../src/index.js';
import { changeSettings } from '../state/settings.js';
import { Reset } from './slider.js';

interface NameChoiceProps {
  readonly row: WishRow;
  readonly value: string;
  readonly names: readonly string[];
  /** How a name is shown; as it is where not given. */
  readonly write?: (name: string) => string;
}

export function NameChoice({ row, value, names, write = (name) => name }: NameChoiceProps) {
  const { name, label, explanation } = row;
  const id = `${name}-choice`;
  // What another model knows is not forgotten, only not to be chosen here.
  const all = value === '' || names.includes(value) ? names : [...names, value];
  return (
    <div class="control">
      <div class="control-head">
        <label for={id}>{label}</label>
        <Reset name={label} isUsual={value === ''} onReset={() => changeSettings({ [name]: '' })} />
      </div>
      <select
        id={id}
        class="field"
        value={value}
        aria-describedby={`${id}-about`}
        onChange={({ currentTarget }) => changeSettings({ [name]: currentTarget.value })}
      >
        <option value="">any</option>
        {all.map((each) => (
          <option key={each} value={each} disabled={!names.includes(each)}>
            {write(each)}
          </option>
        ))}
      </select>
      <p class="explanation" id={`${id}-about`}>
        {explanation}
      </p>
    </div>
  );
}

/** A key with the signs of music. */
export const accidentals = (key: string) => key.replace('b ', '♭ ').replace('#', '♯');
