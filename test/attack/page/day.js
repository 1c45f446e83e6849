/**
 * A day of the studio in a real browser, with a clock that runs ahead: every hour music is made, played, edited, exported and taken
 * back, other views are looked at, and then nothing happens until the next. What the page holds stays level.
 *
 *   node test/attack/page/day.js [--hours 24] [--json]
 *
 * Exits with 1 where something is wrong. Needs `npm run build` and a Chromium.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withStudio } from './browser.js';
import { Visit } from './visit.js';

const PATIENCE = { timeout: 120_000 };
/** The first hours fill caches. */
const WARM_UP = 3;
/** Megabytes, and things in the page, that may come and go. */
const [LEVEL_MB, LEVEL_NODES] = [12, 1500];

async function anHour(visit) {
  const { page } = visit;
  const press = (key, ctrl = false, shift = false) => visit.press(key, ctrl, shift);
  await press('Home');
  await press('Enter');
  await page.locator('button.continue:has-text("Stop")').first().waitFor(PATIENCE);
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Space');
  await page.locator('button.continue:has-text("Continue")').first().waitFor(PATIENCE);
  await press('.');
  await press('a', true);
  await press('q');
  await press('s');
  await visit.exported('Session (.cadenza.json)');
  await visit.exported(/^MIDI(?! of| for)/);
  for (const view of ['learn', 'models', 'compose']) {
    await page.evaluate((name) => {
      location.hash = `#/${name}`;
    }, view);
    await page.waitForTimeout(300);
  }
  await page.locator('.compose[data-ready="true"]').first().waitFor(PATIENCE);
  for (let n = 0; n < 6; n++) await press('z', true);
  await page.clock.fastForward('55:00');
  await page.waitForTimeout(200);
}

async function holds(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners: listeners } = await browser.send('Memory.getDOMCounters');
  const { usedSize } = await browser.send('Runtime.getHeapUsage');
  await browser.detach();
  return { megabytes: Math.round(usedSize / 1e5) / 10, nodes, listeners };
}

/** @returns {Promise<{ hours: { megabytes: number, nodes: number, listeners: number }[], faults: string[] }>} */
export async function spendDay({ url, browser }, hours, onHour = () => {}) {
  const context = await browser.newContext();
  try {
    const visit = await Visit.begin(context, url, (page) => page.clock.install());
    const held = [];
    for (let hour = 1; hour <= hours; hour++) {
      await anHour(visit);
      held.push(await holds(visit.page));
      onHour(hour, held.at(-1));
    }
    const faults = [...visit.problems];
    const [from, to] = [held[Math.min(WARM_UP, held.length) - 1], held.at(-1)];
    if (to.megabytes > from.megabytes + LEVEL_MB)
      faults.push(`grows from ${from.megabytes} to ${to.megabytes} MB`);
    if (to.nodes > from.nodes + LEVEL_NODES) faults.push(`grows from ${from.nodes} to ${to.nodes} nodes`);
    return { hours: held, faults };
  } finally {
    await context.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { hours: { type: 'string', default: '24' }, json: { type: 'boolean', default: false } },
  });
  await withStudio(async (studio) => {
    const say = (hour, { megabytes, nodes, listeners }) =>
      process.stderr.write(`hour ${hour}: ${megabytes} MB, ${nodes} nodes, ${listeners} listeners\n`);
    const { hours, faults } = await spendDay(studio, Number(values.hours), say);
    if (values.json) console.log(JSON.stringify({ hours, faults }));
    else {
      const [from, to] = [hours[WARM_UP - 1] ?? hours[0], hours.at(-1)];
      console.log(
        `${hours.length} hours: ${from.megabytes} MB after ${WARM_UP}, ${to.megabytes} MB at the end, ${faults.length} faults`,
      );
      for (const fault of faults) console.log(`  ${fault}`);
    }
    process.exitCode = faults.length > 0 ? 1 : 0;
  });
}
