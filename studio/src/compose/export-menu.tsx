/** The Export menu, and how far a sound file is. */
import { FORMATS, type Format, ROW_FORMATS, SOUND_FORMATS } from '../../../src/index.js';
import { Menu } from '../shell/menu.js';
import { useStore } from '../state/store.js';
import {
  copyLink,
  exportMidi,
  exportRows,
  exportScore,
  exportSession,
  exportSound,
  PLAYED,
  rendering,
} from './exports.js';
import { sessionOf, studio } from './studio.js';

const wordsOf = ({ label, detail }: Format) => ({ label, detail });

export function ExportMenu() {
  const { part, label } = useStore(rendering, (state) => state);
  const hasTake = useStore(studio, (state) => sessionOf(state).current !== undefined);
  const isMaking = useStore(studio, (state) => state.making !== undefined);
  if (part !== undefined) {
    return (
      <button
        type="button"
        class="button quiet numbers export-progress"
        title="Call it off"
        aria-label={`${label} file, ${Math.round(100 * part)} percent; call it off`}
        onClick={() => rendering.get().cancel()}
      >
        <progress value={part} max={1} /> {label} {Math.round(100 * part)} %
      </button>
    );
  }
  return (
    <Menu
      class="export-menu"
      label="Export"
      items={[
        { ...wordsOf(FORMATS.midi), isDisabled: isMaking, run: () => exportMidi() },
        {
          label: 'MIDI of what was made',
          detail: 'without the primer',
          isDisabled: isMaking || !hasTake,
          run: () => exportMidi({ isOnlyMade: true }),
        },
        {
          label: 'MIDI for two hands',
          detail: 'a track each, and a pedal; it sounds the same',
          isDisabled: isMaking,
          run: () => exportMidi({ shape: PLAYED }),
        },
        {
          label: 'Score (MusicXML)',
          detail: 'two staves in bars, for notation programs',
          isDisabled: isMaking,
          run: exportScore,
        },
        ...SOUND_FORMATS.map((format) => ({
          ...wordsOf(FORMATS[format]),
          isDisabled: isMaking,
          run: () => exportSound(format),
        })),
        ...ROW_FORMATS.map(([, format]) => ({
          ...wordsOf(format),
          isDisabled: isMaking,
          run: () => exportRows(format),
        })),
        {
          label: 'Session (.cadenza.json)',
          detail: 'all takes, and how to make them again; drop it here to open it',
          isDisabled: isMaking,
          run: exportSession,
        },
        {
          label: 'Copy a link',
          detail: 'makes this take again, for shipped models and short primers',
          isDisabled: isMaking,
          run: copyLink,
        },
      ]}
    />
  );
}
