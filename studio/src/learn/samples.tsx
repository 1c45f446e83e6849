/**
 * What the model played at moments of its training: the latest two to hear one beside the other, and those
 * before.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { followTime, PianoRoll } from '../../../src/web/index.js';
import { Icon } from '../shell/icons.js';
import { complain } from '../state/messages.js';
import { playSample, sampleTransport, useSamplePlaying } from './sample-sound.js';
import type { Sample } from './training/run-record.js';
import { SAMPLE_SECONDS } from './training/sample.js';

export function Samples({
  samples,
  isBusy,
}: {
  readonly samples: readonly Sample[];
  readonly isBusy: boolean;
}) {
  const [chosen, setChosen] = useState<number>();
  const latest = samples.at(-1);
  const earlier = samples.slice(0, -1);
  const compared = earlier.find(({ updates }) => updates === chosen) ?? earlier.at(-1);
  return (
    <section class="learn-panel" aria-label="Samples">
      <div class="chart-head">
        <h2>Hear it</h2>
        <p class="muted small">
          {SAMPLE_SECONDS} seconds after the built-in opening, always from the same chances
        </p>
      </div>
      {latest === undefined ? (
        <p class="muted">
          {isBusy ? 'The first sample comes after the first time through, or after two minutes.' : ''}
        </p>
      ) : (
        <div class="samples">
          {compared && (
            <SampleCard sample={compared} name="Before">
              {earlier.length > 1 && (
                <select
                  class="field small"
                  aria-label="Which sample to compare with"
                  value={compared.updates}
                  onChange={(event) => setChosen(Number(event.currentTarget.value))}
                >
                  {earlier.map((sample) => (
                    <option key={sample.updates} value={sample.updates}>
                      {whenOf(sample)}
                    </option>
                  ))}
                </select>
              )}
            </SampleCard>
          )}
          <SampleCard sample={latest} name={compared === undefined ? 'First' : 'Now'} />
        </div>
      )}
    </section>
  );
}

function whenOf({ updates }: Sample): string {
  return `after ${updates.toLocaleString('en')} ${updates === 1 ? 'step' : 'steps'}`;
}

interface SampleCardProps {
  readonly sample: Sample;
  readonly name: string;
  readonly children?: preact.ComponentChildren;
}

function SampleCard({ sample, name, children }: SampleCardProps) {
  const playing = useSamplePlaying();
  const isPlaying = playing === sample;
  const host = useRef<HTMLDivElement>(null);
  const roll = useRef<PianoRoll | undefined>(undefined);
  useEffect(() => {
    if (host.current === null) return;
    const parts = { ruler: false, keyboard: false, pedal: false, overview: false, readout: false };
    const made = new PianoRoll(host.current, { label: `${name}: what was played`, parts, selectable: false });
    roll.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    roll.current?.setLayer('sample', 'continuation', sample.notes);
    if (roll.current) roll.current.view = { start: 0, end: sample.seconds };
  }, [sample]);
  useEffect(() => {
    const shown = roll.current;
    if (!isPlaying || shown === undefined) return;
    const end = followTime(sampleTransport(), (seconds) => {
      shown.playhead = seconds;
    });
    return () => {
      end();
      shown.playhead = undefined;
    };
  }, [isPlaying]);
  return (
    <div class="sample">
      <div class="sample-head">
        <button
          type="button"
          class="button icon"
          aria-label={`${isPlaying ? 'Stop' : 'Play'} the sample ${whenOf(sample)}`}
          onClick={() => playSample(isPlaying ? undefined : sample).catch(complain)}
        >
          <Icon name={isPlaying ? 'stop' : 'play'} />
        </button>
        <p>
          <strong>{name}</strong>{' '}
          <span class="muted small numbers">
            {children ? '' : `${whenOf(sample)}, `}
            {sample.notes.length} notes
          </span>
        </p>
        {children}
      </div>
      <div class="sample-roll" ref={host} />
    </div>
  );
}
