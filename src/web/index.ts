/**
 * What a page needs: an engine, workers that play and render, live sound, the piano roll. Plain classes and
 * functions, no framework. The web component is a file of its own (player/cadenza-player.ts), as loading it
 * defines an element.
 */
export { loadEngine } from './engine/load-engine.js';
export { PianoRoll } from './roll/piano-roll.js';
export type { RollTool } from './roll/roll-types.js';
export { Piano } from './sound/piano.js';
export { followTime } from './sound/playhead.js';
export { Transport } from './sound/transport.js';
export { breathe } from './workers/breathe.js';
export { PlayingClient, Superseded } from './workers/playing-client.js';
export type { PlayedPart } from './workers/playing-messages.js';
export { renderWav } from './workers/rendering-client.js';
export { openShardEngines } from './workers/shard-engines.js';
