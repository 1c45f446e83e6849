/** The line of chords that are to be played: typed, or read from the piece. */
import { useId, useState } from 'preact/hooks';
import { changeSettings, settings } from '../state/settings.js';
import { useStore } from '../state/store.js';
import { readFromPiece } from './asked-chords.js';
import { Reset } from './slider.js';
import { studio } from './studio.js';

const FIELD = 'chords-asked';

/** Goes to the field, from the lane over the roll. */
export function focusChords(): void {
  studio.set({ isSheetOpen: true });
  document.getElementById(FIELD)?.focus();
}

export function ChordField() {
  const asked = useStore(settings, ({ chords }) => chords);
  // While it is typed, it is nobody's business.
  const [typed, setTyped] = useState<string>();
  const about = useId();
  const take = (text: string) => {
    setTyped(undefined);
    changeSettings({ chords: text.trim() });
  };
  return (
    <div class="control">
      <div class="control-head">
        <label for={FIELD}>Chords</label>
        <span class="control-tools">
          <button
            type="button"
            class="button quiet small"
            title="Reads the chords of the selected span, or of the bars before the marker"
            onClick={readFromPiece}
          >
            Read from the piece
          </button>
          <Reset name="Chords" isUsual={asked === ''} onReset={() => take('')} />
        </span>
      </div>
      <input
        id={FIELD}
        class="field chords"
        type="text"
        spellcheck={false}
        autocomplete="off"
        placeholder="C Am F G"
        aria-describedby={about}
        value={typed ?? asked}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value);
        }}
      />
      <p class="explanation" id={about}>
        One a bar, from the marker or the selection on, again and again; lengths in bars as in Dm7:0.5 G7:0.5
        C.
      </p>
    </div>
  );
}
