/**
 * What a monkey does in the page of the studio: one thing after the other to whatever is there. It runs in the page, all of it in
 * this one function.
 *
 * @param {{ seed: number, steps: number, midi: string[] }} options MIDI files that it may drop, in base64
 * @returns {Promise<string[]>} what it did, the latest last
 */
export async function monkey({ seed, steps, midi }) {
  // Marsaglia's xorshift.
  let state = (seed * 2654435761) >>> 0 || 1;
  const below = (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
  const pick = (list) => list[below(list.length)];
  const did = [];

  const CONTROLS =
    'button, [role="menuitem"], [role="menuitemradio"], [role="option"], summary, label, a[href^="#/"], input, select';
  // What leads out of the page, or takes longer than a monkey waits.
  const FORBIDDEN =
    /microphone|choose (a )?(folder|files?)|open (a )?(file|folder)|add files|mp3|ogg|wav|install|train|learn from|full screen/i;
  const isShown = (element) => element.checkVisibility?.() !== false && element.getClientRects().length > 0;
  const nameOf = (element) =>
    (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40) || element.tagName;

  function setValue(input) {
    const { type, min, max, step } = input;
    const prototype =
      input instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
    const set = (value) => Object.getOwnPropertyDescriptor(prototype, 'value').set.call(input, value);
    if (input instanceof HTMLSelectElement) {
      const choices = [...input.options].filter((option) => !option.disabled);
      if (choices.length > 0) set(pick(choices).value);
    } else if (type === 'range' || type === 'number') {
      const [from, to] = [Number(min || 0), Number(max || 100)];
      const by = Number(step) || 1;
      // Low ones, mostly: long music takes long.
      const part = below(4) === 0 ? below(101) / 100 : below(20) / 100;
      set(String(below(30) === 0 ? '' : Math.min(to, from + Math.round(((to - from) * part) / by) * by)));
    } else if (type === 'checkbox' || type === 'radio') input.click();
    else if (type === 'file') return;
    else set(pick(['', 'Am | F | C | G', 'x', '4/4', 'C4', '12', '♭♯', 'a'.repeat(300), 'Dm7 G7 | C']));
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function press() {
    const keys = [
      'w',
      'a',
      's',
      'e',
      'q',
      '0',
      '1',
      '2',
      '3',
      '4',
      'Home',
      'ArrowLeft',
      'ArrowRight',
      '.',
      ' ',
      'Delete',
      '?',
    ];
    keys.push('Escape', 'Escape', 'r', 't', 'Enter', 'Tab', 'ArrowUp', 'ArrowDown', '+', '-');
    const [key, ctrlKey, shiftKey] =
      below(4) === 0
        ? pick([
            ['z', 1],
            ['z', 1, 1],
            ['a', 1],
            ['y', 1],
          ])
        : [pick(keys)];
    const options = { key, ctrlKey: !!ctrlKey, shiftKey: !!shiftKey, bubbles: true, cancelable: true };
    const target = below(3) === 0 ? (document.activeElement ?? document.body) : document.body;
    target.dispatchEvent(new KeyboardEvent('keydown', options));
    target.dispatchEvent(new KeyboardEvent('keyup', options));
    did.push(`key ${ctrlKey ? 'Ctrl ' : ''}${shiftKey ? 'Shift ' : ''}${key}`);
  }

  async function drag() {
    const canvas = pick([...document.querySelectorAll('canvas')].filter(isShown));
    if (canvas === undefined) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place = () => ({
      clientX: left + (width * below(1000)) / 1000,
      clientY: top + (height * below(1000)) / 1000,
    });
    const keys = { shiftKey: below(4) === 0, altKey: below(8) === 0, ctrlKey: below(12) === 0 };
    const common = {
      pointerId: 1,
      isPrimary: true,
      pointerType: 'mouse',
      bubbles: true,
      cancelable: true,
      ...keys,
    };
    const from = place();
    const send = (type, more) => canvas.dispatchEvent(new PointerEvent(type, { ...common, ...more }));
    if (below(5) === 0) {
      canvas.dispatchEvent(
        new WheelEvent('wheel', {
          ...from,
          deltaY: below(400) - 200,
          deltaX: below(200) - 100,
          bubbles: true,
          cancelable: true,
          ...keys,
        }),
      );
      did.push('wheel');
      return;
    }
    send('pointermove', from);
    send('pointerdown', { ...from, button: 0, buttons: 1 });
    const to = below(3) === 0 ? from : place();
    for (let n = below(4); n > 0; n--) send('pointermove', { ...place(), buttons: 1 });
    send('pointermove', { ...to, buttons: 1 });
    if (below(20) === 0) send('pointercancel', to);
    else send('pointerup', { ...to, button: 0 });
    if (to === from) canvas.dispatchEvent(new MouseEvent('click', { ...from, bubbles: true }));
    if (below(6) === 0) canvas.dispatchEvent(new MouseEvent('dblclick', { ...from, bubbles: true }));
    did.push('drag');
  }

  function drop() {
    const data = new DataTransfer();
    const text = pick(midi);
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const isBroken = below(4) === 0;
    const name = pick(['a.mid', 'b.MID', 'no.mid', 'ünï.mid']);
    data.items.add(new File([isBroken ? bytes.slice(0, below(bytes.length)) : bytes], name));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }),
      );
    did.push(`drop ${isBroken ? 'half of ' : ''}${name}`);
  }

  function use() {
    const controls = [...document.querySelectorAll(CONTROLS)].filter(
      (element) => isShown(element) && !element.disabled && !FORBIDDEN.test(nameOf(element)),
    );
    const control = pick(controls);
    if (control === undefined) return;
    // What opens has to be used now and then, and not only be closed again.
    did.push(`${control.tagName.toLowerCase()} ${nameOf(control)}`);
    if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
      control.focus();
      setValue(control);
    } else {
      control.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      if (below(3) === 0) control.focus();
      control.click();
    }
  }

  const open = '[role="menu"] [role^="menuitem"], dialog[open] button, .popover button, .popover input';
  for (let step = 0; step < steps; step++) {
    const kind = below(100);
    const inMenu = [...document.querySelectorAll(open)].filter(
      (element) => isShown(element) && !element.disabled && !FORBIDDEN.test(nameOf(element)),
    );
    if (inMenu.length > 0 && kind < 40) {
      const item = pick(inMenu);
      did.push(`in a menu: ${nameOf(item)}`);
      if (item instanceof HTMLInputElement) setValue(item);
      else item.click();
    } else if (kind < 55) use();
    else if (kind < 80) press();
    else if (kind < 97) await drag();
    else if (kind === 97 && below(5) === 0) drop();
    else if (kind === 98 && below(10) === 0) {
      location.hash = pick(['#/learn', '#/models', '#/compose', '#/compose', '#/nothing', '#/compose?s=x']);
      did.push(location.hash);
    } else if (kind === 99) dispatchEvent(new Event('resize'));
    // Things come into the page between steps, mostly.
    if (below(3) > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    if (below(10) === 0) await new Promise((resolve) => requestAnimationFrame(() => resolve()));
  }
  return did.slice(-60);
}
