/** Something that is asked for or not. */
import type { WishRow } from '../../../src/index.js';
import { changeSettings } from '../state/settings.js';

interface FlagChoiceProps {
  readonly row: WishRow;
  readonly value: boolean;
  readonly isDisabled?: boolean;
}

export function FlagChoice({ row, value, isDisabled }: FlagChoiceProps) {
  const { name, label, explanation } = row;
  const id = `flag-${name}`;
  return (
    <div class="control">
      <label class="control-row" for={id}>
        <span>{label}</span>
        <input
          id={id}
          type="checkbox"
          checked={value}
          disabled={isDisabled}
          aria-describedby={`${id}-about`}
          onChange={({ currentTarget }) => changeSettings({ [name]: currentTarget.checked })}
        />
      </label>
      <p class="explanation" id={`${id}-about`}>
        {explanation}
      </p>
    </div>
  );
}
