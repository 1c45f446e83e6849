/** Opening music: dropped, picked or pasted files, built-in openings, links. */
import {
  CadenzaError,
  describeWarning,
  MAX_FILE_BYTES,
  MOST_EVENTS,
  pianoPieceOf,
  readMidi,
} from '../../../src/index.js';
import { goTo } from '../shell/routes.js';
import { transport } from '../shell/sound.js';
import { complain, say } from '../state/messages.js';
import { chooseModel, keepModel } from '../state/models.js';
import { newSession, type Source } from '../state/session.js';
import { OPENINGS, type Opened, sessionFromLink, sessionFromText } from '../state/session-file.js';
import { copyPicked, pasteNotes } from './edit/editing.js';
import { makeMissing } from './making.js';
import { commit, newId, studio } from './studio.js';

/** Warnings about a file that are said; the others are counted. */
const WARNINGS_SAID = 2;

/** What is accepted, for a file picker. */
export const ACCEPTED = '.mid,.midi,.kar,.rmi,.json,.safetensors,audio/midi';

/** Opens a file of any kind that the studio knows. */
export async function openFile(file: File): Promise<void> {
  try {
    if (file.size > MAX_FILE_BYTES && !/\.safetensors$/i.test(file.name)) {
      throw new CadenzaError(`${file.name}: is larger than 64 MB; that is no MIDI file`);
    }
    if (file.size === 0) throw new CadenzaError(`${file.name}: is empty, or a folder; drop a MIDI file`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (/\.safetensors$/i.test(file.name)) await openModel(file.name, bytes);
    else if (/\.json$/i.test(file.name)) openSession(new TextDecoder().decode(bytes), file.name);
    else openMidi(file.name, bytes);
  } catch (error) {
    complain(error);
  }
}

function openMidi(name: string, bytes: Uint8Array): void {
  const midi = readMidi(bytes, name);
  const { notes, pedal, remarks } = pianoPieceOf(midi);
  const first = notes.start[0];
  const title = name.replace(/\.(mid|midi|kar|rmi)$/i, '');
  showSource(
    { title, notes, ...(pedal && { pedal }), file: bytes },
    `open ${title}`,
    Math.max(0, first - 0.5),
  );
  const said = [...remarks, ...midi.warnings.slice(0, WARNINGS_SAID).map((w) => describeWarning(midi, w))];
  if (2 * notes.length > MOST_EVENTS) {
    said.push(`of its notes the models hear the last ${(MOST_EVENTS / 2).toLocaleString('en')}`);
  }
  if (midi.warningCount > WARNINGS_SAID) said.push(`${midi.warningCount - WARNINGS_SAID} more oddities`);
  if (said.length > 0) say(`${title}: ${said.join('; ')}.`);
}

/** Begins anew with another primer; undo brings the old session back. */
export function showSource(source: Source, label: string, at = 0): void {
  studio.get().stopLive();
  studio.get().making?.cancel();
  transport.pause();
  commit(newSession(source), label, { selection: undefined, picked: [], keeping: 'nothing' });
  transport.seek(at);
}

export function openOpening(name: string): void {
  const source = OPENINGS[name]();
  showSource(source, `open ${source.title}`);
}

async function openModel(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  chooseModel(await keepModel(name, bytes));
  say(`${name} is kept in this browser and chosen.`, { label: 'See models', run: () => goTo('models') });
}

function openSession(text: string, name: string): void {
  showOpened(sessionFromText(text, name, newId), `open ${name}`);
}

function showOpened({ session, materials }: Opened, label: string): void {
  studio.get().stopLive();
  studio.get().making?.cancel();
  transport.pause();
  commit(session, label, {
    selection: undefined,
    picked: [],
    keeping: 'nothing',
    materials: { ...studio.get().materials, ...materials },
  });
  transport.seek(0);
  const missing = session.takes.filter(({ id }) => materials[id] === undefined);
  if (missing.length === 0) return;
  if (missing.some(({ recipe }) => recipe.isPlayed)) {
    complain(new CadenzaError('the file lacks what was played by hand; some takes stay empty'));
  }
  void makeMissing();
}

/** Opens what the page's address holds; gives whether it held anything. */
export async function openAddress(): Promise<boolean> {
  const code = /^#\/compose\?s=([\w-]+)$/.exec(location.hash)?.[1];
  if (code === undefined) return false;
  // The link is taken once: a reload reopens the session, with what was done since.
  history.replaceState(undefined, '', '#/compose');
  try {
    showOpened(await sessionFromLink(code, newId), 'open a link');
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** Lets files be dropped and pasted anywhere in Compose; gives how to end that. */
export function acceptFiles(onHover: (isOver: boolean) => void): () => void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const take = (files: FileList | undefined) => {
    if (files === undefined || files.length === 0) return;
    if (files.length > 1)
      say(`Of ${files.length} files the first is opened. To learn from many, go to Learn.`);
    void openFile(files[0]);
  };
  const onDragOver = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    // Over the refusal of what nothing takes, which hears it first.
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    onHover(true);
  };
  const onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) onHover(false);
  };
  const onDrop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    onHover(false);
    take(event.dataTransfer?.files);
  };
  const isTyping = (event: Event) =>
    event.target instanceof Element && event.target.matches('input, textarea');
  const onPaste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (files?.length) take(files);
    else if (!isTyping(event) && pasteNotes()) event.preventDefault();
  };
  const onCopy = (event: ClipboardEvent) => {
    const isText = !getSelection()?.isCollapsed || isTyping(event);
    if (!isText && copyPicked()) event.preventDefault();
  };
  addEventListener('dragover', onDragOver);
  addEventListener('dragleave', onDragLeave);
  addEventListener('drop', onDrop);
  addEventListener('paste', onPaste);
  addEventListener('copy', onCopy);
  return () => {
    removeEventListener('dragover', onDragOver);
    removeEventListener('dragleave', onDragLeave);
    removeEventListener('drop', onDrop);
    removeEventListener('paste', onPaste);
    removeEventListener('copy', onCopy);
  };
}
