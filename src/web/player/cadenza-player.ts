/**
 * `cadenza/player`: importing it, or loading it by a script tag, defines `<cadenza-player>` and
 * `<cadenza-view>`.
 */
import { PlayerElement } from './player-element.js';
import type { CadenzaPlayer as PlayerType, CadenzaView as ViewType } from './player-types.js';
import { ViewElement } from './view-element.js';

export type * from './player-types.js';

/** A class of elements: what is public of it is its type. */
export interface ElementClass<T> {
  new (): T;
  readonly prototype: T;
}

export type CadenzaPlayer = PlayerType;
export const CadenzaPlayer: ElementClass<CadenzaPlayer> = PlayerElement;

export type CadenzaView = ViewType;
export const CadenzaView: ElementClass<CadenzaView> = ViewElement;

const { customElements } = globalThis;
// A page may load the script twice, from two places.
if (customElements !== undefined && customElements.get('cadenza-player') === undefined) {
  customElements.define('cadenza-player', PlayerElement);
  customElements.define('cadenza-view', ViewElement);
}
