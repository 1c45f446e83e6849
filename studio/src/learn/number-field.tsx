/** A field for a number that says what it takes, and gives only numbers that are right. */
import { useId, useLayoutEffect, useState } from 'preact/hooks';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max?: number;
  readonly isWhole?: boolean;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, value, min, max = 1e9, isWhole = false, onChange }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  const id = useId();
  // At once: whoever types a moment later would type behind what comes in.
  useLayoutEffect(() => setText(String(value)), [value]);
  const problem = problemOf(text, min, max, isWhole);
  return (
    <label>
      <span>{label}</span>
      <input
        class="field numbers"
        type="text"
        inputMode={isWhole ? 'numeric' : 'decimal'}
        size={8}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={problem && id}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          if (problemOf(typed, min, max, isWhole) === undefined) onChange(Number(typed));
        }}
        onBlur={() => setText(String(value))}
      />
      {problem && (
        <span id={id} class="small field-problem">
          {problem}
        </span>
      )}
    </label>
  );
}

/** What is wrong with a text as a number, in words. */
function problemOf(text: string, min: number, max: number, isWhole: boolean): string | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isInteger(value)))
    return undefined;
  return `${isWhole ? 'a whole number' : 'a number'} ${max < 1e9 ? `from ${min} to ${max}` : `of at least ${min}`}`;
}
