/** Links that strangers send: what stands after `#/compose?s=`, also such as unfold to more than anybody can hold. */
import { deflateRawSync } from 'node:zlib';
import { mutated } from '../mutate.js';
import { mutatedJson } from '../mutate-json.js';
import { loadStudioState } from '../studio-state.js';
import { newId, SESSION, show } from './sessions.js';

const { sessionFromLink } = await loadStudioState('session-file');

const told = {
  ...SESSION,
  source: { ...SESSION.source, midi: undefined },
  takes: SESSION.takes.slice(0, 2).map(({ events: _, knownTo: __, ...take }) => take),
  current: 1,
};
const packed = (text) => deflateRawSync(text);
const coded = (bytes) => new TextEncoder().encode(Buffer.from(bytes).toString('base64url'));
const links = [coded(packed(JSON.stringify(told)))];
/** 300 MB of spaces. */
const bomb = packed(Buffer.alloc(300e6, ' '));

export function make(random) {
  const kind = random.below(2000);
  if (kind < 7) return coded(bomb);
  if (kind < 500) return mutated(links, random);
  if (kind < 1000) return coded(mutated([packed(JSON.stringify(told))], random));
  return coded(packed(JSON.stringify(mutatedJson(told, random))));
}

export async function use(bytes) {
  show(await sessionFromLink(new TextDecoder().decode(bytes), newId));
}
