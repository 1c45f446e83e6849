/** A button that opens a small panel beside it; a click elsewhere or Escape closes it. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { placeBeside } from './menu.js';

interface PopoverProps {
  readonly label: ComponentChildren;
  /** What screen readers call the button and the panel. */
  readonly name: string;
  readonly title?: string;
  readonly class?: string;
  /** Made when it is opened. */
  readonly children: () => ComponentChildren;
}

export function Popover({ label, name, title, class: extra = '', children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const panel = box.current?.querySelector<HTMLElement>('.popover');
    const button = box.current?.querySelector('button');
    if (isOpen && panel && button) placeBeside(button, panel, 'start');
  }, [isOpen]);
  // At once, as it opens and closes: a key that comes before the next frame is its own.
  useLayoutEffect(() => {
    const own = box.current;
    if (!isOpen || own === null) return;
    const close = () => setOpen(false);
    const onPointerDown = (event: Event) => {
      if (!own.contains(event.target as Node)) close();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
      own.querySelector('button')?.focus();
    };
    // Wherever the focus is: what had it may be gone.
    addEventListener('keydown', onKeyDown, true);
    addEventListener('pointerdown', onPointerDown);
    addEventListener('resize', close);
    return () => {
      removeEventListener('keydown', onKeyDown, true);
      removeEventListener('pointerdown', onPointerDown);
      removeEventListener('resize', close);
    };
  }, [isOpen]);
  return (
    <div class={`menu ${extra}`} ref={box}>
      <button
        type="button"
        class="button quiet"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={name}
        title={title}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div class="popover" role="dialog" aria-label={name}>
          {children()}
        </div>
      )}
    </div>
  );
}
