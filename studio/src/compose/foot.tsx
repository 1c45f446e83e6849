/** The foot of Compose: where music comes from, and what goes on. */
import { useRef } from 'preact/hooks';
import { Icon } from '../shell/icons.js';
import { Menu } from '../shell/menu.js';
import { countOf, timeOf } from '../shell/words.js';
import { aboutOpening, OPENINGS } from '../state/session-file.js';
import { useStore } from '../state/store.js';
import { toggleRecording, toggleTurns } from './live.js';
import { ACCEPTED, openFile, openOpening } from './opening.js';
import { SoundMenu } from './out/sound-menu.js';
import { SessionsMenu } from './sessions/sessions-menu.js';
import { currentTake, shownPiece, studio } from './studio.js';

export function Foot() {
  const live = useStore(studio, (state) => state.live);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <footer class="foot">
      <input
        ref={picker}
        type="file"
        class="only-heard"
        tabIndex={-1}
        aria-label="Open a MIDI file or a session"
        accept={ACCEPTED}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void openFile(file);
          currentTarget.value = '';
        }}
      />
      <SessionsMenu />
      <button
        type="button"
        class="button quiet"
        title="Open a MIDI file, or drop one anywhere"
        onClick={() => picker.current?.click()}
      >
        <Icon name="open" />
        <span>Open</span>
      </button>
      <Menu
        class="openings"
        label="Openings"
        align="start"
        items={Object.entries(OPENINGS).map(([name, source]) => ({
          label: source().title,
          detail: aboutOpening(name),
          run: () => openOpening(name),
        }))}
      />
      <button
        type="button"
        class={live === 'recording' ? 'button quiet live' : 'button quiet'}
        aria-pressed={live === 'recording'}
        title="Record a primer, from a MIDI keyboard or the computer's keys (R)"
        onClick={toggleRecording}
      >
        <Icon name="record" filled={live === 'recording'} />
        <span>{live === 'recording' ? 'Stop' : 'Record'}</span>
      </button>
      <button
        type="button"
        class={live === 'turns' ? 'button quiet live' : 'button quiet'}
        aria-pressed={live === 'turns'}
        title="When you pause, it goes on; when you play, it listens (T)"
        onClick={toggleTurns}
      >
        <Icon name="echo" />
        <span>{live === 'turns' ? 'Stop' : 'Play after me'}</span>
      </button>
      <SoundMenu />
      <Status />
      <button
        type="button"
        class="button quiet icon help-button"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => studio.set({ isHelpOpen: true })}
      >
        <Icon name="keyboard" />
      </button>
    </footer>
  );
}

function Status() {
  const words = useStore(studio, (state) => {
    const { making, live, modelState, countIn } = state;
    if (live === 'recording' && countIn !== undefined) return `${countIn} …`;
    if (live === 'recording')
      return 'Recording: play a MIDI keyboard, or the keys A to ; (Shift is the pedal)';
    if (live === 'turns') {
      const take = currentTake(state);
      const isAnswering = take !== undefined && state.materials[take.id]?.state === 'making';
      if (!isAnswering) return 'Play; it answers when you pause. Esc ends it';
      return modelState === 'ready' ? 'It answers; play, and it listens' : 'Loading the model …';
    }
    if (making !== undefined) {
      const { phase, part } = making;
      const doing = {
        loading: 'Loading the model',
        listening: 'Listening',
        playing: 'Playing',
        filling: 'Filling',
      };
      return part === undefined || phase === 'playing'
        ? `${doing[phase]} …`
        : `${doing[phase]} … ${Math.floor(100 * part)} %`;
    }
    const piece = shownPiece(state);
    if (modelState === 'loading') return 'Loading the model …';
    if (modelState === 'failed') return 'The model is not loaded; choose it again, or another';
    if (piece.notes.length === 0) return 'Press Enter, and it begins';
    return `${countOf(piece.notes.length, 'note')}, ${timeOf(piece.end)}`;
  });
  return (
    <p class="status small muted numbers" role="status">
      {words}
    </p>
  );
}
