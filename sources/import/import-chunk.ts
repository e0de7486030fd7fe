/** Some rows of a file, as a document that a decoder reads. The same file gives the same chunks. */
export interface ImportChunk {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** How much of the file has been read with it, from 0 to 1. */
  readonly share: number;
}

/** So many rows, or so many bytes, are one document. */
export const ROWS_AT_ONCE = 1_000;
export const BYTES_AT_ONCE = 1 << 20;
