import type { Places } from './bins.ts';

/** Adds the pair of each row in `order[from; to)` to that row's bin of every column: `histogram[2 · place]` and the next. */
export type AddRows = (
  histogram: Float64Array,
  places: Places,
  pairs: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
) => void;

/** The plain loop: what the compiled one is tested against, and takes the place of where there are too many bins for it. */
export const addRowsPlainly: AddRows = (histogram, { places, columns }, pairs, order, from, to) => {
  for (let index = from; index < to; index++) {
    const row = order[index]!;
    const gradient = pairs[2 * row]!;
    const packed = pairs[2 * row + 1]!;
    const end = (row + 1) * columns;
    for (let at = row * columns; at < end; at++) {
      const bin = 2 * places[at]!;
      histogram[bin]! += gradient;
      histogram[bin + 1]! += packed;
    }
  }
};

/**
 * `add-rows.wat` compiled: gradient and packed hessian are two float64 side by side, and WebAssembly adds both with one
 * instruction. Training spends most of its time here; this takes a third of the plain loop's. Row by row, so that
 * neighbouring additions fall into other columns and need not wait for each other.
 */
const compiled =
  'AGFzbQEAAAABCgFgBn9/f39/fwACEgEGbWVtb3J5Bm1lbW9yeQIAAQMCAQAHCwEHYWRkUm93cwAACo0CAYoCAgR/AXsCQANAIAQgBU8NASADIAQoAgBBBHRq/QAEACEKIAEgBCgCACACbGohBiAGIAJqIQggCEEHayEHAkADQCAGIAdODQEgACAGLwEAQQR0aiEJIAkgCf0ABAAgCv3wAf0LBAAgACAGLwECQQR0aiEJIAkgCf0ABAAgCv3wAf0LBAAgACAGLwEEQQR0aiEJIAkgCf0ABAAgCv3wAf0LBAAgACAGLwEGQQR0aiEJIAkgCf0ABAAgCv3wAf0LBAAgBkEIaiEGDAALCwJAA0AgBiAITw0BIAAgBi8BAEEEdGohCSAJIAn9AAQAIAr98AH9CwQAIAZBAmohBgwACwsgBEEEaiEEDAALCws=';

let module: WebAssembly.Module | undefined;

/** The loop over arrays that all lie in `memory`. Sums are exact (`packed-sums.ts`), so both loops give the same bits. */
export const addRowsIn = (memory: WebAssembly.Memory): AddRows => {
  module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
  const { addRows } = new WebAssembly.Instance(module, { memory: { memory } }).exports;
  if (typeof addRows !== 'function') throw new Error('add-rows has no addRows');
  return (histogram, { places, columns }, pairs, order, from, to) => {
    if (places instanceof Uint32Array) {
      addRowsPlainly(histogram, { places, columns }, pairs, order, from, to);
      return;
    }
    const rows = order.byteOffset;
    addRows(
      histogram.byteOffset,
      places.byteOffset,
      2 * columns,
      pairs.byteOffset,
      rows + 4 * from,
      rows + 4 * to,
    );
  };
};
