/** Where files are dropped or picked, and how far reading them has come. */
import { useRef } from 'preact/hooks';
import { filesOfList } from '../../../src/web/index.js';
import { complain } from '../state/messages.js';
import { takeFiles } from './learn-store.js';
import { formatCount } from './run-words.js';

export function DropPanel() {
  return (
    <section class="drop-panel" aria-label="Files to learn from">
      <h2>Drop a folder of MIDI files to learn from</h2>
      <p class="muted">
        Piano pieces, as many as you have: a folder, single files, or a .zip. They stay on this machine.
      </p>
      <PickButtons />
    </section>
  );
}

/** Buttons that open the system's pickers, for a folder and for files. */
export function PickButtons({ isPrimary = true }: { readonly isPrimary?: boolean }) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = ''; // so that the same choice counts again
    filesOfList(files).then(takeFiles).catch(complain);
  };
  return (
    <div class="pick-buttons">
      <button
        type="button"
        class={isPrimary ? 'button primary' : 'button'}
        onClick={() => folder.current?.click()}
      >
        Choose a folder
      </button>
      <button type="button" class="button" onClick={() => files.current?.click()}>
        Choose files
      </button>
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        class="only-heard"
        tabIndex={-1}
        aria-hidden="true"
        data-pick="folder"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={files}
        type="file"
        class="only-heard"
        tabIndex={-1}
        aria-hidden="true"
        data-pick="files"
        multiple
        accept=".mid,.midi,.kar,.rmi,.zip,.safetensors"
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}

export function ReadingPanel({
  name,
  done,
  total,
}: {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}) {
  return (
    <section class="drop-panel" aria-label="Reading">
      <h2>Reading {name}</h2>
      <progress class="bar" value={done} max={Math.max(1, total)} aria-label={`Reading ${name}`} />
      <p class="muted numbers">
        {formatCount(done)} of {formatCount(total)} files
      </p>
    </section>
  );
}
