import { ForewarnError } from '../../runtime/forewarn-error.ts';

/**
 * How far one partition has come in one table: everything below `next` is in; `[next, sealedTo)` is sealed, and has
 * been inserted or not, and so are the chunks behind it that end at `more`; nothing above has been touched.
 */
export interface MirrorState {
  readonly next: number;
  readonly sealedTo: number;
  readonly more: readonly number[];
  readonly epoch: number;
  /** How often the data folder had been rewound when this began: what follows has offsets that other rows had before. */
  readonly generation: number;
}

export const mirrorProducer = (table: string, partition: number): string => `mirror/${table}/${partition}`;

/**
 * The same chunk has the same token for ever, and another chunk another one: after a rewind the same offsets may mean
 * other rows, so the generation is part of it.
 */
export const chunkToken = (
  table: string,
  partition: number,
  from: number,
  to: number,
  generation: number,
): string => `mirror|${table}|${partition}|${generation === 0 ? '' : `g${generation}|`}${from}-${to}`;

/** The second one has several chunks; where there is one only, the first is written. */
const FORMATS: readonly number[] = [1, 2];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeMirrorState = ({ generation, more, ...state }: MirrorState): Uint8Array =>
  encoder.encode(
    JSON.stringify({
      format: more.length === 0 ? 1 : 2,
      ...state,
      ...(more.length === 0 ? {} : { more }),
      ...(generation === 0 ? {} : { generation }),
    }),
  );

export const decodeMirrorState = (producer: string, bytes: Uint8Array | undefined): MirrorState => {
  if (bytes === undefined) return { next: 0, sealedTo: 0, more: [], epoch: 0, generation: 0 };
  const state = JSON.parse(decoder.decode(bytes)) as Omit<MirrorState, 'generation' | 'more'> & {
    readonly format: number;
    readonly more?: readonly number[];
    readonly generation?: number;
  };
  if (!FORMATS.includes(state.format))
    throw new ForewarnError(
      'FW105',
      `state of "${producer}" has format ${state.format}, this version reads ${FORMATS.join(' and ')}; start the version that wrote it.`,
    );
  const { next, sealedTo, more = [], epoch, generation = 0 } = state;
  return { next, sealedTo, more, epoch, generation };
};
