import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { type DroppedFile, filesOfDrop } from '../../../src/web/index.js';
import { complain } from '../state/messages.js';

/** Lets files be dropped anywhere in an element; gives whether some are held over it. */
export function useFileDrop(
  target: RefObject<HTMLElement | null>,
  accepts: boolean,
  take: (files: DroppedFile[]) => void,
): boolean {
  const [isOver, setOver] = useState(false);
  // Before the element is painted: what can be seen can be dropped on.
  useLayoutEffect(() => {
    const element = target.current;
    if (element === null) return;
    const ending = new AbortController();
    const listen = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
      element.addEventListener(type, listener, { signal: ending.signal });
    listen('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = accepts ? 'copy' : 'none';
      setOver(accepts);
    });
    listen('dragleave', (event) => {
      if (!element.contains(event.relatedTarget as Node | null)) setOver(false);
    });
    listen('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (accepts && event.dataTransfer) filesOfDrop(event.dataTransfer).then(take).catch(complain);
    });
    return () => ending.abort();
  }, [accepts]);
  return isOver;
}
