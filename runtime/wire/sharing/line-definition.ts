import { z } from 'zod';
import { ForewarnError } from '../../forewarn-error.ts';
import type { Pipeline } from '../../graph.ts';
import type { LineLog } from '../../log/log.ts';
import { codeVersion } from '../../package-root.ts';
import { stateGraph } from '../../savepoint/graph.ts';
import { planFor } from '../../savepoint/plan.ts';
import { graphOf } from '../savepoints.ts';

/**
 * Of the rows that tasks write for each other. It is counted up with a change that the version before cannot read: a field
 * that it needs is gone, or means something else. One field more is no such change.
 */
export const ROWS_FORMAT = 2;

const FORMAT = 1;
const definition = z.object({
  format: z.literal(FORMAT),
  codeVersion: z.string(),
  rows: z.int(),
  graph: stateGraph,
});
type Definition = z.infer<typeof definition>;
/** What can be read of one whatever its format is. */
const anyDefinition = z.object({ codeVersion: z.string() });

export interface LineDefinitionOptions {
  readonly log: Pick<LineLog, 'lastStates' | 'epoch' | 'commit' | 'onAdvance'>;
  readonly pipelines: readonly Pipeline[];
  readonly partitions: number;
  /** State of steps that are gone is left behind. */
  readonly allowLoss: boolean;
  /** Of the code that runs here. */
  readonly version?: { readonly code: string; readonly rows: number };
}

/** The code of this process beside that of the others, which may be of another version for as long as an upgrade lasts. */
export interface LineDefinition {
  /** FW423 when another process has written rows that this one cannot read. */
  check(): Promise<void>;
  /** Checks again as soon as another process takes a number; answers how to stop that. */
  watch(onMisfit: (error: unknown) => void): () => void;
  /**
   * Before the tasks of a number start: FW423 when their state was made by code that this one cannot go on from. Else it is
   * written down, by the number's transactional id, that from now on it is made by this one.
   */
  take(number: number): Promise<void>;
}

const PREFIX = 'definition/';
const producerOf = (number: number): string => `${PREFIX}${number}`;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const lineDefinition = ({
  log,
  pipelines,
  partitions,
  allowLoss,
  version = { code: codeVersion, rows: ROWS_FORMAT },
}: LineDefinitionOptions): LineDefinition => {
  const here: Definition = {
    format: FORMAT,
    codeVersion: version.code,
    rows: version.rows,
    graph: graphOf(pipelines, partitions),
  };
  const text = JSON.stringify(here);
  const check = async (): Promise<void> => {
    for (const written of (await log.lastStates(PREFIX)).values()) {
      const { rows, codeVersion: other } = parsed(written, version.code);
      if (rows > here.rows)
        throw misfit(
          `log.kafka.group: Forewarn ${other} writes rows of format ${rows} into this line, and this one (${version.code}) reads up to ${here.rows}`,
        );
    }
  };
  return {
    check,
    watch: (onMisfit) => {
      const seen = Array.from({ length: partitions }, (_, number) => log.epoch(producerOf(number)));
      return log.onAdvance(() => {
        let isNew = false;
        for (const [number, before] of seen.entries()) {
          const epoch = log.epoch(producerOf(number));
          if (epoch === before) continue;
          seen[number] = epoch;
          isNew = true;
        }
        if (isNew) check().catch(onMisfit);
      });
    },
    take: async (number) => {
      const producer = producerOf(number);
      const written = (await log.lastStates(PREFIX, number)).get(producer);
      if (written !== undefined) {
        if (decoder.decode(written) === text) return;
        const before = parsed(written, version.code);
        const { steps } = planFor({ name: producer, graph: before.graph }, here.graph);
        const bad =
          steps.find(({ fate }) => fate === 'cannot') ??
          steps.find(({ fate }) => !allowLoss && fate === 'loses');
        if (bad !== undefined)
          throw misfit(
            `partition number ${number}: step "${bad.step}" ${bad.fate === 'cannot' ? 'cannot keep' : 'would lose'} the state that Forewarn ${before.codeVersion} made: ${bad.reason}`,
            bad.mend,
          );
      }
      const epoch = log.epoch(producer) + 1;
      await log.commit({
        producer,
        epoch,
        frontier: 0,
        writes: [],
        state: encoder.encode(text),
        isWhole: true,
      });
    },
  };
};

const parsed = (written: Uint8Array, here: string): Definition => {
  const said: unknown = JSON.parse(decoder.decode(written));
  const result = definition.safeParse(said);
  if (result.success) return result.data;
  const other = anyDefinition.safeParse(said).data?.codeVersion ?? 'of another version';
  throw misfit(
    `log.kafka.group: this one (${here}) does not know how Forewarn ${other} goes on with this line`,
  );
};

const misfit = (what: string, mend = ''): ForewarnError =>
  new ForewarnError('FW423', `${what}; start that version here too${mend === '' ? '' : `, or ${mend}`}`);
