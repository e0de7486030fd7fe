import { blockNoise } from './block-noise.ts';
import { squaredDeviations } from './pelt.ts';
import { meanOf } from './sum-of.ts';

export interface ErrorBlock {
  /** Begin of the block, in event time. */
  readonly from: number;
  /** Mean error of its rows, such as the Brier score. */
  readonly error: number;
}

/** The blocks that are remembered, oldest first, and from which on the present level holds. Plain data, bounded. */
export interface ErrorShiftState {
  readonly blocks: readonly ErrorBlock[];
  /** Null: since the first block. */
  readonly levelFrom: number | null;
}

export interface ErrorShiftSettings {
  /** A new level is believed when it saves more than this many times ln(blocks) · noise². */
  readonly penalty: number;
  /** Blocks that a level must have lasted, before and after. */
  readonly minLength: number;
  /** Nothing is said before so many blocks are known: their noise has to be learned. */
  readonly warmUp: number;
  /** Blocks remembered at most. */
  readonly keep: number;
}

/**
 * For blocks of a day. BIC asks 2 · ln n for a change of a mean when the whole series is looked at once; this one
 * looks again after every block, so it asks for twice that. A level of less than five days is weather.
 */
export const errorShiftDefaults: ErrorShiftSettings = { penalty: 4, minLength: 5, warmUp: 28, keep: 400 };

export const errorShiftStart: ErrorShiftState = { blocks: [], levelFrom: null };

export interface ErrorShift {
  /** Begin of the first block of the new level. */
  readonly changedAt: number;
  readonly before: number;
  readonly after: number;
  /** How many times over the change pays its penalty. */
  readonly strength: number;
}

/**
 * Whether the error has moved to another level: the best place to split the blocks since the last change, against a
 * penalty (a likelihood ratio over all places, D. Siegmund and E. Venkatraman, Ann. Stat. 1995). Only the past is
 * known. Errors of .16 for 60 days and of .25 since Friday are told on Tuesday, with Friday as `changedAt`.
 */
export const observeError = (
  state: ErrorShiftState,
  block: ErrorBlock,
  settings: ErrorShiftSettings = errorShiftDefaults,
): { readonly state: ErrorShiftState; readonly shift: ErrorShift | null } => {
  const blocks = [...state.blocks, block].slice(-settings.keep);
  const same = { blocks, levelFrom: state.levelFrom };
  if (blocks.length < settings.warmUp) return { state: same, shift: null };
  const { levelFrom } = state;
  const since = levelFrom === null ? blocks : blocks.filter(({ from }) => from >= levelFrom);
  const noise = blockNoise(blocks.map(({ error }) => error));
  const shift = bestSplit(since, settings.minLength, settings.penalty * Math.log(blocks.length) * noise ** 2);
  return shift === null ? { state: same, shift } : { state: { blocks, levelFrom: shift.changedAt }, shift };
};

const bestSplit = (blocks: readonly ErrorBlock[], minLength: number, penalty: number): ErrorShift | null => {
  const errors = blocks.map(({ error }) => error);
  const cost = squaredDeviations(errors);
  let [most, at] = [penalty, -1];
  for (let split = minLength; split < errors.length; split++) {
    const saved = cost(0, errors.length) - cost(0, split) - cost(split, errors.length);
    if (saved > most) [most, at] = [saved, split];
  }
  const changed = blocks[at];
  // The likeliest begin is too fresh: it is judged when it has lasted, not by an earlier place that mixes old and new.
  if (changed === undefined || errors.length - at < minLength) return null;
  return {
    changedAt: changed.from,
    before: meanOf(errors.slice(0, at)),
    after: meanOf(errors.slice(at)),
    strength: most / penalty,
  };
};
