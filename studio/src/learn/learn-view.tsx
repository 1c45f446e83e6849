/** Learn: from a folder of MIDI files to a model. */
export function LearnView() {
  return <div class="page" />;
}
