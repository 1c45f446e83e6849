/**
 * `<cadenza-player>` and `<cadenza-view>` in Preact's JSX:
 *
 *     import 'cadenza/player';
 *     import type {} from 'cadenza/preact';
 */
import type { HTMLAttributes } from 'preact';
import type {
  CadenzaPlayer,
  CadenzaPlayerProps,
  CadenzaView,
  CadenzaViewAttributes,
} from '../dist/web/player/cadenza-player.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'cadenza-player': HTMLAttributes<CadenzaPlayer> & CadenzaPlayerProps;
      'cadenza-view': HTMLAttributes<CadenzaView> & CadenzaViewAttributes;
    }
  }
}
