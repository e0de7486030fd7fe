import { ForewarnError } from '../../runtime/forewarn-error.ts';

/**
 * How far one partition has come in one table: everything below `next` is in; `[next, sealedTo)` is sealed, and has
 * been inserted or not; nothing above has been touched.
 */
export interface MirrorState {
  readonly next: number;
  readonly sealedTo: number;
  readonly epoch: number;
}

export const mirrorProducer = (table: string, partition: number): string => `mirror/${table}/${partition}`;

/** The same chunk has the same token for ever, and another chunk another one. */
export const chunkToken = (table: string, partition: number, from: number, to: number): string =>
  `mirror|${table}|${partition}|${from}-${to}`;

const FORMAT = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeMirrorState = (state: MirrorState): Uint8Array =>
  encoder.encode(JSON.stringify({ format: FORMAT, ...state }));

export const decodeMirrorState = (producer: string, bytes: Uint8Array | undefined): MirrorState => {
  if (bytes === undefined) return { next: 0, sealedTo: 0, epoch: 0 };
  const state = JSON.parse(decoder.decode(bytes)) as MirrorState & { readonly format: number };
  if (state.format !== FORMAT)
    throw new ForewarnError(
      'FW105',
      `state of "${producer}" has format ${state.format}, this version reads ${FORMAT}; start the version that wrote it.`,
    );
  return { next: state.next, sealedTo: state.sealedTo, epoch: state.epoch };
};
