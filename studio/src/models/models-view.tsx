/** Models: what can be played with, and what is known of each. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { goTo } from '../shell/routes.js';
import { sizeOf } from '../shell/words.js';
import { complain, say } from '../state/messages.js';
import {
  chooseModel,
  chosenModel,
  forgetModel,
  keepModel,
  type ModelEntry,
  modelBytes,
  modelCard,
  models,
  refreshModels,
} from '../state/models.js';
import { useStore } from '../state/store.js';
import { CardView } from './card-view.js';
import { type ModelFacts, modelFacts } from './facts.js';
import './models.css';

const GROUPS: readonly { readonly origin: ModelEntry['origin']; readonly title: string }[] = [
  { origin: 'shipped', title: 'Come with Cadenza' },
  { origin: 'kept', title: 'Kept in this browser' },
  { origin: 'run', title: 'Of the run folders' },
];

export function ModelsView() {
  const { entries, chosen } = useStore(models, (state) => state);
  const current = chosenModel({ entries, chosen }).id;
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    void refreshModels();
  }, []);
  return (
    <section
      class={isOver ? 'page models drop-over' : 'page models'}
      aria-label="Models"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void addFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <AddModel />
      {GROUPS.map(({ origin, title }) => {
        const own = entries.filter((entry) => entry.origin === origin);
        if (own.length === 0) return null;
        return (
          <section key={origin} aria-labelledby={`models-${origin}`}>
            <h2 id={`models-${origin}`}>{title}</h2>
            <ul class="model-list">
              {own.map((entry) => (
                <Model key={entry.id} entry={entry} isChosen={entry.id === current} />
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

async function addFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      await keepModel(file.name, new Uint8Array(await file.arrayBuffer()));
      say(`${file.name} is kept in this browser.`);
    } catch (error) {
      complain(error);
    }
  }
}

function AddModel() {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="add-model">
      <p class="muted">
        A model is a <code>.safetensors</code> file that Cadenza wrote, here in Learn or by{' '}
        <code>cadenza train</code>. Drop one to keep it in this browser; it is not sent anywhere.
      </p>
      <input
        ref={picker}
        type="file"
        class="only-heard"
        tabIndex={-1}
        aria-label="Add a model"
        accept=".safetensors"
        multiple
        onChange={({ currentTarget }) => {
          void addFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <button type="button" class="button" onClick={() => picker.current?.click()}>
        Add a model …
      </button>
    </div>
  );
}

function Model({ entry, isChosen }: { entry: ModelEntry; isChosen: boolean }) {
  const [card, setCard] = useState<string>();
  const [facts, setFacts] = useState<ModelFacts>();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    modelCard(entry).then(setCard, () => {});
  }, [entry.id]);
  useEffect(() => {
    if (!isOpen || facts !== undefined) return;
    modelBytes(entry).then((bytes) => setFacts(modelFacts(bytes, entry.name)), complain);
  }, [isOpen]);
  const use = () => {
    chooseModel(entry.id);
    goTo('compose');
  };
  return (
    <li class={isChosen ? 'model chosen' : 'model'}>
      <div class="model-head">
        <h3>{entry.name}</h3>
        <span class="muted small numbers">
          {[entry.bytes > 0 ? sizeOf(entry.bytes) : undefined, bitsOf(card), licenceOf(card)]
            .filter((fact) => fact !== undefined)
            .join(' · ')}
        </span>
        <span class="header-space" />
        <button type="button" class="button quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Less' : 'More'}
        </button>
        {entry.origin === 'kept' && (
          <button
            type="button"
            class="button quiet"
            onClick={async () => {
              const bytes = await modelBytes(entry).catch(() => undefined);
              await forgetModel(entry);
              const back = () => void (bytes && keepModel(entry.name, bytes, card).catch(complain));
              say(`${entry.name} is no longer kept.`, { label: 'Undo', run: back });
            }}
          >
            Remove
          </button>
        )}
        <button
          type="button"
          class={isChosen ? 'button' : 'button primary'}
          aria-label={`${isChosen ? 'In use' : 'Use'}: ${entry.name}`}
          onClick={use}
        >
          {isChosen ? 'In use' : 'Use'}
        </button>
      </div>
      {isOpen && (
        <>
          {facts && (
            <dl class="facts">
              {facts.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
          {card === undefined ? <p class="muted">It has no card.</p> : <CardView text={card} />}
        </>
      )}
    </li>
  );
}

/** Bits a note, where a card has measured them. */
function bitsOf(card: string | undefined): string | undefined {
  const bits = card && /\|\s*bits a note[^|]*\|\s*([\d.]+)/i.exec(card)?.[1];
  return bits ? `${bits} bits a note` : undefined;
}

function licenceOf(card: string | undefined): string | undefined {
  const licence = card && /\|\s*licen[cs]e\s*\|\s*([^|,;]+)/i.exec(card)?.[1].trim();
  return licence || undefined;
}
