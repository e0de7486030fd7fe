import { z } from 'zod';
import type { Action } from '../domain/action.ts';
import type { ShipmentException } from '../domain/exception.ts';
import { actions, exceptions } from '../pipelines/topics.ts';
import type { Log } from '../runtime/log/log.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';

/** An exception or an action as it stood at the end of a run, without what only says when it was computed. */
const decidedException = z.object({
  id: z.string(),
  shipmentId: z.string(),
  category: z.string(),
  kind: z.string(),
  state: z.string(),
  severity: z.number(),
  cause: z.string(),
  party: z.string(),
  playbook: z.string().nullable(),
  raisedAt: z.number(),
  /** How many there were of it. */
  versions: z.number(),
});
const decidedAction = z.object({
  id: z.string(),
  exceptionId: z.string(),
  shipmentId: z.string(),
  type: z.string(),
  playbook: z.string(),
  step: z.string(),
  authority: z.string(),
  state: z.string(),
  destination: z.string().nullable(),
  versions: z.number(),
});
export type DecidedException = z.infer<typeof decidedException>;
export type DecidedAction = z.infer<typeof decidedAction>;

/** What a run of recorded input decided, and by what. */
export const decidedRun = z.object({
  format: z.literal(1),
  codeVersion: z.string(),
  rules: z.string(),
  model: z.string(),
  documents: z.number(),
  /** Log time, milliseconds; null for all. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  exceptions: z.array(decidedException),
  actions: z.array(decidedAction),
});
export type DecidedRun = z.infer<typeof decidedRun>;

/** What was decided at or after `from`, in the order of ids. */
export const decidedIn = async (
  log: Log,
  from: number | null,
): Promise<Pick<DecidedRun, 'exceptions' | 'actions'>> => ({
  exceptions: (await lastVersions(log, exceptions, from)).map(([row, versions]) =>
    exceptionOf(row, versions),
  ),
  actions: (await lastVersions(log, actions, from)).map(([row, versions]) => actionOf(row, versions)),
});

const lastVersions = async <T extends { readonly id: string; readonly heardAt: number }>(
  log: Log,
  topic: Parameters<typeof rowsOf<T>>[1],
  from: number | null,
): Promise<readonly (readonly [T, number])[]> => {
  const found = new Map<string, readonly [T, number]>();
  for await (const row of rowsOf(log, topic)) {
    if (from !== null && row.heardAt < from) continue;
    found.set(row.id, [row, (found.get(row.id)?.[1] ?? 0) + 1]);
  }
  return [...found.values()].sort(([a], [b]) => (a.id < b.id ? -1 : 1));
};

const exceptionOf = (
  { id, shipmentId, category, kind, state, severity, cause, party, playbook, raisedAt }: ShipmentException,
  versions: number,
): DecidedException => ({
  id,
  shipmentId,
  category,
  kind,
  state,
  severity,
  cause,
  party,
  playbook,
  raisedAt,
  versions,
});

const actionOf = (
  { id, exceptionId, shipmentId, type, playbook, step, authority, state, destination }: Action,
  versions: number,
): DecidedAction => ({
  id,
  exceptionId,
  shipmentId,
  type,
  playbook,
  step,
  authority,
  state,
  destination,
  versions,
});
