import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { action } from '../domain/action.ts';
import { causeRecord } from '../domain/cause-record.ts';
import { dispatch } from '../domain/dispatch.ts';
import { shipmentException } from '../domain/exception.ts';
import { outcome } from '../domain/outcome.ts';
import { Board } from './board.ts';
import { replaceFile } from '../runtime/durable-file.ts';

/** Next offset to read, by `topic/partition`. */
export type Positions = Record<string, number>;

const boardFile = z.object({
  format: z.literal([1, 2]),
  positions: z.record(z.string(), z.int().min(0)),
  board: z.object({
    exceptions: z.array(shipmentException),
    closed: z.array(shipmentException),
    actions: z.array(action),
    outcomes: z.array(outcome),
    // Format 1 knew nothing of these; their topics are read from the start.
    causes: z.array(causeRecord).default([]),
    dispatches: z
      .array(
        dispatch.pick({
          id: true,
          version: true,
          heardAt: true,
          state: true,
          heldUntil: true,
          heldBecause: true,
          suppressedBecause: true,
        }),
      )
      .default([]),
    notes: z
      .array(
        z.object({
          id: z.string(),
          exceptionId: z.string(),
          at: z.number(),
          by: z.string(),
          verdict: z.string(),
          note: z.string(),
        }),
      )
      .default([]),
    decided: z.array(z.object({ id: z.string(), verdict: z.string(), target: z.string() })).default([]),
    counts: z.object({
      raised: z.int(),
      actionsSent: z.int(),
      outcomes: z.int(),
      breaches: z.int(),
      toldInTime: z.int(),
    }),
  }),
});

/** Format 2 added causes, dispatches, notes and decisions; format 1 is read as one that has none of them yet. */
const format = 2;

/**
 * The board as it was last saved, with the positions up to which it had read. Undefined when there is none, or
 * one of another format or a damaged one: the board is made of the log alone and can always be made again.
 */
export const loadBoard = async (
  path: string,
): Promise<{ readonly board: Board; readonly positions: Positions } | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  const parsed = boardFile.safeParse(jsonOrNull(text));
  if (!parsed.success) return undefined;
  return { board: Board.restore(parsed.data.board), positions: parsed.data.positions };
};

export const saveBoard = (path: string, board: Board, positions: Positions): Promise<void> =>
  replaceFile(path, JSON.stringify({ format, positions, board: board.snapshot() }));

const jsonOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
