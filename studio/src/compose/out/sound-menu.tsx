/** On what the piece is played. */
import { Menu } from '../../shell/menu.js';
import { useStore } from '../../state/store.js';
import { choosePiano, choosePort, findPorts, outputs } from './outputs.js';

export function SoundMenu() {
  const { ports, isAsked, chosen, sendsClock } = useStore(outputs, (all) => all);
  const port = ports.find(({ id }) => id === chosen);
  return (
    <Menu
      class="sound-menu"
      label={port?.name ?? 'Piano'}
      name={`Played on ${port?.name ?? 'the piano of this page'}`}
      align="start"
      items={[
        { label: 'Piano', detail: 'of this page', isChosen: chosen === undefined, run: choosePiano },
        ...ports.map(({ id, name }) => ({
          label: name,
          detail: 'at a MIDI port',
          isChosen: id === chosen,
          run: () => choosePort(id),
        })),
        {
          label: isAsked ? 'Look for MIDI instruments again' : 'A MIDI instrument …',
          detail: 'the browser asks whether the page may play on it',
          run: () => void findPorts(),
        },
        ...(chosen === undefined
          ? []
          : [
              {
                label: sendsClock ? 'Send no MIDI clock' : 'Send MIDI clock',
                detail: 'for sequencers that follow',
                run: () => outputs.set({ sendsClock: !sendsClock }),
              },
            ]),
      ]}
    />
  );
}
