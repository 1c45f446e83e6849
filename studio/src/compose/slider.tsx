/** A control from one thing to another, with its explanation and a way back to what is usual. */
import { useId } from 'preact/hooks';
import { Icon } from '../shell/icons.js';

export interface SliderProps {
  /** At the left: what it is, or one end of it. */
  readonly label: string;
  /** At the right: the other end. */
  readonly to?: string;
  /** What screen readers call it. */
  readonly name: string;
  /** Left out where the name says it all. */
  readonly explanation?: string;
  readonly value: number;
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly write: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** Takes a control back to what is usual; keeps its place when there is nothing to take back. */
export function Reset({ name, isUsual, onReset }: { name: string; isUsual: boolean; onReset: () => void }) {
  return (
    <button
      type="button"
      class="button quiet icon reset"
      aria-label={`Reset ${name.toLowerCase()}`}
      title="Reset"
      disabled={isUsual}
      onClick={onReset}
    >
      <Icon name="reset" />
    </button>
  );
}

export function Slider(props: SliderProps) {
  const { label, to, name, explanation, value, usual, min, max, step, write, onChange } = props;
  const id = useId();
  const isUsual = Math.abs(value - usual) < step / 2;
  return (
    <div class="control">
      <div class="control-head">
        <span>{label}</span>
        <span class="control-value">
          <Reset name={name} isUsual={isUsual} onReset={() => onChange(usual)} />
          <output class="numbers muted small" for={id}>
            {isUsual && to ? '' : write(value)}
          </output>
        </span>
        {to && <span>{to}</span>}
      </div>
      <input
        id={id}
        type="range"
        aria-label={name}
        aria-valuetext={write(value)}
        aria-describedby={explanation && `${id}-about`}
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
      />
      {explanation && (
        <p class="explanation" id={`${id}-about`}>
          {explanation}
        </p>
      )}
    </div>
  );
}
