/** Follows a transport's playhead from frame to frame, as a display does. */
import type { Transport } from './transport.js';

/**
 * Calls back with the current time: once now, on every frame while it plays, and whenever it jumps. The
 * function that is returned ends it.
 */
export function followTime(transport: Transport, callback: (seconds: number) => void): () => void {
  let frame = 0;
  const show = () => {
    callback(transport.currentTime);
    frame = transport.state === 'playing' ? requestAnimationFrame(show) : 0;
  };
  const again = () => {
    cancelAnimationFrame(frame);
    show();
  };
  const endings = [transport.on('state', again), transport.on('seek', again)];
  show();
  return () => {
    cancelAnimationFrame(frame);
    for (const end of endings) end();
  };
}
