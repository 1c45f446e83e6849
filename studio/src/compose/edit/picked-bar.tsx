/** What can be done with the notes that are picked. */
import { Icon } from '../../shell/icons.js';
import { countOf } from '../../shell/words.js';
import { useStore } from '../../state/store.js';
import { studio } from '../studio.js';
import { edit, quantise } from './editing.js';

export function PickedBar() {
  const picked = useStore(studio, (state) => state.picked);
  const tool = useStore(studio, (state) => state.tool);
  if (picked.length === 0) {
    return tool === 'edit' ? (
      <p class="selection-bar small muted pencil-hint">
        Drag a note to move it, its end to lengthen it; press or drag where there is none to draw one
      </p>
    ) : null;
  }
  const force = Math.round(picked.reduce((sum, { velocity }) => sum + velocity, 0) / picked.length);
  return (
    <fieldset class="plain selection-bar" aria-label="Picked notes">
      <span class="numbers">{countOf(picked.length, 'note')}</span>
      <label class="keeping small">
        Force
        <input
          class="field numbers force"
          type="number"
          min={1}
          max={127}
          value={force}
          title="How hard they are struck, on average, 1 to 127"
          onChange={({ currentTarget: { valueAsNumber } }) =>
            Number.isInteger(valueAsNumber) && edit({ kind: 'velocity', by: valueAsNumber - force })
          }
        />
      </label>
      {(
        [
          [1, 'A semitone up', '♯'],
          [-1, 'A semitone down', '♭'],
          [12, '+8: an octave up', '+8'],
          [-12, '−8: an octave down', '−8'],
        ] as const
      ).map(([semitones, name, sign]) => (
        <button
          key={semitones}
          type="button"
          class="button quiet"
          aria-label={name}
          title={name}
          onClick={() => edit({ kind: 'move', seconds: 0, semitones })}
        >
          {sign}
        </button>
      ))}
      <button type="button" class="button" title="Bring them to the grid (Q)" onClick={quantise}>
        Quantise
      </button>
      <button
        type="button"
        class="button quiet icon"
        aria-label="Delete the picked notes"
        title="Delete the picked notes (Delete)"
        onClick={() => edit({ kind: 'remove' })}
      >
        <Icon name="remove" />
      </button>
      <button
        type="button"
        class="button quiet icon"
        aria-label="Pick none"
        onClick={() => studio.set({ picked: [] })}
      >
        <Icon name="close" />
      </button>
    </fieldset>
  );
}
