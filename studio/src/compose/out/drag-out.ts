/**
 * A take that is dragged out of the page becomes a MIDI file where it is dropped, in browsers that do that.
 */
import { FORMATS } from '../../../../src/index.js';
import { assemble } from '../../state/material.js';
import { trackParts } from '../../state/parts.js';
import { select, type Take } from '../../state/session.js';
import { fileNameOf } from '../download.js';
import { wholeFile } from '../midi-export.js';
import { sessionOf, studio } from '../studio.js';

let address: string | undefined;

export function giveFile({ dataTransfer }: DragEvent, take: Take): void {
  const { materials } = studio.get();
  const session = select(sessionOf(), take.id);
  const piece = assemble(session, take.id, materials);
  if (dataTransfer === null || piece.notes.length === 0) return;
  const bytes = wholeFile(session, piece, undefined, trackParts(session, piece, materials));
  // The last one is no longer asked for.
  if (address !== undefined) URL.revokeObjectURL(address);
  const { mediaType, extension } = FORMATS.midi;
  address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: mediaType }));
  const name = fileNameOf(`${session.source.title} ${take.name}`, extension);
  dataTransfer.setData('DownloadURL', `${mediaType}:${name}:${address}`);
  dataTransfer.effectAllowed = 'copy';
}
