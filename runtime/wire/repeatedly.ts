export interface RepeatedlyOptions {
  readonly work: () => Promise<void>;
  /** On the wall clock. */
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Does something again and again, never twice at once. What goes on failing is said once. */
export const repeatedly = ({
  work,
  everyMs,
  onError,
}: RepeatedlyOptions): { readonly stop: () => Promise<void> } => {
  let running: Promise<void> | undefined;
  let lastSaid = '';
  const say = (error: unknown): void => {
    if (String(error) !== lastSaid) onError(error);
    lastSaid = String(error);
  };
  const timer = setInterval(() => {
    running ??= work()
      .catch(say)
      .finally(() => {
        running = undefined;
      });
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
