/** What can be taken away: MIDI, sound, the session, a link. */
import {
  CadenzaError,
  FORMATS,
  musicXmlOf,
  NOTE_COLUMNS,
  noteRows,
  type ROW_FORMATS,
  type Shape,
  type SoundFormat,
  soundingOf,
} from '../../../src/index.js';
import { renderSound } from '../../../src/web/index.js';
import { PIANO } from '../shell/sound.js';
import { complain, say } from '../state/messages.js';
import { sessionToLink, sessionToText } from '../state/session-file.js';
import { createStore } from '../state/store.js';
import { download, fileNameOf } from './download.js';
import { madeFile, wholeFile } from './midi-export.js';
import { partsShown } from './parts/parts-shown.js';
import { shownScore } from './score/shown-score.js';
import { currentTake, sessionOf, shownPiece, studio } from './studio.js';

/** A sound file on its way; part from 0 to 1. */
export const rendering = createStore<{
  readonly part: number | undefined;
  readonly label: string;
  readonly cancel: () => void;
}>({
  part: undefined,
  label: '',
  cancel: () => {},
});

function nameWith(ending: string): string {
  const take = currentTake();
  const { title } = sessionOf().source;
  return fileNameOf(take === undefined ? title : `${title} ${take.name}`, ending);
}

/** As players write it: two hands and a pedal. It sounds the same. */
export const PLAYED: Shape = { isPedalled: true, hasHands: true };

/** The whole piece that is shown, or only what was made of it, moved to the beginning. */
export function exportMidi({
  isOnlyMade = false,
  shape,
}: {
  isOnlyMade?: boolean;
  shape?: Shape;
} = {}): void {
  const piece = shownPiece();
  if ((isOnlyMade ? piece.made : piece.notes).length === 0) {
    complain(new CadenzaError('there are no notes yet; continue first'));
    return;
  }
  try {
    const bytes = isOnlyMade
      ? madeFile(sessionOf(), piece)
      : wholeFile(sessionOf(), piece, shape, partsShown());
    download(bytes, nameWith(FORMATS.midi.extension), FORMATS.midi.mediaType);
  } catch (error) {
    complain(error);
  }
}

/** The notes of the piece that is shown, as they sound, in a format of rows. */
export function exportRows({ extension, mediaType, writeRows }: (typeof ROW_FORMATS)[number][1]): void {
  const rows = noteRows(soundingOf(shownPiece())).map((row) => ({ ...row }));
  download(writeRows(rows, NOTE_COLUMNS), nameWith(extension), mediaType);
}

/** The piece that is shown as a score that notation programs read. */
export function exportScore(): void {
  try {
    const text = musicXmlOf(shownScore(), { title: sessionOf().source.title });
    download(text, nameWith('.musicxml'), 'application/vnd.recordare.musicxml+xml');
  } catch (error) {
    complain(error);
  }
}

export function exportSession(): void {
  const text = sessionToText(sessionOf(), studio.get().materials);
  download(text, fileNameOf(sessionOf().source.title, '.cadenza.json'), 'application/json');
}

export async function copyLink(): Promise<void> {
  try {
    const code = await sessionToLink(sessionOf());
    const link = `${location.origin}${location.pathname}#/compose?s=${code}`;
    await navigator.clipboard.writeText(link);
    say('The link is copied. Whoever opens it hears this take, made again by the same model.');
  } catch (error) {
    const isRefused = error instanceof DOMException;
    complain(
      isRefused ? new CadenzaError('the browser does not let the page copy; allow it and try again') : error,
    );
  }
}

/** Renders the piece that is shown, in a worker. */
export async function exportSound(format: SoundFormat): Promise<void> {
  if (rendering.get().part !== undefined) return;
  const { extension, label, mediaType } = FORMATS[format];
  const name = nameWith(extension);
  const notes = soundingOf(shownPiece());
  const calledOff = new AbortController();
  const { signal } = calledOff;
  rendering.set({ part: 0, label, cancel: () => calledOff.abort() });
  try {
    const onProgress = (part: number) => rendering.set({ part });
    download(await renderSound(notes, { format, soundFont: PIANO, signal, onProgress }), name, mediaType);
  } catch (error) {
    if (signal.aborted) say(`The ${label} file was called off.`);
    else complain(error);
  } finally {
    rendering.set({ part: undefined });
  }
}
