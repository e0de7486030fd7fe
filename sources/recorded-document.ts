/**
 * A document as it once came in, with the log time at which it was heard; replay gives it to ingest as it is.
 * `text` of canonical JSON is NDJSON: one record a line, `{"type": "plan" | "tracking" | …, …fields}`, where
 * ingest adds `heardAt` and `source`.
 */
export interface RecordedDocument {
  readonly heardAt: number;
  /** Name of the feed, such as `cargo2000`. */
  readonly source: string;
  readonly contentType: string;
  readonly documentId: string;
  readonly text: string;
}
