/** The list of keys. */
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../shell/icons.js';
import { useStore } from '../state/store.js';
import { SHORTCUTS } from './shortcuts.js';
import { studio } from './studio.js';

export function Help() {
  const isOpen = useStore(studio, (state) => state.isHelpOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = () => studio.set({ isHelpOpen: false });
  return (
    <dialog class="help" ref={dialog} aria-labelledby="help-title" onClose={close}>
      <div class="section-head">
        <h2 id="help-title">Keys</h2>
        <button type="button" class="button quiet icon" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {SHORTCUTS.map(({ keys, what }) => (
          <div key={keys}>
            <dt>{keys.split(' ').map((key) => (/^[–]$/.test(key) ? ' – ' : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="small muted">
        While recording, the computer's keys play: A is C, W is C♯, and so on; Z and X move by an octave,
        Shift is the pedal. On the roll, drag to pan, pinch or Ctrl-scroll to zoom, Shift-drag to select. With
        the pencil Shift picks more, Alt copies, Ctrl leaves the grid; on the roll N and P pick notes, arrow
        keys move them, with Shift they lengthen, with Alt they strike harder or softer, D draws one.
      </p>
    </dialog>
  );
}
