/**
 * State that takes part in the checkpoint. Parts are plain data and typed arrays (structured clone) and share nothing
 * with the state that may change after the call; only what a caller asks of `all` later may be made later.
 */
export interface Checkpointed {
  /** What changed since the last call, as a part that `restore` takes; the next delta counts from here. */
  delta(): unknown;
  /** All of it, in parts of a bounded size; it stands as at the call, however late the parts are taken. */
  all(): Iterable<unknown>;
  /** Puts a part back, a delta over what is there already; it does not count as a change of this run. */
  restore(part: unknown): void;
  /** Entries. */
  readonly size: number;
  /** Whether something changed since the last delta. */
  readonly dirty: boolean;
}
