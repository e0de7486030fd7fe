import { modelsInForce } from '../../../pipelines/topics.ts';
import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine.ts';
import type { Pipeline } from '../../graph.ts';
import type { LineLog } from '../../log/log.ts';
import type { Deciding } from '../deciding.ts';
import { endAll, type Ends } from '../ends.ts';
import type { LineRules } from '../line-rules.ts';
import type { KafkaSinks } from '../start-kafka-sinks.ts';
import type { KafkaSources } from '../start-kafka-sources.ts';
import type { Scoring } from '../start-scoring.ts';
import type { Storage } from '../start-storage.ts';
import { followTopic, loadedNow } from './follow.ts';
import { lineDefinition } from './line-definition.ts';
import { type Lead, numberWork } from './number-work.ts';
import { type SharedNumbers, sharedNumbers } from './shared-numbers.ts';

export interface ShareLineParts {
  readonly settings: Config['log'];
  readonly log: LineLog;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly scoring: Scoring;
  readonly sources: KafkaSources | undefined;
  readonly sinks: KafkaSinks | undefined;
  /** Tells the log what those need that run here now. */
  readonly tellNeeds: () => void;
  readonly pipelines: readonly Pipeline[];
  readonly rules: Pick<LineRules, 'load' | 'atStart'>;
  /** State of steps that are gone is left behind. */
  readonly allowLoss: boolean;
  readonly startDeciding: Deciding['start'];
  /** What one process does for all of the line, until the ends are. */
  readonly startLead: (ends: Ends) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  readonly note: (line: string) => void;
}

/**
 * Gets ready to take part in a line whose partition numbers several processes share; nothing is taken before it joins.
 * Undefined where the line is this process's alone. FW423 where another process has written rows that this one cannot read.
 */
export const shareLine = async (parts: ShareLineParts, ends: Ends): Promise<SharedNumbers | undefined> => {
  const { settings, log, engine, storage, sources, sinks, tellNeeds, pipelines, rules, onFailure, note } =
    parts;
  const { kafka, partitions } = settings;
  const { numbers } = log;
  if (numbers === undefined || kafka?.group === undefined) return undefined;
  const leading: Ends = [];
  const lead: Lead = {
    begin: () => parts.startDeciding(loadedNow(rules.load, rules.atStart, note), leading),
    start: () => parts.startLead(leading),
    stop: (hurry) => endAll(leading, hurry),
  };
  const definition = lineDefinition({ log, pipelines, partitions, allowLoss: parts.allowLoss });
  ends.push(definition.watch(onFailure));
  await definition.check();
  const reload = (): void =>
    void parts.scoring.reload().catch((error: unknown) => note(`models: ${String(error)}`));
  ends.push(followTopic(log, modelsInForce.name, reload));
  return sharedNumbers({
    settings: { ...kafka, group: kafka.group },
    work: numberWork({ numbers, log, engine, storage, sources, sinks, tellNeeds, lead, definition }),
    engine,
    members: numbers.members,
    onFailure,
    note,
  });
};
