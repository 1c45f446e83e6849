/** Where the playhead is, in bars and in seconds, and what can be set about time. */
import { useEffect, useRef } from 'preact/hooks';
import { BarGrid } from '../../../../src/index.js';
import { followTime } from '../../../../src/web/index.js';
import { Icon } from '../../shell/icons.js';
import { Popover } from '../../shell/popover.js';
import { transport } from '../../shell/sound.js';
import { timeOf } from '../../shell/words.js';
import { shownBeats } from '../../state/session-beats.js';
import { useStore } from '../../state/store.js';
import { sessionOf, studio } from '../studio.js';
import { counting } from './counting.js';
import { TimePanel } from './time-panel.js';

export function Clock() {
  const place = useRef<HTMLSpanElement>(null);
  const now = useRef<HTMLSpanElement>(null);
  const end = useRef<HTMLSpanElement>(null);
  const isCounted = useStore(counting, ({ showsBars }) => showsBars);
  const beats = useStore(studio, (state) => shownBeats(sessionOf(state)));
  const by = isCounted ? beats : undefined;
  // Written past the views, sixty times a second.
  useEffect(() => {
    const grid = by && new BarGrid(by);
    const write = (where: HTMLElement | null, text: string) => {
      if (where !== null && where.textContent !== text) where.textContent = text;
    };
    const update = () => {
      const at = grid?.placeAt(transport.currentTime);
      write(place.current, at ? `${at.bar}.${at.beat}` : '');
      write(now.current, timeOf(transport.currentTime));
      write(end.current, ` / ${timeOf(transport.duration)}`);
    };
    update();
    const endings = [followTime(transport, update), transport.on('duration', update)];
    return () => {
      for (const stop of endings) stop();
    };
  }, [by]);
  const title = 'Bars, tempo, metronome';
  return (
    <>
      <span class="clock numbers" role="timer" aria-label="Time">
        {by && <span class="clock-place" ref={place} />}
        <span ref={now} />
        <span class="clock-end" ref={end} />
      </span>
      <Popover class="time-menu" name={title} title={title} label={<Icon name="metronome" />}>
        {() => <TimePanel />}
      </Popover>
    </>
  );
}
