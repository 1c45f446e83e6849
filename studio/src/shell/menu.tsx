/** A button that opens a short list of things to do. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.js';

export interface MenuItem {
  readonly label: string;
  /** A line that says more. */
  readonly detail?: string;
  readonly isDisabled?: boolean;
  readonly isChosen?: boolean;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: ComponentChildren;
  /** What screen readers call the button where the label is not enough. */
  readonly name?: string;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
  readonly align?: 'start' | 'end';
  readonly class?: string;
}

export function Menu({ label, name, icon = 'down', items, align = 'end', class: extra = '' }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const [button, list] = ['button', '.menu-list'].map((part) =>
      box.current?.querySelector<HTMLElement>(part),
    );
    if (isOpen && button && list) placeBeside(button, list, align);
  }, [isOpen]);

  // At once, as it opens and closes: a key that comes before the next frame is the menu's, or no longer.
  useLayoutEffect(() => {
    const menu = box.current;
    if (!isOpen || menu === null) return;
    const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)')];
    items[0]?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      // Keys belong to the menu while it is open, not to the shortcuts behind it.
      event.stopPropagation();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape' || event.key === 'Tab') {
        setOpen(false);
        if (event.key === 'Escape') menu.querySelector('button')?.focus();
      } else if (step !== undefined) {
        event.preventDefault();
        const at = items.indexOf(document.activeElement as HTMLElement);
        items[(at + step + items.length) % items.length]?.focus();
      }
    };
    const onPointerDown = (event: Event) => {
      if (!menu.contains(event.target as Node)) setOpen(false);
    };
    const close = () => setOpen(false);
    menu.addEventListener('keydown', onKeyDown);
    addEventListener('pointerdown', onPointerDown);
    addEventListener('resize', close);
    return () => {
      removeEventListener('resize', close);
      menu.removeEventListener('keydown', onKeyDown);
      removeEventListener('pointerdown', onPointerDown);
    };
  }, [isOpen]);

  return (
    <div class={`menu ${extra}`} ref={box}>
      <button
        type="button"
        class={label === '' ? 'button quiet icon' : 'button quiet'}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={name}
        title={label === '' ? name : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
        <Icon name={icon} />
      </button>
      {isOpen && (
        <div class="menu-list" role="menu">
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              {...roleOf(item)}
              disabled={item.isDisabled}
              onClick={() => {
                setOpen(false);
                box.current?.querySelector('button')?.focus();
                item.run();
              }}
            >
              <span>{item.label}</span>
              {item.detail && <span class="small muted">{item.detail}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function roleOf({ isChosen }: MenuItem) {
  return isChosen === undefined
    ? { role: 'menuitem' as const }
    : { role: 'menuitemradio' as const, 'aria-checked': isChosen };
}

const MARGIN = 8;

/**
 * Puts a list or a panel under its button, or above where there is more room; always within the page,
 * whatever it stands in.
 */
export function placeBeside(anchor: Element, list: HTMLElement, align: 'start' | 'end'): void {
  const button = anchor.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const left = align === 'start' ? button.left : button.right - width;
  const below = innerHeight - button.bottom;
  list.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  if (below >= height + MARGIN || below >= button.top) list.style.top = `${button.bottom + 4}px`;
  else list.style.bottom = `${innerHeight - button.top + 4}px`;
}
