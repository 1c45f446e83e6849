/** Paints the parts of the roll around the notes, and what lies over them. Lengths are CSS pixels. */

import { PEDAL_DOWN } from '../../notes/pedal.js';
import { lastAtMost } from '../../search.js';
import { isBlackKey, type Rect } from './geometry.js';
import type { Scene } from './scene.js';
import { barTicksOf, ticksOf } from './ticks.js';

type Context = CanvasRenderingContext2D;

/** Rows, octave lines and lines of time, beneath the notes. */
export function paintGround(context: Context, scene: Scene): void {
  const { layout, pitch, time, theme, ratio } = scene;
  const { notes } = layout;
  const thin = 1 / ratio;
  context.fillStyle = theme.row;
  for (let p = pitch.lowest; p <= pitch.highest; p++) {
    if (isBlackKey(p)) fillRow(context, notes, snap(pitch.yOf(p), ratio), snap(pitch.yOf(p - 1), ratio));
  }
  context.fillStyle = theme.line;
  for (const { time: at, isMain } of marksOf(scene)) {
    if (!isMain && scene.bars === undefined) continue;
    context.globalAlpha = isMain ? 1 : FAINT;
    context.fillRect(snap(time.xOf(at), ratio), notes.y, thin, notes.height);
  }
  context.globalAlpha = 1;
  for (let p = Math.ceil((pitch.lowest + 1) / 12) * 12; p <= pitch.highest; p += 12) {
    context.fillRect(notes.x, snap(pitch.yOf(p - 1), ratio) - thin, notes.width, thin);
  }
}

/** How much of a bar's line is seen at a beat. */
const FAINT = 0.45;

function marksOf({ time, bars }: Scene) {
  return bars === undefined ? ticksOf(time) : barTicksOf(time, bars);
}

function fillRow(context: Context, { x, width }: Rect, top: number, bottom: number): void {
  context.fillRect(x, top, width, bottom - top);
}

/** The marks of time above the notes. */
export function paintRuler(context: Context, scene: Scene): void {
  const {
    layout: { ruler },
    time,
    theme,
    ratio,
  } = scene;
  if (ruler.height === 0) return;
  const bottom = ruler.y + ruler.height;
  context.save();
  context.beginPath();
  context.rect(ruler.x, ruler.y, ruler.width, ruler.height);
  context.clip();
  context.font = `11px ${theme.font}`;
  context.textBaseline = 'middle';
  for (const { time: at, label, isMain } of marksOf(scene)) {
    const x = snap(time.xOf(at), ratio);
    const length = isMain ? 6 : 3;
    context.fillStyle = theme.line;
    context.fillRect(x, bottom - length, 1 / ratio, length);
    context.fillStyle = theme.muted;
    if (label !== '') context.fillText(label, x + 4, ruler.y + ruler.height / 2);
  }
  context.fillStyle = theme.line;
  context.fillRect(ruler.x, bottom - 1 / ratio, ruler.width, 1 / ratio);
  context.restore();
}

/** The keys at the left; those that sound at the playhead, or are played live, are lit. */
export function paintKeyboard(context: Context, scene: Scene): void {
  const { layout, pitch, theme, ratio } = scene;
  const { keyboard } = layout;
  if (keyboard.width === 0) return;
  const lit = litKeys(scene);
  context.fillStyle = theme.whiteKey;
  context.fillRect(keyboard.x, keyboard.y, keyboard.width, keyboard.height);
  const short = snap(keyboard.width * 0.6, ratio);
  context.font = `${Math.min(10, Math.max(8, pitch.rowHeight + 1))}px ${theme.font}`;
  context.textBaseline = 'middle';
  for (let p = pitch.lowest; p <= pitch.highest; p++) {
    const [top, bottom] = [snap(pitch.yOf(p), ratio), snap(pitch.yOf(p - 1), ratio)];
    const isBlack = isBlackKey(p);
    if (isBlack || lit.has(p)) {
      context.fillStyle = lit.get(p) ?? theme.blackKey;
      context.fillRect(keyboard.x, top, isBlack ? short : keyboard.width, bottom - top);
    }
    if (isBlack && pitch.rowHeight >= 7) {
      // Where two white keys meet behind a black one.
      context.fillStyle = theme.line;
      context.fillRect(
        keyboard.x + short,
        snap((top + bottom) / 2, ratio),
        keyboard.width - short,
        1 / ratio,
      );
    } else if (!isBlack && (p % 12 === 0 || p % 12 === 5)) {
      context.fillStyle = p % 12 === 0 ? theme.muted : theme.line;
      context.fillRect(keyboard.x, bottom - 1 / ratio, keyboard.width, 1 / ratio);
    }
    if (p % 12 === 0 && pitch.rowHeight * 12 >= 14) {
      // On the key: dark on white in both themes, for the key is light in both.
      context.fillStyle = lit.has(p) ? theme.paper : '#4a4742';
      context.textAlign = 'right';
      const y = bottom - Math.max(4.5, (bottom - top) / 2);
      context.fillText(`C${p / 12 - 1}`, keyboard.x + keyboard.width - 4, y);
      context.textAlign = 'left';
    }
  }
  context.fillStyle = theme.line;
  context.fillRect(keyboard.x + keyboard.width - 1 / ratio, keyboard.y, 1 / ratio, keyboard.height);
}

function litKeys({ layers, playhead, pressed, theme }: Scene): Map<number, string> {
  const lit = new Map<number, string>();
  if (playhead !== undefined) {
    for (const { role, notes } of layers) {
      if (role === 'muted') continue;
      const colour = role === 'primer' ? theme.muted : role === 'lower' ? theme.second : theme.accent;
      notes.between(playhead, playhead + 1e-6, (i) => lit.set(notes.pitch[i], colour));
    }
  }
  for (const p of pressed) lit.set(p, theme.accent);
  return lit;
}

/** The lane of the sustain pedal: a bar where it is down. */
export function paintPedal(
  context: Context,
  { layout: { pedal: lane }, pedal, time, theme, ratio }: Scene,
): void {
  if (lane.height === 0) return;
  context.fillStyle = theme.line;
  context.fillRect(lane.x, lane.y, lane.width, 1 / ratio);
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  if (lane.x > 30) context.fillText('Pedal', lane.x - 4, lane.y + lane.height / 2 + 1);
  context.textAlign = 'left';
  if (pedal === undefined || pedal.length === 0) return;
  context.save();
  context.beginPath();
  context.rect(lane.x, lane.y, lane.width, lane.height);
  context.clip();
  context.globalAlpha = 0.7;
  const [y, height] = [lane.y + 4, lane.height - 7];
  let down: number | undefined;
  const first = Math.max(0, lastAtMost(pedal.time, time.view.start));
  const from = pedal.value[first] >= PEDAL_DOWN ? first : first + 1;
  for (let i = from; i < pedal.length; i++) {
    const isDown = pedal.value[i] >= PEDAL_DOWN;
    if (isDown && down === undefined) down = pedal.time[i];
    if (!isDown && down !== undefined) {
      const [x, right] = [snap(time.xOf(down), ratio), snap(time.xOf(pedal.time[i]), ratio)];
      context.fillRect(x, y, Math.max(1, right - x - 1), height);
      down = undefined;
    }
    if (pedal.time[i] > time.view.end) break;
  }
  if (down !== undefined) {
    const x = snap(time.xOf(down), ratio);
    context.fillRect(x, y, Math.max(0, snap(time.xOf(pedal.time[pedal.length - 1]), ratio) - x), height);
  }
  context.restore();
}

/** Selection, marker and playhead. */
export function paintOverlay(context: Context, scene: Scene): void {
  const { layout, theme, time, pitch, selection, marker, playhead } = scene;
  const { notes, ruler, pedal } = layout;
  const bottom = pedal.y + pedal.height;
  context.save();
  context.beginPath();
  context.rect(notes.x, 0, notes.width, bottom);
  context.clip();
  if (selection !== undefined) {
    const [x, right] = [time.xOf(selection.start), time.xOf(selection.end)];
    const top = selection.highest === undefined ? notes.y : pitch.yOf(selection.highest);
    const low = selection.lowest === undefined ? notes.y + notes.height : pitch.yOf(selection.lowest - 1);
    context.fillStyle = theme.wash;
    context.fillRect(x, top, right - x, low - top);
    context.fillStyle = theme.accent;
    context.fillRect(x, ruler.height - 3, right - x, 3);
    for (const edge of [x, right]) context.fillRect(edge - 0.5, top, 1, low - top);
  }
  if (scene.guide !== undefined) {
    context.fillStyle = theme.accent;
    context.fillRect(time.xOf(scene.guide) - 0.5, 0, 1, bottom);
  }
  if (marker !== undefined) paintMarker(context, scene, time.xOf(marker), bottom);
  if (playhead !== undefined) {
    const x = time.xOf(playhead);
    context.fillStyle = theme.ink;
    context.fillRect(x - 0.75, ruler.height, 1.5, bottom - ruler.height);
    context.beginPath();
    context.moveTo(x - 5, ruler.height - 8);
    context.lineTo(x + 5, ruler.height - 8);
    context.lineTo(x, ruler.height);
    context.fill();
  }
  context.restore();
}

/** A line with a flag that says what it is; the flag turns to where there is room. */
function paintMarker(
  context: Context,
  { layout, theme, markerLabel }: Scene,
  x: number,
  bottom: number,
): void {
  const { ruler, notes } = layout;
  if (x < notes.x - 200 || x > notes.x + notes.width + 200) return;
  context.fillStyle = theme.accent;
  context.fillRect(x - 1, 0, 2, bottom);
  context.font = `600 11px ${theme.font}`;
  context.textBaseline = 'middle';
  const width = context.measureText(markerLabel).width + 14;
  const left = x - width < notes.x ? x : x - width;
  context.beginPath();
  context.roundRect(left, 1, width, ruler.height - 5, 4);
  context.fill();
  context.fillStyle = theme.paper;
  context.fillText(markerLabel, left + 7, (ruler.height - 3) / 2 + 0.5);
}

/** The nearest place where a line is sharp. */
export function snap(value: number, ratio: number): number {
  return Math.round(value * ratio) / ratio;
}
