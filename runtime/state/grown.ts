/** The next power of two that holds `atLeast` entries: buffers double, so n entries are copied at most 2n times. */
export const powerOfTwo = (atLeast: number): number =>
  atLeast <= 2 ? 2 : 2 ** (32 - Math.clz32(atLeast - 1));

/** The same integers in a buffer for `atLeast` entries; what is new is 0. */
export const grownInts = (ints: Int32Array, atLeast: number): Int32Array => {
  const grown = new Int32Array(powerOfTwo(atLeast));
  grown.set(ints);
  return grown;
};

/** The same bytes in a buffer for `atLeast` entries; what is new is 0. */
export const grownBytes = (bytes: Uint8Array, atLeast: number): Uint8Array => {
  const grown = new Uint8Array(powerOfTwo(atLeast));
  grown.set(bytes);
  return grown;
};

/** The same numbers in a buffer for `atLeast` entries; what is new is 0. */
export const grownFloats = (floats: Float64Array, atLeast: number): Float64Array => {
  const grown = new Float64Array(powerOfTwo(atLeast));
  grown.set(floats);
  return grown;
};
