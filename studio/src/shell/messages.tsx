/** The messages at the foot of the page, read out by screen readers. */
import { dismiss, messages } from '../state/messages.js';
import { useStore } from '../state/store.js';
import { Icon } from './icons.js';

export function Messages() {
  const shown = useStore(messages, (state) => state.shown);
  return (
    <div class="messages" role="status" aria-live="polite">
      {shown.map(({ id, text, isProblem, action }) => (
        <div key={id} class={isProblem ? 'message problem' : 'message'}>
          <p>{text}</p>
          {action && (
            <button
              type="button"
              class="button"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="button quiet icon" aria-label="Close" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
