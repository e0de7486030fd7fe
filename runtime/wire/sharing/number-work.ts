import { allOf } from '../../all-of.ts';
import type { Engine } from '../../engine.ts';
import { everythingOf } from '../../log/holders.ts';
import type { LineLog, NumbersOfLog } from '../../log/log.ts';
import type { NumberWork } from '../../placement/placement.ts';
import type { Storage } from '../start-storage.ts';
import type { KafkaSinks } from '../start-kafka-sinks.ts';
import type { KafkaSources } from '../start-kafka-sources.ts';
import type { LineDefinition } from './line-definition.ts';

/** What runs in one process of the line only: where number 0 is. */
export interface Lead {
  /** What the tasks must find in the log, such as the rules in force. */
  readonly begin: () => Promise<void>;
  /** The rest: the dispatcher, learning, reviews, polling. */
  readonly start: () => Promise<void>;
  /** Ends what is under way; `hurry` where another process does the same already. */
  readonly stop: (hurry: boolean) => Promise<void>;
}

export interface NumberWorkParts {
  readonly numbers: NumbersOfLog;
  readonly log: Pick<LineLog, 'hold' | 'ends'>;
  readonly engine: Pick<Engine, 'take' | 'give' | 'drop' | 'producers'>;
  readonly storage: Pick<Storage, 'take' | 'mirror'>;
  /** What brings documents of foreign topics, where the line has any. */
  readonly sources: KafkaSources | undefined;
  /** What writes to foreign topics, where the line has any. */
  readonly sinks: KafkaSinks | undefined;
  /** Tells the log what those need that run here now. */
  readonly tellNeeds: () => void;
  readonly lead: Lead;
  readonly definition: Pick<LineDefinition, 'take'>;
}

/** The number whose process does for the line what one must do. */
export const LEADS = 0;

/** Under which name the log holds everything for a number until those have said what they need that begin with it. */
const taking = (number: number): string => `taking/${number}`;

/** What those of a number needed of the log is for others to say now. */
const letGo = (
  { log, engine, sinks }: Pick<NumberWorkParts, 'log' | 'engine' | 'sinks'>,
  number: number,
): void => {
  log.hold(taking(number), new Map());
  for (const name of engine.producers) if (name.endsWith(`/${number}`)) log.hold(name, new Map());
  sinks?.letGo(number);
};

/**
 * Everything that belongs to a partition number, started in the order log → tasks → tables → outbox → sinks → input, stopped the other way. From
 * its claim on it is this process that says what the number needs of the log, and whoever drops history believes it.
 */
export const numberWork = ({
  numbers,
  log,
  engine,
  storage,
  sources,
  sinks,
  tellNeeds,
  lead,
  definition,
}: NumberWorkParts): NumberWork => ({
  take: async (number) => {
    log.hold(taking(number), everythingOf(log));
    await numbers.take(number);
    await definition.take(number);
    if (number === LEADS) await lead.begin();
    await allOf([engine.take(number), storage.take(number)]);
    if (number === LEADS) await lead.start();
    sinks?.take(number);
    await sources?.take([number]);
    tellNeeds();
    log.hold(taking(number), new Map());
  },
  give: async (number) => {
    await sources?.give([number]);
    await sinks?.give(number);
    if (number === LEADS) await lead.stop(false);
    await storage.mirror.give(number);
    await engine.give(number);
    await numbers.give(number);
    letGo({ log, engine, sinks }, number);
  },
  // All at once: what waits for a transaction of the number ends when that can never be.
  drop: async (number) => {
    await Promise.all([
      numbers.give(number),
      engine.drop(number),
      storage.mirror.give(number),
      sources?.give([number]),
      sinks?.give(number),
      number === LEADS ? lead.stop(true) : undefined,
    ]);
    letGo({ log, engine, sinks }, number);
  },
});
