/** Typed events without a DOM: what the classes of roll and sound tell those who use them. */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(detail: never) => void>>();

  /** Calls `listener` whenever `type` happens, until the function that is returned is called. */
  on<T extends keyof Events>(type: T, listener: (detail: Events[T]) => void): () => void {
    const own = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, own);
    own.add(listener);
    return () => own.delete(listener);
  }

  /** Whether anybody wants to know of this. */
  protected isListenedTo(type: keyof Events): boolean {
    return (this.listeners.get(type)?.size ?? 0) > 0;
  }

  protected emit<T extends keyof Events>(type: T, detail: Events[T]): void {
    for (const listener of [...(this.listeners.get(type) ?? [])])
      (listener as (d: Events[T]) => void)(detail);
  }
}
