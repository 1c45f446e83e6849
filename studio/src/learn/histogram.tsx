/** A small histogram of one attribute of the notes. */
import { type Attribute, describeHistogram, SCALES } from './corpus/statistics.js';

const HEIGHT = 48;
const TITLES: Readonly<Record<Attribute, string>> = {
  pitch: 'Pitch',
  step: 'Step',
  duration: 'Duration',
  velocity: 'Velocity',
};
const MEANINGS: Readonly<Record<Attribute, string>> = {
  pitch: 'how high',
  step: 'time from note to note',
  duration: 'as it sounds',
  velocity: 'how loud',
};

export function Histogram({
  attribute,
  counts,
}: {
  readonly attribute: Attribute;
  readonly counts: Uint32Array;
}) {
  const { bars, marks, place, format } = SCALES[attribute];
  const most = Math.max(1, ...counts);
  const words = describeHistogram(attribute, counts);
  return (
    <figure class="histogram">
      <figcaption>
        {TITLES[attribute]} <span class="muted small">{MEANINGS[attribute]}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${bars} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${TITLES[attribute]}: ${words}`}
      >
        <title>{words}</title>
        {Array.from(counts, (count, bar) => {
          const height = count === 0 ? 0 : Math.max(1, (HEIGHT * count) / most);
          return <rect key={bar} x={bar + 0.1} y={HEIGHT - height} width={0.8} height={height} />;
        })}
      </svg>
      <div class="histogram-marks muted numbers" aria-hidden="true">
        {marks.map((mark) => (
          <span
            key={mark}
            ref={(element) => element?.style.setProperty('left', `${(100 * place(mark)) / bars}%`)}
          >
            {format(mark)}
          </span>
        ))}
      </div>
    </figure>
  );
}
