import { DISORDER_MS } from '../../times.ts';

/** Calls `sweep` with the watermark about once a second of event time: what a hand-written loop evicts by. */
export const everySecond = (sweep: (watermark: number) => void): ((time: number) => void) => {
  let next = -Infinity;
  return (time) => {
    if (time < next) return;
    next = time + 1_000;
    sweep(time - DISORDER_MS);
  };
};
