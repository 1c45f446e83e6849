/** The web component `<cadenza-view>`: another picture of what a player plays, anywhere in the page. */
import { ElementBase } from './element-base.js';
import { createNoteView, type NoteView, noteViewNamed } from './note-views.js';
import type { CadenzaPlayer, CadenzaPlayerEventMap, CadenzaView } from './player-types.js';
import { createFrame } from './player-view.js';

export class ViewElement extends ElementBase implements CadenzaView {
  static readonly observedAttributes = ['for', 'view', 'height', 'label'];

  private host: HTMLElement | undefined;
  private shown: CadenzaPlayer | undefined;
  private picture: NoteView | undefined;
  private endings: (() => void)[] = [];

  get player(): CadenzaPlayer | undefined {
    return this.shown;
  }

  connectedCallback(): void {
    this.host ??= createFrame(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.applyHeight();
    this.bind();
  }

  disconnectedCallback(): void {
    this.unbind();
  }

  attributeChangedCallback(name: string): void {
    if (name === 'height') this.applyHeight();
    else if (this.isConnected && this.host) this.bind();
  }

  /** Finds the player, which may come into the page later than its view. */
  private bind(): void {
    this.unbind();
    const id = this.getAttribute('for');
    const root = this.getRootNode() as Document | ShadowRoot;
    const find = () => (id === null ? undefined : (root.getElementById(id) ?? undefined));
    const found = find();
    if (found !== undefined) {
      customElements.whenDefined('cadenza-player').then(() => {
        if (this.isConnected && find() === found) this.show(found as CadenzaPlayer);
      });
      return;
    }
    const watching = new MutationObserver(() => {
      if (find() !== undefined) this.bind();
    });
    watching.observe(root, { childList: true, subtree: true });
    this.endings.push(() => watching.disconnect());
  }

  private unbind(): void {
    for (const end of this.endings) end();
    this.endings = [];
    this.picture?.destroy();
    this.picture = undefined;
    this.shown = undefined;
  }

  private show(player: CadenzaPlayer): void {
    this.unbind();
    this.shown = player;
    const name = noteViewNamed(this.getAttribute('view'));
    const label = this.getAttribute('label') ?? (name === 'roll' ? 'Piano roll' : 'Falling notes');
    const picture = createNoteView(name, this.host!, label, player);
    this.picture = picture;
    const on = <T extends keyof CadenzaPlayerEventMap>(
      type: T,
      listener: (event: CadenzaPlayerEventMap[T]) => void,
    ) => {
      player.addEventListener(type, listener);
      this.endings.push(() => player.removeEventListener(type, listener as EventListener));
    };
    let frame = 0;
    const move = () => {
      picture.moveTo(player.currentTime);
      frame = player.paused ? 0 : requestAnimationFrame(move);
    };
    const again = () => {
      cancelAnimationFrame(frame);
      move();
    };
    this.endings.push(() => cancelAnimationFrame(frame));
    const showPiece = () => {
      picture.show(player.notes, player.pedal);
      again();
    };
    on('cadenza-load', showPiece);
    on('emptied', showPiece);
    on('cadenza-grow', ({ detail }) => picture.grow(detail.events, detail.knownTo));
    on('play', () => {
      picture.follow();
      again();
    });
    for (const type of ['pause', 'timeupdate'] as const) on(type, again);
    showPiece();
  }
}
