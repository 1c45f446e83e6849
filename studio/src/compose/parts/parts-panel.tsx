/** Which parts are told apart by colour, and which of them are played. */
import { Popover } from '../../shell/popover.js';
import { useStore } from '../../state/store.js';
import { type PartsBy, studio } from '../studio.js';
import { partsOf, toggleSilent, toggleSolo } from './parts-shown.js';

const WAYS: readonly (readonly [PartsBy, string])[] = [
  ['making', 'what was given and what was made'],
  ['hands', 'right and left hand'],
  ['tracks', 'tracks'],
];

export function PartsMenu() {
  return (
    <Popover class="parts-menu" name="Parts" title="Parts: colours, what is played" label="Parts">
      {() => <PartsPanel />}
    </Popover>
  );
}

function PartsPanel() {
  const state = useStore(studio, (all) => all);
  const { partsBy, silent } = state;
  const names = partsBy === 'making' ? [] : partsOf(partsBy, state).names;
  return (
    <>
      <fieldset class="plain bars-fields">
        <legend class="small muted">Two colours tell apart</legend>
        {WAYS.map(([by, words]) => (
          <label key={by} class="check">
            <input
              type="radio"
              name="parts-by"
              checked={partsBy === by}
              onChange={() => studio.set({ partsBy: by, silent: new Set() })}
            />
            {words}
          </label>
        ))}
      </fieldset>
      {names.map((name, i) => (
        <div key={`${i} ${name}`} class="row">
          <span class={i === 0 ? 'part-name upper' : 'part-name lower'}>{name}</span>
          <span class="part-buttons">
            <button
              type="button"
              class="button"
              aria-pressed={silent.has(name)}
              onClick={() => toggleSilent(name)}
            >
              Mute
            </button>
            <button
              type="button"
              class="button"
              aria-pressed={!silent.has(name) && names.length > 1 && silent.size === names.length - 1}
              onClick={() => toggleSolo(name)}
            >
              Solo
            </button>
          </span>
        </div>
      ))}
      <p class="explanation">What is muted is not heard, and is exported all the same.</p>
    </>
  );
}
