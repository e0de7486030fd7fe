import type { z } from 'zod';
import { stableId } from '../../../domain/stable-id.ts';
import type { DecodedEvent, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';

export interface RecordContext {
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
}

export type ReadRecord = DecodedEvent extends infer E
  ? E extends DecodedEvent
    ? Omit<E, 'position'>
    : never
  : never;
export type Refusal = { readonly code: 'FW402' | 'FW403'; readonly reason: string };
export type Reader = (record: Record<string, unknown>, context: RecordContext) => ReadRecord | Refusal;

/** Stands in while the record is checked; no sender's id can be this. */
export const NO_ID = '\u0000';

/** The record by its schema, or why not: a path and a rule, or a time that lies in the future. */
export const checked = <S extends z.ZodType<{ id: string; at: number }>>(
  schema: S,
  record: Record<string, unknown>,
  { document, settings }: RecordContext,
): { readonly value: z.infer<S> } | Refusal => {
  const result = schema.safeParse(record);
  if (!result.success) return { code: 'FW402', reason: firstIssue(result.error, record) };
  const value = result.data;
  if (value.at < 0) return { code: 'FW402', reason: `at: ${value.at} lies before 1970` };
  const precision = record['precision'] === 'day' ? 'day' : 'instant';
  const at = timeOfEvent(value.at, precision, document.heardAt, settings.maxFutureMs);
  if (at === null) {
    return { code: 'FW403', reason: futureReason(value.at, document.heardAt, settings.maxFutureMs) };
  }
  return { value };
};

export const withId = <V extends { readonly id: string }>(
  value: V,
  ...key: readonly (string | number | null)[]
): V => (value.id === NO_ID ? { ...value, id: stableId(...key) } : value);
