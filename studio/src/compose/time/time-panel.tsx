/** What can be set about time: where bars lie, what places are drawn to, the metronome, the speed. */
import { useState } from 'preact/hooks';
import { transport } from '../../shell/sound.js';
import { shownBeats } from '../../state/session-beats.js';
import { useStore } from '../../state/store.js';
import { Slider } from '../slider.js';
import { sessionOf, studio } from '../studio.js';
import { beginBarAtMarker, evenBarsOf, findBars, forgetBars, setEvenBars, tap } from './bars.js';
import { changeCounting, counting, LEAST_TEMPO, MOST_BEATS, MOST_TEMPO } from './counting.js';

const SNAPS: readonly (readonly [number, string])[] = [
  [0, 'nothing'],
  [1, 'beats'],
  [2, 'halves of beats'],
  [3, 'thirds of beats'],
  [4, 'quarters of beats'],
  [6, 'sixths of beats'],
  [8, 'eighths of beats'],
];

export function TimePanel() {
  const { showsBars, snap, clicks, countIn } = useStore(counting, (all) => all);
  return (
    <>
      <Bars />
      <label class="check">
        <input
          type="checkbox"
          checked={showsBars}
          onChange={({ currentTarget }) => changeCounting({ showsBars: currentTarget.checked })}
        />
        Count in bars where they are known
      </label>
      <label class="row">
        <span>Draw places to</span>
        <select
          class="field"
          value={snap}
          onChange={({ currentTarget }) => changeCounting({ snap: Number(currentTarget.value) })}
        >
          {SNAPS.map(([parts, words]) => (
            <option key={parts} value={parts}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={clicks}
          onChange={({ currentTarget }) => changeCounting({ clicks: currentTarget.checked })}
        />
        Metronome, for playing and recording
      </label>
      <label class="row">
        <span>Before a recording it counts</span>
        <select
          class="field"
          value={countIn}
          disabled={!clicks}
          onChange={({ currentTarget }) => changeCounting({ countIn: Number(currentTarget.value) })}
        >
          <option value={0}>nothing</option>
          <option value={1}>one bar</option>
          <option value={2}>two bars</option>
        </select>
      </label>
      <Speed />
    </>
  );
}

function Bars() {
  const session = useStore(studio, sessionOf);
  const recorded = useStore(counting, (all) => all);
  const tool = useStore(studio, (state) => state.tool);
  const beats = shownBeats(session);
  const { tempo, beatsPerBar, isUneven } =
    beats === undefined ? { ...recorded, isUneven: false } : evenBarsOf(beats);
  const isByHand = session.beats !== undefined;
  return (
    <fieldset class="plain bars-fields">
      <legend class="small muted">
        {beats === undefined
          ? 'No bars are known of this piece: set them, tap them, or have them found.'
          : isByHand
            ? 'Bars as you set them; no note is moved.'
            : 'Bars as the piece says.'}
      </legend>
      <span class="row">
        <label>
          {isUneven ? 'Tempo, at first' : 'Tempo'}
          <input
            class="field numbers"
            type="number"
            min={LEAST_TEMPO}
            max={MOST_TEMPO}
            step="any"
            value={Number(tempo.toFixed(1))}
            onChange={({ currentTarget: { valueAsNumber } }) =>
              Number.isFinite(valueAsNumber) && setEvenBars({ tempo: valueAsNumber })
            }
          />
        </label>
        <label>
          Beats a bar
          <input
            class="field numbers"
            type="number"
            min={1}
            max={MOST_BEATS}
            value={beatsPerBar}
            onChange={({ currentTarget: { valueAsNumber } }) =>
              Number.isInteger(valueAsNumber) &&
              valueAsNumber >= 1 &&
              valueAsNumber <= MOST_BEATS &&
              setEvenBars({ beatsPerBar: valueAsNumber })
            }
          />
        </label>
        <button type="button" class="button" title="Tap the beat, four times or more" onClick={() => tap()}>
          Tap
        </button>
      </span>
      <span class="row wrap">
        {beats === undefined ? (
          <button type="button" class="button" onClick={findBars}>
            Find the beats
          </button>
        ) : (
          <>
            <button type="button" class="button" onClick={beginBarAtMarker}>
              A bar begins at the marker
            </button>
            <button
              type="button"
              class="button"
              aria-pressed={tool === 'beats'}
              title="Drag beats on the roll to where they belong"
              onClick={() => studio.set({ tool: tool === 'beats' ? 'pan' : 'beats' })}
            >
              Drag beats
            </button>
          </>
        )}
        {isByHand && (
          <button type="button" class="button" onClick={forgetBars}>
            {session.source.file || session.source.opening ? 'As they were' : 'Forget them'}
          </button>
        )}
      </span>
    </fieldset>
  );
}

function Speed() {
  const [percent, setPercent] = useState(Math.round(100 * transport.tempo));
  return (
    <Slider
      label="Speed of playback"
      name="Speed of playback"
      value={percent}
      usual={100}
      min={25}
      max={200}
      step={5}
      write={(value) => `${value} %`}
      onChange={(value) => {
        transport.tempo = value / 100;
        setPercent(value);
      }}
    />
  );
}
