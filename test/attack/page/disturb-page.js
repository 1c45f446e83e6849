/**
 * Disturbs the studio in a real browser: whatever can happen to a page happens at every step of composing and of learning. After
 * it the page goes on, complains of nothing but what it says in words, and what was made is there.
 *
 *   node test/attack/page/disturb-page.js [compose|learn …] [--how reload,offline,…] [--at making,…]
 *
 * Exits with 1 where something is wrong. Needs `npm run build` and a Chromium.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtInOpening, midiFromNotes } from '../../../dist/index.js';
import { withStudio } from './browser.js';
import { DISTURBANCES, rememberWhatCanGo } from './disturbances.js';
import { Visit } from './visit.js';

const PATIENCE = { timeout: 240_000 };
const MIDI = Buffer.from(midiFromNotes(builtInOpening())).toString('base64');

function drop(page, selector, names) {
  return page.evaluate(
    ([selector, names, base64]) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      for (const name of names) data.items.add(new File([bytes], name));
      const target = document.querySelector(selector);
      target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    [selector, names, MIDI],
  );
}

const continueButton = ({ page }) =>
  page.locator('button.continue:has-text("Continue")').first().waitFor(PATIENCE);
const stopButton = ({ page }) => page.locator('button.continue:has-text("Stop")').first().waitFor(PATIENCE);

/** By view: the steps, how a page goes on from wherever it is, and what has to be there then. */
const VIEWS = {
  compose: {
    address: '',
    steps: {
      opened: async () => {},
      async dropped({ page }) {
        await drop(page, 'body', ['tune.mid']);
        await page.locator('.take.primer:has-text("tune")').first().waitFor(PATIENCE);
      },
      async making(visit) {
        await visit.press('Enter');
        await stopButton(visit);
      },
      made: continueButton,
      async playing(visit) {
        await visit.page.locator('body').click({ position: { x: 5, y: 5 } });
        await visit.page.keyboard.press('Space');
        await visit.page.waitForTimeout(300);
      },
      async edited(visit) {
        await visit.press('a', true);
        await visit.press('q');
      },
      async rewriting(visit) {
        await visit.press('a', true);
        await visit.press('w');
        await stopButton(visit);
      },
      async rendering(visit) {
        await visit.press('Escape');
        await continueButton(visit);
        await visit.page.getByRole('button', { name: 'Export', exact: true }).click();
        await visit.page.getByRole('menuitem', { name: 'WAV' }).first().click();
      },
    },
    async goOn(visit) {
      await visit.rest();
      const before = (await visit.session()).history?.present.takes.length ?? 0;
      for (let tries = 0; tries < 3; tries++) {
        await visit.press('Enter');
        await stopButton(visit);
        await continueButton(visit);
        await visit.page.waitForTimeout(1800);
        // A take of which nothing came is taken back.
        if (((await visit.session()).history?.present.takes.length ?? 0) > before) return [];
      }
      return ['nothing can be made any more'];
    },
    faults: (visit) => visit.faults(),
    async made(visit) {
      const { history, materials } = await visit.session();
      return (history?.present.takes ?? [])
        .filter(({ id }) => materials[id]?.state === 'made')
        .map(({ id }) => id);
    },
  },
  learn: {
    address: '#/learn',
    steps: {
      opened: async () => {},
      async dropped({ page }) {
        await page.locator('.learn').first().waitFor(PATIENCE);
        await drop(page, '.learn', ['a.mid', 'b.mid']);
        await page.locator('[data-figures="corpus"]').waitFor(PATIENCE);
      },
      async training({ page }) {
        await begin(page);
        await page.locator('.standing[data-phase="training"]').waitFor(PATIENCE);
      },
      async 'in the midst'({ page }) {
        await page.getByRole('img', { name: /^Pitch: training \d/ }).waitFor(PATIENCE);
      },
      async ended({ page }) {
        await page.locator('.standing[data-phase="steps"]').waitFor(PATIENCE);
      },
    },
    /** Goes on with what is stored, or begins anew where nothing is. */
    async goOn({ page }) {
      await page.locator('.learn').first().waitFor(PATIENCE);
      await page.waitForTimeout(1000);
      const standing = page.locator('.standing');
      const goOn = page.getByRole('button', { name: 'Go on', exact: true });
      const stop = page.getByRole('button', { name: 'Stop', exact: true });
      const train = page.getByRole('button', { name: 'Train', exact: true });
      const until = performance.now() + 400_000;
      while (performance.now() < until) {
        await page.waitForTimeout(500);
        if (await page.locator('.standing[data-phase="steps"]').isVisible()) return [];
        if (await stop.isVisible()) {
          const before = await standing.textContent();
          await page.waitForTimeout(8000);
          // Where nothing moves, one stops it.
          if ((await stop.isVisible()) && (await standing.textContent()) === before) {
            await stop.click({ timeout: 2000 }).catch(() => {});
            await page.waitForTimeout(31_000);
          }
        } else if (await goOn.first().isVisible())
          await goOn
            .first()
            .click({ timeout: 2000 })
            .catch(() => {});
        else if ((await train.isVisible()) && (await train.isEnabled())) await begin(page);
        else {
          await drop(page, '.learn', ['a.mid', 'b.mid']);
          await page
            .locator('[data-figures="corpus"]')
            .waitFor({ timeout: 10_000 })
            .catch(() => {});
        }
      }
      return [`no training comes to its end: ${(await page.locator('.learn').innerText()).slice(0, 300)}`];
    },
    faults: async (visit) => visit.problems.splice(0),
    made: async () => [],
  },
};

async function begin(page) {
  await page.getByRole('radio', { name: /Tutorial/ }).check();
  await page.getByRole('combobox', { name: 'Unit of the length' }).selectOption('steps');
  // Another unit brings another number into the field, a moment later.
  await page.waitForTimeout(300);
  await page.getByRole('textbox', { name: 'For' }).fill('12');
  if (!(await page.getByRole('textbox', { name: 'Windows a step' }).isVisible()))
    await page.getByText('More', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Windows a step' }).fill('4');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
}

/** What is wrong when something happens at a step; nothing where all is well. */
export async function disturbPage({ url, browser }, view, step, how) {
  const { address, steps, goOn, faults, made } = VIEWS[view];
  const { begin: happen, end, leaves, loses, expected } = DISTURBANCES[how];
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(rememberWhatCanGo);
  try {
    const visit = await Visit.begin(context, `${url}${address}`);
    for (const [name, take] of Object.entries(steps)) {
      await take(visit);
      if (name === step) break;
    }
    // What offline needs is fetched by then.
    if (how.startsWith('offline'))
      await visit.page.locator('html[data-offline="ready"]').first().waitFor(PATIENCE);
    const had = leaves ? await made(visit) : [];
    await happen(visit);
    await visit.page.waitForTimeout(500);
    const found = await goOn(visit);
    await end?.(visit);
    if (how === 'storage full') {
      // From here on there is room again, and all is kept.
      await visit.page.waitForTimeout(500);
      found.push(...(await goOn(visit)));
    }
    if (!loses) {
      const has = await made(visit);
      if (had.some((id) => !has.includes(id))) found.push('what was made is gone');
    }
    found.push(...(await faults(visit)));
    return found.filter((fault) => !expected?.test(fault));
  } catch (error) {
    return [`does not go on: ${error.message.split('\n').slice(0, 3).join(' ')}`];
  } finally {
    await context.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { how: { type: 'string' }, at: { type: 'string' } },
  });
  let [points, wrong] = [0, 0];
  await withStudio(async (studio) => {
    for (const view of positionals.length > 0 ? positionals : Object.keys(VIEWS))
      for (const how of values.how?.split(',') ?? Object.keys(DISTURBANCES))
        for (const step of values.at?.split(',') ?? Object.keys(VIEWS[view].steps)) {
          process.stderr.write(`${view}, ${step}, ${how}\n`);
          const found = await disturbPage(studio, view, step, how);
          points++;
          wrong += Number(found.length > 0);
          for (const fault of found) console.log(`${view}, ${step}, ${how}: ${fault}`);
        }
  });
  console.log(`disturbed at ${points} points, ${wrong} with faults`);
  process.exitCode = wrong > 0 ? 1 : 0;
}
