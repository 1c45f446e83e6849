/** The few icons, drawn on a grid of 24. */
const PATHS = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13M16 5.5v13',
  stop: 'M6.5 6.5h11v11h-11z',
  back: 'M6 6v12M18 6.5v11L9 12z',
  loop: 'M4 12a6 6 0 0 1 6-6h8m0 0-3-3m3 3-3 3M20 12a6 6 0 0 1-6 6H6m0 0 3 3m-3-3 3-3',
  star: 'm12 4 2.4 5.1 5.6.7-4.1 3.9 1 5.5L12 16.5l-4.9 2.7 1-5.5L4 9.8l5.6-.7z',
  again: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3v4.5H15',
  remove: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  down: 'm7 10 5 5 5-5',
  close: 'M6 6l12 12M18 6 6 18',
  record: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z',
  theme: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  undo: 'M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-4',
  redo: 'm16 5 4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h4',
  help: 'M9 9.2a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2.2M12 17.6v.01',
  open: 'M4 18V6h6l2 2.5h8V18z',
  reset: 'M5 5v5h5M5.6 14a7 7 0 1 0 1-6.6L5 10',
  panel: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 4.5v5M9 14.5v5',
  keyboard: 'M4 6h16v12H4zM9.3 6v7.5M14.7 6v7.5',
  select: 'M5 4v16M19 4v16M8.5 9h7M8.5 15h7',
  fit: 'M4 9V5h4M16 5h4v4M20 15v4h-4M8 19H4v-4M8 12h8',
  pencil: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  metronome: 'M9 4h6l3.5 16h-13zM12 15l5.5-8M7 15h10',
  echo: 'M5 15V9M9 18V6M13 14v-4M17 16V8M21 13v-2',
} as const;

export type IconName = keyof typeof PATHS;

/** An image without a name of its own: what it stands in has one. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg class={filled ? 'icon-image filled' : 'icon-image'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
