/** What a player looks like: the roll, the buttons, the line for what went wrong. */

/** The elements that the player works with. */
export interface PlayerView {
  /** Where the roll goes. */
  readonly roll: HTMLElement;
  readonly controls: HTMLElement;
  readonly play: HTMLButtonElement;
  readonly stop: HTMLButtonElement;
  readonly repeat: HTMLButtonElement;
  readonly position: HTMLInputElement;
  readonly time: HTMLElement;
  readonly volume: HTMLInputElement;
  readonly message: HTMLElement;
}

const STYLE = `
:host {
  display: block;
  height: 260px;
  min-width: 0;
  color-scheme: light dark;
  --_paper: var(--paper, #faf9f6);
  --_ink: var(--ink, #1d1c1a);
  --_muted: var(--muted, #66625a);
  --_line: var(--line, #e2dfd7);
  --_accent: var(--accent, #1a5fb4);
}
@media (prefers-color-scheme: dark) {
  :host {
    --_paper: var(--paper, #161618);
    --_ink: var(--ink, #eceae6);
    --_muted: var(--muted, #a5a19a);
    --_line: var(--line, #333338);
    --_accent: var(--accent, #82b4ff);
  }
}
:host([hidden]) { display: none; }
.player {
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  height: 100%;
  border: 1px solid var(--_line);
  border-radius: 8px;
  overflow: hidden;
  background: var(--_paper);
  color: var(--_ink);
  font: 13px/1.4 system-ui, sans-serif;
}
.roll {
  flex: 1;
  min-height: 0;
  position: relative;
  --paper: var(--_paper);
  --ink: var(--_ink);
  --muted: var(--_muted);
  --line: var(--_line);
  --accent: var(--_accent);
}
.controls {
  display: flex;
  align-items: center;
  gap: 4px;
  padding: 4px 12px 4px 6px;
  border-top: 1px solid var(--_line);
}
.controls[hidden], .message[hidden] { display: none; }
button {
  display: grid;
  place-items: center;
  width: 36px;
  height: 36px;
  padding: 0;
  border: 0;
  border-radius: 6px;
  background: none;
  color: inherit;
  cursor: pointer;
}
button:hover { background: color-mix(in srgb, var(--_ink) 8%, transparent); }
button:disabled { opacity: 0.4; cursor: default; background: none; }
button[aria-pressed="true"] { color: var(--_accent); background: color-mix(in srgb, var(--_accent) 14%, transparent); }
button svg { width: 18px; height: 18px; fill: currentColor; pointer-events: none; }
input { accent-color: var(--_accent); margin: 0; min-width: 0; }
.position { flex: 1; margin: 0 8px 0 4px; }
.volume { width: 72px; }
.speaker { width: 16px; height: 16px; fill: var(--_muted); margin-left: 10px; flex: none; }
.time { font-variant-numeric: tabular-nums; color: var(--_muted); white-space: nowrap; min-width: 6.2em; text-align: end; }
:focus-visible, .roll > :focus-visible { outline: 2px solid var(--_accent); outline-offset: -2px; }
.message {
  margin: 0;
  padding: 6px 12px;
  border-top: 1px solid var(--_line);
  overflow-wrap: anywhere;
  max-height: 40%;
  overflow-y: auto;
}
@media (max-width: 480px) {
  .volume, .speaker { display: none; }
}
`;

const ICONS = {
  play: 'M5 3.5v13a.6.6 0 0 0 .9.5l10.5-6.5a.6.6 0 0 0 0-1L5.9 3A.6.6 0 0 0 5 3.5Z',
  pause: 'M5 3.5h3.5v13H5zM11.5 3.5H15v13h-3.5z',
  stop: 'M4.5 4.5h11v11h-11z',
  loop: 'M6 4.5h7.5a3.5 3.5 0 0 1 3.5 3.5v1h-1.6V8a1.9 1.9 0 0 0-1.9-1.9H6V8L2.8 5.3 6 2.6zM14 15.5H6.5A3.5 3.5 0 0 1 3 12v-1h1.6v1a1.9 1.9 0 0 0 1.9 1.9H14V12l3.2 2.7-3.2 2.7z',
  speaker:
    'M3 7.5h3L10.5 4v12L6 12.5H3zM12.5 7a4 4 0 0 1 0 6zM12.5 4.2a6.4 6.4 0 0 1 0 11.6v-1.6a5 5 0 0 0 0-8.4z',
};

/** The icons of the play button. */
export type PlayIcon = 'play' | 'pause';

let sheet: CSSStyleSheet | undefined;

/**
 * Builds the elements in a shadow root. Style comes as a sheet object, which strict security policies allow.
 */
export function createView(root: ShadowRoot): PlayerView {
  const { player, roll } = frame(root);
  const controls = make('div', 'controls');
  controls.setAttribute('role', 'group');
  controls.setAttribute('aria-label', 'Player');
  const play = button('Play', 'play');
  const stop = button('Stop', 'stop');
  const repeat = button('Repeat', 'loop');
  const position = slider('position', 'Position', '0.01');
  const time = make('span', 'time');
  time.textContent = '0:00 / 0:00';
  const volume = slider('volume', 'Volume', '0.01');
  const speaker = icon('speaker');
  speaker.classList.add('speaker');
  controls.append(play, stop, position, time, repeat, speaker, volume);
  const message = make('p', 'message');
  message.setAttribute('role', 'alert');
  message.hidden = true;
  player.append(message, controls);
  return { roll, controls, play, stop, repeat, position, time, volume, message };
}

/** Only the place for a picture, in the same frame. */
export function createFrame(root: ShadowRoot): HTMLElement {
  return frame(root).roll;
}

function frame(root: ShadowRoot): { readonly player: HTMLElement; readonly roll: HTMLElement } {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
  const player = make('div', 'player');
  const roll = make('div', 'roll');
  player.append(roll);
  root.append(player);
  return { player, roll };
}

/** Turns the play button into the other one. */
export function showPlayIcon(button: HTMLButtonElement, name: PlayIcon): void {
  const label = name === 'play' ? 'Play' : 'Pause';
  if (button.title === label) return;
  button.replaceChildren(icon(name));
  button.title = label;
  button.setAttribute('aria-label', label);
}

function make<T extends keyof HTMLElementTagNameMap>(tag: T, part: string): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.className = part;
  element.setAttribute('part', part);
  return element;
}

function button(label: string, name: keyof typeof ICONS): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.setAttribute('part', `button ${name}`);
  element.title = label;
  element.setAttribute('aria-label', label);
  element.append(icon(name));
  return element;
}

function slider(part: string, label: string, step: string): HTMLInputElement {
  const element = make('input', part);
  element.type = 'range';
  element.min = '0';
  element.max = '1';
  element.step = step;
  element.setAttribute('aria-label', label);
  return element;
}

function icon(name: keyof typeof ICONS): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
