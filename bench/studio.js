/**
 * The studio's page as its user waits for it: `npm run build && node bench/studio.js [DIST_STUDIO]`. Prints
 * the bytes of a first visit, when the page can be used, the first new note after Enter, and what blocks the
 * page's thread meanwhile. Times are of this machine at this moment: run it when nothing else does.
 */
import { existsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { chromium } from 'playwright-core';
import { startStudio } from '../dist/node/studio/server.js';

const CHROMIUM = process.env.CADENZA_CHROMIUM ?? '/usr/bin/chromium';
const ROUNDS = 5;
/** A page is interactive when nothing blocks it for so long. */
const QUIET_MILLISECONDS = 2000;
/** From here on a task is long, and from here on it is felt. */
const [LONG, FELT] = [50, 100];

if (!existsSync(CHROMIUM)) {
  console.error(`no Chromium at ${CHROMIUM}; CADENZA_CHROMIUM says where one is`);
  process.exit(1);
}

/** Runs in the page before anything else: writes down all long tasks. */
function watch() {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const sum = (values) => values.reduce((total, value) => total + value, 0);
const ms = (value) => `${Math.round(value)} ms`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/**
 * Milliseconds of processor time of every task of a page's main thread: what does not grow when others are
 * busy too.
 */
function mainThreadTasks({ traceEvents }) {
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && threads.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
}

/** A first visit in a browser of its own. */
async function visit(browser, url) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.addInitScript(watch);
  const finished = [];
  page.on('requestfinished', (request) => finished.push(request));
  const sizes = async () => {
    const all = await Promise.all(
      finished.map(async (request) => {
        const sizes = await request.sizes().catch(() => undefined);
        return sizes?.responseBodySize ?? 0;
      }),
    );
    return sum(all);
  };
  await page.goto(url);
  await page.waitForSelector('.compose[data-ready="true"]');
  const ready = await page.evaluate(() => performance.now());
  const shellBytes = await sizes();
  const isLoaded = () => document.querySelector('.model-menu span:not(.loading)') !== null;
  await page.waitForFunction(isLoaded, undefined, { timeout: 120_000 });
  const loaded = await page.evaluate(() => performance.now());
  await page.waitForFunction(
    (quiet) => {
      const last = Math.max(0, ...window.longTasks.map(({ startTime, duration }) => startTime + duration));
      return performance.now() - last > quiet;
    },
    QUIET_MILLISECONDS,
    { timeout: 60_000 },
  );
  const load = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    tasks: window.longTasks,
  }));
  await browser.startTracing(page, {
    categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
  });
  const begun = await page.evaluate(() => {
    window.longTasks = [];
    return performance.now();
  });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => performance.getEntriesByName('first-note').length > 0, undefined, {
    timeout: 60_000,
  });
  await page.waitForSelector('button.continue:has-text("Continue")', { timeout: 120_000 });
  const made = await page.evaluate(() => ({
    note: performance.getEntriesByName('first-note')[0].startTime,
    end: performance.now(),
    tasks: window.longTasks,
  }));
  const busy = mainThreadTasks(JSON.parse((await browser.stopTracing()).toString()));
  const bytes = await sizes();
  await context.close();
  const busyUntil = Math.max(0, ...load.tasks.map(({ startTime, duration }) => startTime + duration));
  return {
    shellBytes,
    bytes,
    paint: load.paint,
    ready,
    interactive: Math.max(load.paint, ready, busyUntil),
    blocked: sum(load.tasks.map(({ duration }) => duration - LONG)),
    loaded,
    note: made.note - begun,
    making: made.end - begun,
    long: made.tasks.length,
    longest: Math.max(0, ...made.tasks.map(({ duration }) => duration)),
    felt: made.tasks.filter(({ duration }) => duration > FELT).length,
    longestBusy: Math.max(0, ...busy),
    feltBusy: busy.filter((duration) => duration > FELT).length,
  };
}

const [app] = process.argv.slice(2);
const server = await startStudio({ port: 0, compress: true, folders: app === undefined ? {} : { app } });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const visits = [];
for (let round = 0; round < ROUNDS; round++) visits.push(await visit(browser, server.url));
await browser.close();
await server.close();

const of = (key) => median(visits.map((one) => one[key]));
const worst = (key) => Math.max(...visits.map((one) => one[key]));
console.log(
  `${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; medians of ${ROUNDS} first visits`,
);
console.log(`until the page can be used: ${mb(of('shellBytes'))} transferred`);
console.log(`with runtime, model, piano: ${mb(of('bytes'))} transferred`);
console.log(`first paint                 ${ms(of('paint'))}`);
console.log(`session shown               ${ms(of('ready'))}`);
console.log(`time to interactive         ${ms(of('interactive'))}, blocked for ${ms(of('blocked'))} by then`);
console.log(`model ready                 ${ms(of('loaded'))}`);
console.log(`first new note after Enter  ${ms(of('note'))}, at worst ${ms(worst('note'))}`);
console.log(`three takes of 20 s         ${ms(of('making'))}`);
console.log(
  `long tasks meanwhile        ${of('long')} of ≥ ${LONG} ms, the longest ${ms(worst('longest'))}; above ${FELT} ms: ${of('felt')}`,
);
console.log(
  `by processor time           the longest ${ms(of('longestBusy'))}, at worst ${ms(worst('longestBusy'))}; above ${FELT} ms: ${of('feltBusy')}`,
);
