/**
 * `<cadenza-player>` and `<cadenza-view>` in React's JSX, version 19 and later:
 *
 *     import 'cadenza/player';
 *     import type {} from 'cadenza/react';
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type {
  CadenzaPlayer,
  CadenzaPlayerProps,
  CadenzaView,
  CadenzaViewAttributes,
} from '../dist/web/player/cadenza-player.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'cadenza-player': DetailedHTMLProps<HTMLAttributes<CadenzaPlayer>, CadenzaPlayer> & CadenzaPlayerProps;
      'cadenza-view': DetailedHTMLProps<HTMLAttributes<CadenzaView>, CadenzaView> & CadenzaViewAttributes;
    }
  }
}
