import type { ClickHouseClient } from '@clickhouse/client';
import type { Retraining } from '../../../domain/retraining.ts';
import { familyOf } from '../../../models/families/family.ts';
import { freshRows, rowsToLearnFrom } from '../../../models/training/rows-to-learn-from.ts';
import {
  type LearnableRow,
  type RowLineage,
  trainingRowsOf,
} from '../../../sinks/clickhouse/training-rows.ts';
import type { Config } from '../../config/config.ts';
import { durationMs } from '../../duration.ts';
import type { ModelsControl } from '../models-in-force.ts';
import { parentTrees } from './parent-trees.ts';
import { trainVersion } from './train-version.ts';

const DAY_MS = 86_400_000;

interface KnownRows {
  readonly rows: readonly LearnableRow[];
  readonly lineage: RowLineage;
}

/** Without the newest days: of those only what ended at once, or should have, has a label yet. */
export const rowsKnownAt = (
  now: number,
  { client, settings }: { readonly client: ClickHouseClient; readonly settings: Config['models'] },
): Promise<KnownRows> => {
  const from = now - durationMs(settings.retrain.learnFrom);
  const to = now - durationMs(settings.watch.settle);
  return trainingRowsOf(client, { from, to, asOf: now, population: 'untreated' });
};

/** What tells the two labels of a family apart. */
const isOneOf = (model: string) => {
  const family = familyOf(model);
  return ({ label, happened }: LearnableRow): boolean =>
    family.kind === 'category' ? happened.includes(family.category) : label === 1;
};

/**
 * Whether a request can be met. An alarm comes before the labels of the new world do: a collapse is known after a day or two of late
 * shipments, and a version that was trained then would learn the old world once more. A request waits until the new one
 * has rows enough, looked at once a day, and no longer than a cool-down: a collapse of day 36 that is found on day 38 is
 * learned from on day 45 or so where shipments are many, on day 52 at the latest.
 */
export const ripeness = (coolDownMs: number) => {
  const lookedAt = new Map<string, number>();
  return async (
    { id, model, at, changedAt }: Retraining,
    now: number,
    known: () => Promise<KnownRows>,
  ): Promise<boolean> => {
    if (changedAt === null || now - at >= coolDownMs) return true;
    if (now - (lookedAt.get(id) ?? -Infinity) < DAY_MS) return false;
    lookedAt.set(id, now);
    const isRipe = freshRows((await known()).rows, changedAt, isOneOf(model)) !== null;
    // What was ripe stays so: training may have to wait for another challenger, and is tried at the next look.
    if (isRipe) lookedAt.delete(id);
    return isRipe;
  };
};

/** A version of the model from what is known of the world as it has become, and from the champion's trees. Resolves to the version. */
export const trainAnew = async (
  { model, changedAt }: Retraining,
  { rows, lineage }: KnownRows,
  { registry, decide }: Pick<ModelsControl, 'registry' | 'decide'>,
  signal: AbortSignal,
): Promise<string> => {
  const learned = rowsToLearnFrom(rows, changedAt, isOneOf(model));
  const { version } = await trainVersion({
    registry,
    decide,
    model,
    rows: learned,
    from: await parentTrees(registry, model, learned),
    data: { kind: 'logged outcomes, untreated', changedAt, ...lineage },
    by: 'retraining',
    signal,
  });
  return version;
};
