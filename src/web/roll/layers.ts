/**
 * All layers of a roll: which there are, in which order they lie, and what they need of the roll together.
 */
import { pitchRange } from './geometry.js';
import { type LayerOwner, RollLayer } from './layer.js';
import type { LayerRole, RollNote } from './roll-types.js';

/** Layers of a role further back in this list lie above. */
const DEPTH: readonly LayerRole[] = ['muted', 'primer', 'continuation', 'lower', 'upper'];

export class Layers {
  private readonly byId = new Map<string, RollLayer>();
  private rows: [lowest: number, highest: number] | undefined;

  constructor(private readonly owner: LayerOwner) {}

  get(id: string): RollLayer | undefined {
    return this.byId.get(id);
  }

  /** The layer of this name, made if there is none. */
  getOrMake(id: string, role: LayerRole): RollLayer {
    const layer = this.byId.get(id) ?? new RollLayer(id, role, this.owner);
    this.byId.set(id, layer);
    return layer;
  }

  /** Takes a layer away; gives it, if it was there. */
  remove(id: string): RollLayer | undefined {
    const layer = this.byId.get(id);
    this.byId.delete(id);
    return layer;
  }

  /** End of the last note, seconds. */
  get extent(): number {
    let latest = 0;
    for (const { notes } of this.byId.values()) latest = Math.max(latest, notes.extent);
    return latest;
  }

  /** Those that are shown, from below to above. */
  visible(): RollLayer[] {
    const shown = [...this.byId.values()].filter(({ isVisible }) => isVisible);
    return shown.sort((a, b) => DEPTH.indexOf(a.role) - DEPTH.indexOf(b.role));
  }

  /** The topmost note at a time and pitch; of those that stand back only where they are wanted too. */
  noteAt(time: number, pitch: number, withMuted = false): RollNote | undefined {
    for (const { id, role, notes } of this.visible().reverse()) {
      const index = role === 'muted' && !withMuted ? -1 : notes.at(time, pitch);
      if (index < 0) continue;
      const [start, end, velocity] = [notes.start[index], notes.end[index], notes.velocity[index]];
      return { layer: id, index, pitch, velocity, start, end };
    }
    return undefined;
  }

  /** The pitches that a roll of these notes shows. */
  get range(): readonly [lowest: number, highest: number] {
    return this.rows ?? pitchRange(127, 0);
  }

  /** Rows are added as notes need them; they go again only when there are no notes at all. */
  growRange({ notes }: RollLayer): void {
    if (notes.length > 0) {
      const [low, high] = this.rows ?? [127, 0];
      if (notes.lowest < low || notes.highest > high) {
        this.rows = pitchRange(Math.min(low, notes.lowest), Math.max(high, notes.highest));
      }
    } else if ([...this.byId.values()].every((layer) => layer.notes.length === 0)) {
      this.rows = undefined;
    }
  }
}
