/** The piece as a score, followed by the playhead. Loaded when it is opened. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { musicXmlOf, type Score } from '../../../../src/index.js';
import { followTime } from '../../../../src/web/index.js';
import { transport } from '../../shell/sound.js';
import { useStoreCalmly } from '../../state/store.js';
import { sessionOf, shownPiece, studio } from '../studio.js';
import type { EngraverAnswer, Moment } from './engraving.js';
import { momentAt, soundingAt } from './moments.js';
import { shownScore } from './shown-score.js';
import './score.css';

/** Milliseconds for which a piece has to stay as it is before it is engraved. */
const CALM = 300;
/** Pixels of the pages' sides. */
const MARGIN = 32;
const LEAST_WIDTH = 320;
const QUARTER = 24;

interface Engraved {
  readonly score: Score;
  readonly pages: number;
  readonly moments: readonly Moment[];
  /** Quarter notes at which the moments are. */
  readonly times: Float64Array;
}

export function ScoreView() {
  const host = useRef<HTMLDivElement>(null);
  const worker = useRef<Worker>(undefined);
  const piece = useStoreCalmly(studio, (state) => shownPiece(state), CALM);
  const beats = useStoreCalmly(studio, (state) => sessionOf(state).beats, CALM);
  const [engraved, setEngraved] = useState<Engraved | undefined>(undefined);
  const [pages, setPages] = useState<ReadonlyMap<number, string>>(new Map());
  const [problem, setProblem] = useState('');
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const own = host.current as HTMLDivElement;
    // By steps, so that not every pixel of a window that is drawn is engraved anew.
    const measure = () => setWidth(Math.max(LEAST_WIDTH, 40 * Math.floor((own.clientWidth - MARGIN) / 40)));
    const observer = new ResizeObserver(measure);
    observer.observe(own);
    measure();
    return () => {
      observer.disconnect();
      worker.current?.terminate();
      worker.current = undefined;
    };
  }, []);

  useEffect(() => {
    if (width === 0) return;
    const score = shownScore();
    worker.current ??= new Worker(new URL('./engraver.ts', import.meta.url), { type: 'module' });
    worker.current.onmessage = ({ data }: MessageEvent<EngraverAnswer>) => {
      if (data.kind === 'failed') setProblem(data.message);
      else if (data.kind === 'page') setPages((before) => new Map(before).set(data.page, data.svg));
      else {
        setProblem('');
        setPages(new Map());
        const times = Float64Array.from(data.moments, ({ at }) => at);
        setEngraved({ score, pages: data.pages, moments: data.moments, times });
      }
    };
    worker.current.onerror = () => setProblem('the engraver could not be loaded');
    worker.current.postMessage({ musicXml: musicXmlOf(score), width });
  }, [piece, beats, width]);

  useEffect(() => {
    const own = host.current as HTMLDivElement;
    if (engraved === undefined) return;
    const follow = new Follower(own, engraved);
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          observer.unobserve(target);
          worker.current?.postMessage({ page: Number((target as HTMLElement).dataset.page) });
        }
      },
      { root: own, rootMargin: '400px' },
    );
    for (const page of own.querySelectorAll('.score-page')) observer.observe(page);
    const stop = followTime(transport, (seconds) => follow.show(seconds));
    return () => {
      stop();
      observer.disconnect();
    };
  }, [engraved]);

  const onClick = (event: MouseEvent) => {
    const id = noteNear(event)?.id;
    const moment = engraved?.moments.find(({ on }) => id !== undefined && on.includes(id));
    if (moment !== undefined && engraved) transport.seek(engraved.score.secondsAt(QUARTER * moment.at));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the transport's keys move the playhead
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with keys
    <section class="score" aria-label="Score" ref={host} onClick={onClick} tabIndex={0}>
      {problem !== '' && <p class="clash">The score cannot be shown: {problem}</p>}
      {engraved === undefined && problem === '' && <p class="muted">Engraving …</p>}
      {Array.from({ length: engraved?.pages ?? 0 }, (_, i) => (
        <div
          key={i}
          class="score-page"
          data-page={i + 1}
          dangerouslySetInnerHTML={{ __html: pages.get(i + 1) ?? '' }}
        />
      ))}
    </section>
  );
}

/** Pixels from a note's head at which it is meant. */
const NEAR = 40;

/** The note whose head is nearest to where was pressed. */
function noteNear({ target, clientX, clientY }: MouseEvent): Element | undefined {
  let [nearest, best] = [undefined as Element | undefined, NEAR];
  for (const head of (target as Element).closest('.score-page')?.querySelectorAll('.notehead') ?? []) {
    const { left, top, width, height } = head.getBoundingClientRect();
    const far = Math.hypot(left + width / 2 - clientX, top + height / 2 - clientY);
    if (far >= best) continue;
    best = far;
    nearest = head.closest('.note') ?? undefined;
  }
  return nearest;
}

/** Marks what sounds, and turns pages. */
class Follower {
  private shown = -2;
  private marked: Element[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly engraved: Engraved,
  ) {}

  show(seconds: number): void {
    const { moments, times, score } = this.engraved;
    const quarters = score.tickAt(seconds) / QUARTER;
    const index = momentAt(times, quarters);
    if (index === this.shown && this.marked.length > 0) return;
    for (const element of this.marked) element.classList.remove('sounding');
    this.marked = soundingAt(moments, index).flatMap((id) => document.getElementById(id) ?? []);
    for (const element of this.marked) element.classList.add('sounding');
    if (index !== this.shown && transport.isPlaying) this.turnTo(moments[index]);
    this.shown = index;
  }

  private turnTo(moment: Moment | undefined): void {
    const [first] = this.marked;
    const target = first ?? this.host.querySelector(`[data-page="${moment?.page ?? 1}"]`);
    if (target == null) return;
    const [view, box] = [this.host.getBoundingClientRect(), target.getBoundingClientRect()];
    if (box.top < view.top + 40 || box.bottom > view.bottom - 40)
      this.host.scrollBy({ top: box.top - view.top - view.height / 4, behavior: 'auto' });
  }
}
