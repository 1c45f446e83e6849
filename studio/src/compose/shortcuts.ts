/** The keyboard: what each key does, for the keys themselves and for the list of them. */
import { transport } from '../shell/sound.js';
import { toggleStar } from '../state/session.js';
import { copyPicked, edit, pasteNotes, quantise } from './edit/editing.js';
import { togglePlay } from './header-tools.js';
import { toggleRecording, toggleTurns } from './live.js';
import { continueNow, regenerate, rewriteSelection } from './making.js';
import { commit, currentTake, redo, sessionOf, shownPiece, studio, undo } from './studio.js';
import { chooseTake, removeTake } from './takes.js';

interface Shortcut {
  /** As the list has it. */
  readonly keys: string;
  readonly what: string;
  readonly matches: (event: KeyboardEvent) => boolean;
  readonly run: (event: KeyboardEvent) => void;
}

const isCommand = (event: KeyboardEvent) => event.ctrlKey || event.metaKey;
const plain = (key: string) => (event: KeyboardEvent) =>
  !isCommand(event) && !event.altKey && event.key.toLowerCase() === key;
/** What the browser tells of by itself is only listed. */
const NEVER = () => false;
const command = (key: string, isShift: boolean) => (event: KeyboardEvent) =>
  isCommand(event) && event.shiftKey === isShift && event.key.toLowerCase() === key;

/** Seconds that an arrow key moves the playhead by. */
const STEP = 1;

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Space', what: 'Play or pause', matches: plain(' '), run: togglePlay },
  { keys: 'Enter', what: 'Continue from the marker', matches: plain('enter'), run: continueNow },
  {
    keys: 'Esc',
    what: 'Stop making or recording, or clear the selection',
    matches: plain('escape'),
    run() {
      const { making, live, stopLive } = studio.get();
      if (live !== 'off') stopLive();
      else if (making !== undefined) making.cancel();
      else studio.set({ selection: undefined, isHelpOpen: false, isSheetOpen: false });
    },
  },
  { keys: 'R', what: 'Record, or stop recording', matches: plain('r'), run: toggleRecording },
  { keys: 'T', what: 'Play after me: it answers when you pause', matches: plain('t'), run: toggleTurns },
  {
    keys: 'Ctrl A',
    what: 'Select the whole piece',
    matches: command('a', false),
    run: () => studio.set({ selection: { start: 0, end: shownPiece().end } }),
  },
  { keys: 'W', what: 'Rewrite the selected span', matches: plain('w'), run: rewriteSelection },
  {
    keys: '1 – 9',
    what: 'Show a take; the playhead stays, to compare',
    matches: (event) => !isCommand(event) && /^[1-9]$/.test(event.key),
    run({ key }) {
      const take = sessionOf().takes[Number(key) - 1];
      if (take !== undefined) chooseTake(take.id);
    },
  },
  { keys: '0', what: 'Show the primer', matches: plain('0'), run: () => chooseTake(undefined) },
  {
    keys: 'S',
    what: 'Keep the take',
    matches: plain('s'),
    run() {
      const take = currentTake();
      if (take !== undefined) commit(toggleStar(sessionOf(), take.id), `star ${take.name}`);
    },
  },
  {
    keys: 'A',
    what: 'Make the take again',
    matches: plain('a'),
    run() {
      const take = currentTake();
      if (take !== undefined) regenerate(take.id);
    },
  },
  {
    keys: 'Delete',
    what: 'Delete the picked notes, or the take',
    matches: (event) => plain('delete')(event) || plain('backspace')(event),
    run() {
      const take = currentTake();
      if (studio.get().picked.length > 0) edit({ kind: 'remove' });
      else if (take !== undefined) removeTake(take);
    },
  },
  {
    keys: 'E',
    what: 'Edit notes',
    matches: plain('e'),
    run: () => studio.set(({ tool }) => ({ tool: tool === 'edit' ? 'pan' : 'edit' })),
  },
  { keys: 'Q', what: 'Bring picked or selected notes to the grid', matches: plain('q'), run: quantise },
  { keys: 'Ctrl C', what: 'Copy picked or selected notes', matches: NEVER, run: copyPicked },
  { keys: 'Ctrl V', what: 'Put them in at the playhead', matches: NEVER, run: pasteNotes },
  { keys: 'Ctrl Z', what: 'Undo', matches: command('z', false), run: undo },
  {
    keys: 'Shift Ctrl Z',
    what: 'Redo',
    matches: (event) => command('z', true)(event) || command('y', false)(event),
    run: redo,
  },
  { keys: '← →', what: 'A second back or on', matches: plain('arrowleft'), run: () => move(-STEP) },
  { keys: 'Home', what: 'Back to the beginning', matches: plain('home'), run: () => transport.seek(0) },
  { keys: '.', what: 'Stop', matches: plain('.'), run: () => transport.stop() },
  {
    keys: '?',
    what: 'This list',
    matches: (event) => event.key === '?',
    run: () => studio.set(({ isHelpOpen }) => ({ isHelpOpen: !isHelpOpen })),
  },
];

function move(seconds: number): void {
  transport.seek(transport.currentTime + seconds);
}

/** Controls that need the keys themselves. */
const TYPING = 'input:not([type="range"]), select, textarea, [contenteditable]';

/** Listens to the keyboard; gives how to end that. */
export function listenToKeys(): () => void {
  // Who has just clicked a button and presses Space wants to play, not to click again; who came to it by Tab
  // does.
  let isByKeyboard = false;
  const onPointerDown = () => {
    isByKeyboard = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') isByKeyboard = true;
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : undefined;
    const isButton = target?.closest('button, a, summary') != null;
    if (target?.closest(TYPING)) return;
    if (isButton && isByKeyboard && (event.key === ' ' || event.key === 'Enter')) return;
    if (target?.matches('input[type="range"]') && /^(Arrow|Home|End|Page)/.test(event.key)) return;
    if (plain('arrowright')(event)) {
      move(STEP);
      event.preventDefault();
      return;
    }
    const shortcut = SHORTCUTS.find(({ matches }) => matches(event));
    if (shortcut === undefined) return;
    event.preventDefault();
    if (!event.repeat) shortcut.run(event);
  };
  addEventListener('pointerdown', onPointerDown, true);
  addEventListener('keydown', onKeyDown);
  return () => {
    removeEventListener('pointerdown', onPointerDown, true);
    removeEventListener('keydown', onKeyDown);
  };
}
