/**
 * `<cadenza-player>` and `<cadenza-view>` in Vue's templates, with `isCustomElement: (tag) => tag.startsWith('cadenza-')`:
 *
 *     import 'cadenza/player';
 *     import type {} from 'cadenza/vue';
 */
import type { DefineComponent } from 'vue';
import type { CadenzaPlayerProps, CadenzaViewAttributes } from '../dist/web/player/cadenza-player.js';

declare module 'vue' {
  interface GlobalComponents {
    'cadenza-player': DefineComponent<CadenzaPlayerProps>;
    'cadenza-view': DefineComponent<CadenzaViewAttributes>;
  }
}
