/** Engraves scores with Verovio, in a worker: it takes seconds for long pieces. */
import { enableLog, LOG_ERROR, VerovioToolkit } from 'verovio/esm';
import moduleUrl from 'verovio/wasm?url';
import type { EngraveRequest, EngraverAnswer, Moment, PageRequest } from './engraving.js';

/** Percent of Verovio's own size, in which a page's width is counted. */
const SCALE = 40;
/** Pixels: about four systems. */
const PAGE_HEIGHT = 1100;

let toolkit: Promise<VerovioToolkit> | undefined;

async function load(): Promise<VerovioToolkit> {
  const { default: createModule } = await import(/* @vite-ignore */ new URL(moduleUrl, location.href).href);
  const module = await createModule();
  // Where music is dense it warns of that.
  enableLog(LOG_ERROR, module);
  return new VerovioToolkit(module);
}

/**
 * What styles the engraver writes into a drawing the page has in its own, as its security policy asks for.
 */
const withoutStyle = (svg: string) => svg.replace(/<style[^>]*>.*?<\/style>/gs, '');

/** Without tempos, whose signs need a font that lies in such a style. */
const withoutTempo = (musicXml: string) => musicXml.replace(/<direction .*?<\/direction>/gs, '');

const tell = (answer: EngraverAnswer) => postMessage(answer);

function engrave(engine: VerovioToolkit, { musicXml, width }: EngraveRequest): void {
  engine.setOptions({
    scale: SCALE,
    pageWidth: Math.round((100 * width) / SCALE),
    pageHeight: Math.round((100 * PAGE_HEIGHT) / SCALE),
    adjustPageHeight: true,
    breaks: 'auto',
    header: 'none',
    footer: 'none',
    svgViewBox: true,
    pageMarginTop: 40,
    pageMarginBottom: 40,
  });
  if (!engine.loadData(withoutTempo(musicXml))) throw new Error(engine.getLog());
  tell({ kind: 'engraved', pages: engine.getPageCount(), moments: momentsOf(engine) });
}

function momentsOf(engine: VerovioToolkit): Moment[] {
  const moments: Moment[] = [];
  let page = 1;
  for (const { qstamp, on = [], off = [], measureOn } of engine.renderToTimemap({ includeMeasures: true })) {
    if (measureOn !== undefined) page = engine.getPageWithElement(measureOn) || page;
    moments.push({ at: qstamp, on, off, page });
  }
  return moments;
}

addEventListener('message', async ({ data }: MessageEvent<EngraveRequest | PageRequest>) => {
  try {
    toolkit ??= load();
    const engine = await toolkit;
    if ('musicXml' in data) engrave(engine, data);
    else tell({ kind: 'page', page: data.page, svg: withoutStyle(engine.renderToSVG(data.page)) });
  } catch (error) {
    toolkit = undefined; // what failed to load is tried again
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
