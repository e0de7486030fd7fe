/** Lets everything else go on until the condition holds; a test's own time-out ends one that never does. */
export const until = async (condition: () => boolean, meanwhile?: () => void): Promise<void> => {
  while (!condition()) {
    meanwhile?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Lets what is under way come to rest: promises, and callbacks that follow them. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
