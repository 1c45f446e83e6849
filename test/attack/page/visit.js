/**
 * The studio in a browser, and whether it is as it should be. Whatever waits here does so by locators: a handle of an element would
 * hold it, and the view it stands in.
 */
import { isDeepStrictEqual } from 'node:util';
import { READINGS, readMidi, soundingOf } from '../../../dist/index.js';
import { loadStudioState } from '../studio-state.js';

const { assemble, sessionFromText, sessionToText } = await loadStudioState('session-file', 'material');
const PATIENCE = 120_000;

/** All that the page's storage holds of its sessions. */
function storage() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('cadenza-sessions');
    // Where all was cleared, looking must not make one that is empty.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => (request.error.name === 'AbortError' ? resolve([]) : reject(request.error));
    request.onsuccess = () => {
      const store = request.result.transaction('session').objectStore('session');
      const [keys, values] = [store.getAllKeys(), store.getAll()];
      values.onsuccess = () => {
        request.result.close();
        resolve(keys.result.map((key, i) => [String(key), values.result[i]]));
      };
    };
  });
}

/** Files that the page would hand to the user are kept in it instead, and no other page is opened. */
function keepDownloads() {
  window.handed = [];
  const blobs = new Map();
  const create = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const url = create(blob);
    blobs.set(url, blob);
    return url;
  };
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.download) return click.call(this);
    const blob = blobs.get(this.href);
    window.handed = [...window.handed.slice(-3), { name: this.download, blob }];
    return undefined;
  };
  window.open = () => null;
  HTMLInputElement.prototype.showPicker = () => {};
  const clickInput = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function () {
    if (this.type !== 'file') clickInput.call(this);
  };
}

/** Somebody's visit to the studio. */
export class Visit {
  /** What the console complained of since it was looked at last. */
  problems = [];
  /** The session, where something is wrong with it. */
  left;

  constructor(context, url, prepare) {
    Object.assign(this, { context, url, prepare });
  }

  /** @param prepare what is to be done to the page before it is loaded */
  static async begin(context, url, prepare) {
    const visit = new Visit(context, url, prepare);
    await visit.open();
    return visit;
  }

  /** Closes the page, and comes again. */
  async again() {
    await this.page.close();
    await this.open();
  }

  async open() {
    const { context, url } = this;
    const page = await context.newPage();
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        this.problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('dialog', (dialog) => void dialog.dismiss());
    await this.prepare?.(page);
    await page.addInitScript(keepDownloads);
    await page.goto(url);
    await page.locator('.compose[data-ready="true"], .learn').first().waitFor({ timeout: PATIENCE });
  }

  /** Brings the page to rest: at Compose, nothing being made, recorded or asked. */
  async rest() {
    const { page } = this;
    await page.evaluate(() => {
      location.hash = '#/compose';
    });
    await page.locator('.compose[data-ready="true"]').first().waitFor({ timeout: PATIENCE });
    for (let n = 0; n < 4; n++) {
      await page.evaluate(() => {
        for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
        document.activeElement?.blur?.();
        const options = { key: 'Escape', bubbles: true, cancelable: true };
        document.body.dispatchEvent(new KeyboardEvent('keydown', options));
      });
      await page.waitForTimeout(50);
    }
    await page.locator('button.continue:has-text("Continue")').first().waitFor({ timeout: PATIENCE });
    // What was done is kept within moments.
    await page.waitForTimeout(400);
  }

  /** A session, as the storage holds it; the one that is open by default. */
  async session(which) {
    const entries = await this.page.evaluate(storage);
    const open = await this.page.evaluate(() => sessionStorage.getItem('cadenza.session') ?? 'first');
    const id = which ?? open;
    const prefix = id === 'first' ? '' : `${id}/`;
    const history = entries.find(([key]) => key === `${prefix}history`)?.[1];
    const takes = entries.filter(([key]) => key.startsWith(`${prefix}take/`));
    const materials = Object.fromEntries(takes.map(([key, value]) => [key.slice(prefix.length + 5), value]));
    return { id, open, history, materials };
  }

  press(key, ctrlKey = false, shiftKey = false) {
    return this.page.evaluate(
      (options) => document.body.dispatchEvent(new KeyboardEvent('keydown', options)),
      { key, ctrlKey, shiftKey, bubbles: true, cancelable: true },
    );
  }

  /** What the Export menu hands out under a label. */
  async exported(label) {
    const { page } = this;
    await page.evaluate(() => {
      window.handed = [];
    });
    const item = page.getByRole('menuitem', { name: label }).first();
    if (!(await item.isVisible()))
      await page.getByRole('button', { name: 'Export', exact: true }).click({ timeout: 10_000 });
    await item.click({ timeout: 10_000 });
    await page.waitForFunction(() => window.handed.length > 0, undefined, { timeout: 10_000 });
    const base64 = await page.evaluate(async () => {
      const bytes = new Uint8Array(await window.handed[0].blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    });
    return new Uint8Array(Buffer.from(base64, 'base64'));
  }

  /** The history that is kept once it is as it should be, or else after some seconds: it is written moments later. */
  async historyOnce(isSo) {
    let { history } = await this.session();
    for (let n = 0; n < 20 && !isSo(history); n++) {
      await this.page.waitForTimeout(250);
      ({ history } = await this.session());
    }
    return history;
  }

  /** What is wrong, if anything is. */
  async faults() {
    const faults = this.problems.splice(0);
    await this.rest();
    const text = new TextDecoder().decode(await this.exported('Session (.cadenza.json)'));
    let kept = await this.session();
    const textOf = ({ history, materials }) => history && sessionToText(history.present, materials);
    // What was made until it was stopped is kept a little later.
    for (let n = 0; n < 20 && text !== textOf(kept); n++) {
      await this.page.waitForTimeout(250);
      kept = await this.session();
    }
    const { history, materials } = kept;
    if (history === undefined) return faults;
    if (text !== textOf(kept)) {
      faults.push('the session that is exported is not the one that is kept');
      const said = await this.page.locator('.messages .message').allTextContents();
      faults.push(`it says: ${said.join(' · ')}`);
      this.left = `${text}\n--- kept:\n${textOf(kept)}`;
    }
    const { present, past, future } = history;
    const shown = assemble(present, present.current, materials);
    try {
      let n = 0;
      sessionFromText(text, 'exported', () => `id${n++}`);
    } catch (error) {
      faults.push(`what is exported cannot be opened: ${error.message}`);
      this.left = text;
    }
    if (shown.notes.length > 0) {
      const file = readMidi(await this.exported(/^MIDI(?! of| for)/), 'exported');
      const fault = differs(soundingOf(shown), READINGS.sounding(file), {
        isLater: present.beats !== undefined,
        // Parts have channels of their own: a key that the pedal holds in one sounds on when it is struck in another.
        ringsOn: present.source.file !== undefined && shown.pedal !== undefined,
      });
      if (fault !== undefined) {
        faults.push(`the MIDI file is not what is shown: ${fault}`);
        this.left = text;
      }
    }

    for (let n = 0; n < past.length; n++) await this.press('z', true);
    const isBack = (now) => now.past.length === 0 && isDeepStrictEqual(now.present, past[0].session);
    if (past.length > 0 && !isBack(await this.historyOnce(isBack)))
      faults.push('taking all back does not lead to the beginning');
    for (let n = 0; n < past.length; n++) await this.press('z', true, true);
    const isSame = (now) =>
      isDeepStrictEqual(
        [now.present, now.past.length, now.future.length],
        [present, past.length, future.length],
      );
    const again = await this.historyOnce(isSame);
    if (!isSame(again)) {
      const told = [past.length, future.length, again.past.length, again.future.length];
      faults.push(`done again, it is another session (${told})`);
    }
    return [...faults, ...this.problems.splice(0)];
  }
}

/**
 * In what heard notes differ from those that are shown: a cut lies within half a tick of 10 ms.
 *
 * @param isLater whether all may come later by as much: a file begins with a bar
 * @param ringsOn whether ends may be later
 */
function differs(shown, heard, { isLater, ringsOn }) {
  const rows = ({ length, pitch, velocity, start, end }) =>
    Array.from({ length }, (_, n) => [start[n], pitch[n], velocity[n], end[n]]).sort(
      (a, b) => a[0] - b[0] || a[1] - b[1],
    );
  // What is shorter than a tick is not heard.
  const [wanted, had] = [rows(shown).filter(([start, , , end]) => end - start > 0.004), rows(heard)];
  if (Math.abs(wanted.length - had.length) > rows(shown).length - wanted.length)
    return `${had.length} notes for ${wanted.length}`;
  if (wanted.length !== had.length) return undefined;
  const lead = isLater ? Math.max(0, Math.min(...heard.start) - Math.min(...shown.start)) : 0;
  const byPitch = (list) => [...list].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const [a, b] = [byPitch(wanted), byPitch(had)];
  const n = a.findIndex(([start, pitch, velocity, end], i) => {
    const late = b[i][3] - lead - end;
    const isNear =
      Math.abs(b[i][0] - lead - start) < 0.003 && (Math.abs(late) < 0.007 || (ringsOn && late > 0));
    return !isNear || pitch !== b[i][1] || Math.round(velocity) !== b[i][2];
  });
  return n < 0 ? undefined : `[${b[n]}] for [${a[n]}]`;
}
