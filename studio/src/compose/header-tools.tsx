/** What Compose has in the header: the model, the transport, the exports. */
import { Menu } from '../shell/menu.js';
import { chooseModel, chosenModel, models } from '../state/models.js';
import { useStore } from '../state/store.js';

export function HeaderTools() {
  const { entries, chosen } = useStore(models, (state) => state);
  const model = chosenModel({ entries, chosen });
  return (
    <>
      <Menu
        label={model.name}
        name={`Model: ${model.name}`}
        align="start"
        items={entries.map(({ id, name, kind }) => ({
          label: name,
          detail: {
            shipped: 'comes with Cadenza',
            run: 'trained in a run folder',
            kept: 'kept in this browser',
          }[kind],
          isChosen: id === model.id,
          run: () => chooseModel(id),
        }))}
      />
      <div class="header-space" />
    </>
  );
}
