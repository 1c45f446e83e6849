/** What is shown, as a score. */
import { readMidi, type Score, scoreOf, timeGridOf } from '../../../../src/index.js';
import { countedBeats } from '../../state/session-beats.js';
import { sessionOf, shownPiece } from '../studio.js';

export function shownScore(): Score {
  const session = sessionOf();
  const { file, title } = session.source;
  // Of bars that are three quarters long only the file says whether they are written in eighths.
  const metre = file && session.beats === undefined ? timeGridOf(readMidi(file, title)).metres[0] : undefined;
  return scoreOf(shownPiece().notes, countedBeats(session), { ...(metre && { metre }) });
}
