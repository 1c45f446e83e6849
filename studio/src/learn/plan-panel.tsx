/** What to train and for how long. */
import {
  KINDS,
  type Kind,
  kindNamed,
  modelOfConfig,
  parameterCount,
  type SizeRow,
} from '../../../src/index.js';
import { complain } from '../state/messages.js';
import { type ModelEntry, models } from '../state/models.js';
import { useStore } from '../state/store.js';
import { begin, beginWith, changeCount, changePlan, choosePreset, learn } from './learn-store.js';
import { NumberField } from './number-field.js';
import { formatCount } from './run-words.js';
import { type Length, SIZES, sizesOf, type TrainingPlan } from './training/plan.js';

/** A size that is a number of the plan, beside the units. */
const isField = (row: SizeRow): row is SizeRow & { readonly name: 'layers' } => row.name === 'layers';

/** What can be trained here. */
const CHOICES = Object.values(KINDS)
  .filter(({ canPlay }) => canPlay)
  .sort((a, b) => Number(b.sizes.length > 0) - Number(a.sizes.length > 0));
const BATCH_WORDS: Readonly<Record<Kind['batchOf'], string>> = {
  pieces: 'Pieces side by side',
  windows: 'Windows a step',
};

const UNITS: readonly Length['unit'][] = ['minutes', 'epochs', 'steps'];
const UNIT_WORDS: Readonly<Record<Length['unit'], string>> = {
  minutes: 'minutes',
  epochs: 'times through all pieces',
  steps: 'steps',
};

export function PlanPanel() {
  const plan = useStore(learn, (state) => state.plan);
  const from = useStore(learn, (state) => state.from);
  const { length } = plan;
  const kind = kindNamed(plan.preset);
  const hasSizes = kind.sizes.length > 0 && from === undefined;
  // Units are chosen by name above.
  const fields = hasSizes ? kind.sizes.filter(isField) : [];
  return (
    <form
      class="learn-panel plan"
      aria-label="Plan"
      onSubmit={(event) => {
        event.preventDefault();
        begin().catch(complain);
      }}
    >
      <h2>What to train</h2>
      <fieldset class="kinds">
        <legend class="only-heard">Kind of model</legend>
        {CHOICES.map(({ name, title, about }) => (
          <label key={name} class="kind">
            <input
              type="radio"
              name="preset"
              value={name}
              checked={plan.preset === name}
              onChange={() => choosePreset(name)}
            />
            <span>
              <strong>{title}</strong>
              <span class="muted small">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="plan-fields">
        <BeginWith chosen={from?.name} />
        {hasSizes && (
          <label>
            <span>Size</span>
            <select
              class="field"
              value={plan.hiddenSize}
              onChange={(event) => changePlan({ hiddenSize: Number(event.currentTarget.value) })}
            >
              {SIZES.map(({ hiddenSize, name }) => (
                <option key={hiddenSize} value={hiddenSize}>
                  {name}: {formatCount(parametersOf({ ...plan, hiddenSize }))} parameters
                </option>
              ))}
            </select>
          </label>
        )}
        <div class="plan-length">
          <NumberField
            label="For"
            value={length.count}
            min={length.unit === 'minutes' ? 0.1 : 1}
            isWhole={length.unit !== 'minutes'}
            onChange={changeCount}
          />
          <select
            class="field"
            aria-label="Unit of the length"
            value={length.unit}
            onChange={(event) => changePlan({ length: LENGTHS[event.currentTarget.value as Length['unit']] })}
          >
            {UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {UNIT_WORDS[unit]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <details class="plan-more">
        <summary>More</summary>
        <div class="plan-fields">
          <NumberField
            label={BATCH_WORDS[kind.batchOf]}
            value={plan.batchSize}
            min={1}
            max={512}
            isWhole
            onChange={(batchSize) => changePlan({ batchSize })}
          />
          <NumberField
            label="Learning rate"
            value={plan.learningRate}
            min={0.000001}
            max={1}
            onChange={(learningRate) => changePlan({ learningRate })}
          />
          {fields.map(({ name, label, least, most, fieldMost = most }) => (
            <NumberField
              key={name}
              label={label}
              value={plan[name]}
              min={least}
              max={fieldMost}
              isWhole
              onChange={(value) => changePlan({ [name]: value })}
            />
          ))}
          <NumberField
            label="Seed"
            value={plan.seed}
            min={0}
            isWhole
            onChange={(seed) => changePlan({ seed })}
          />
        </div>
      </details>
      <button type="submit" class="button primary">
        Train
      </button>
    </form>
  );
}

/** What is likely meant by another unit. */
const LENGTHS: Readonly<Record<Length['unit'], Length>> = {
  minutes: { unit: 'minutes', count: 10 },
  epochs: { unit: 'epochs', count: 4 },
  steps: { unit: 'steps', count: 500 },
};

function parametersOf(plan: TrainingPlan): number {
  return parameterCount(modelOfConfig(kindNamed(plan.preset).configure(sizesOf(plan))).parameters);
}

const ORIGIN_WORDS: Readonly<Record<ModelEntry['origin'], string>> = {
  shipped: 'comes with Cadenza',
  run: 'of a run folder',
  kept: 'kept in this browser',
};

function BeginWith({ chosen }: { readonly chosen: string | undefined }) {
  const entries = useStore(models, (state) => state.entries);
  const entry = entries.find(({ name }) => name === chosen);
  return (
    <label>
      <span>Begin with</span>
      <select
        class="field"
        value={entry?.id ?? (chosen === undefined ? '' : 'file')}
        onChange={(event) => {
          const id = event.currentTarget.value;
          beginWith(entries.find((one) => one.id === id));
        }}
      >
        <option value="">a new model</option>
        {entries.map(({ id, name, origin }) => (
          <option key={id} value={id}>
            {name} ({ORIGIN_WORDS[origin]})
          </option>
        ))}
        {chosen !== undefined && entry === undefined && <option value="file">{chosen}</option>}
      </select>
    </label>
  );
}
