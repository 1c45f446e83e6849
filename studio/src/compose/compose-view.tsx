/** Compose: a piece, its takes, and what is asked of them. */
export function ComposeView() {
  return <div class="compose" />;
}
