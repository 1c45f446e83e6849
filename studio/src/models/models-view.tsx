/** Models: what can be played with, and what is known of each. */
export function ModelsView() {
  return <div class="page" />;
}
