/**
 * Turns of the event loop, one at a time: who waits gets the next, in the order in which they came. Between two turns
 * the loop serves sockets, disk and timers, so that ten busy tasks hold a request up no longer than one does.
 */
export type Turns = () => Promise<void>;

export const createTurns = (): Turns => {
  const waiting: (() => void)[] = [];
  let isComing = false;
  const give = (): void => {
    isComing = false;
    waiting.shift()?.();
    if (waiting.length > 0) come();
  };
  const come = (): void => {
    if (isComing) return;
    isComing = true;
    setImmediate(give);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      come();
    });
};
