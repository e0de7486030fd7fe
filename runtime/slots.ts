export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `count` pieces of work at a time; the others wait in the order in which they came. */
export const slots = (count: number): Slots => {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
};
