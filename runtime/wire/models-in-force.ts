import { isDeepStrictEqual } from 'node:util';
import type { Aliases, ModelDecision } from '../../domain/model-decision.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { ModelRegistry, NewDecision } from '../../models/registry.ts';
import { modelDecisions, modelsInForce } from '../../pipelines/topics.ts';
import type { LineLog } from '../log/log.ts';
import { appendRow, lastRowOf, rowsOf } from '../log/topic-rows.ts';

export interface ModelsInForceOptions {
  readonly log: Pick<LineLog, 'append' | 'partitionsOf' | 'read' | 'end' | 'begin' | 'closedUntil'>;
  readonly registry: ModelRegistry;
  /** Called when the log was told of something new: whoever serves looks again. */
  readonly changed?: () => Promise<void>;
}

export interface ModelsControl {
  readonly registry: ModelRegistry;
  readonly inForce: () => Readonly<Record<string, Aliases>>;
  /** Decides at log time, and tells the line. One after the other, whoever decides. */
  readonly decide: (decision: Omit<NewDecision, 'at'>) => Promise<ModelDecision>;
}

/**
 * Models are an event, as rules are. The registry's journal is what was decided; the topic `models-in-force` says from
 * which log time on it counts, for all tasks and for a replay alike; the topic `model-decisions` carries each decision with
 * its numbers to its table. A process that dies between the journal and the log tells the log at its next start: decisions
 * are known there by their ids.
 */
export const startModelsInForce = async ({
  log,
  registry,
  changed,
}: ModelsInForceOptions): Promise<ModelsControl> => {
  let told = (await lastRowOf(log, modelsInForce))?.models ?? null;
  /** Ids of the decisions that the log still has. */
  const recorded = new Set<string>();
  for await (const { id } of rowsOf(log, modelDecisions)) recorded.add(id);
  const tell = async (): Promise<void> => {
    const models: Record<string, Aliases> = {};
    for (const model of await registry.models()) {
      for (const decision of await registry.decisions(model)) {
        if (recorded.has(decision.id)) continue;
        await appendRow(log, modelDecisions, { ...decision, heardAt: log.closedUntil }, decision.id);
        recorded.add(decision.id);
      }
      models[model] = await registry.aliases(model);
    }
    if (isDeepStrictEqual(told, models)) return;
    const at = log.closedUntil;
    // The ordinal makes A → B → A three events, and the same one sent again none.
    const documentId = stableId('models-in-force', JSON.stringify(models), log.end(modelsInForce.name, 0));
    await appendRow(log, modelsInForce, { at, heardAt: at, models }, documentId);
    told = models;
  };
  await tell();

  let turn: Promise<unknown> = Promise.resolve();
  return {
    registry,
    inForce: () => told ?? {},
    decide: (decision) => {
      const made = turn.then(async () => {
        const one = await registry.decide({ ...decision, at: log.closedUntil });
        await tell();
        await changed?.();
        return one;
      });
      turn = made.catch(() => undefined);
      return made;
    },
  };
};
