/** Numbers in [0, 1) that depend on the seed alone (mulberry32, T. Ettinger, public domain). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** `count` of the items, each at most once, in their order. */
export const sample = (items: Int32Array, count: number, random: () => number): Int32Array => {
  const chosen = new Int32Array(Math.min(count, items.length));
  let taken = 0;
  for (let index = 0; index < items.length && taken < chosen.length; index++) {
    // Knuth's algorithm S: each of what is left is taken with the chance that fills the sample exactly.
    if (random() * (items.length - index) < chosen.length - taken) chosen[taken++] = items[index] ?? 0;
  }
  return chosen;
};
