import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { Place } from '../../kafka/pull-consumer.ts';
import { EXTERNAL, HEARD, type KafkaNames } from './kafka-names.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { KafkaView } from './kafka-view.ts';
import type { Lanes } from './lanes.ts';
import { heardOf } from './marker.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import { savepointNoteOf } from './savepoint-notes.ts';
import type { Stampers } from './stampers.ts';
import { TakenBack, type TakenBackFacts } from './taken-back.ts';

export interface RecoveryOptions {
  readonly names: KafkaNames;
  readonly probe: KafkaProbe;
  readonly lanes: Lanes;
  readonly view: KafkaView;
  /** Is told what savepoints need. */
  readonly retention: KafkaRetention;
  /** Where processes share the line. */
  readonly stampers: Stampers | undefined;
}

/**
 * Brings back what was committed when a process begins: first those are fenced that had its producers before, then the markers
 * are read that say what counts. The records that came after them are for whoever follows.
 */
export class Recovery {
  readonly #options: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Nobody of before can commit as one of these producers any more, and what they had begun is ended. */
  async fence(owns: (producer: string) => boolean): Promise<void> {
    const { names, probe, lanes } = this.#options;
    const mine = new Set<string>();
    // Also of transactions that were never ended, which hold back all that lies behind them.
    await probe.readAll(names.commits, 'uncommitted', ({ key }) => {
      const producer = key?.toString() ?? '';
      if (owns(producer)) mine.add(producer);
    });
    if (owns(EXTERNAL)) mine.add(HEARD);
    await Promise.all([...mine].map((producer) => lanes.of(producer).claim()));
  }

  /** Counts the last commit of each producer, and learns what is left out of the log. Answers from where the topics of markers are to be followed. */
  async readMarkers(): Promise<readonly Place[]> {
    const { names, probe, view, retention, stampers } = this.#options;
    const found: { takenBack?: TakenBackFacts } = {};
    const take = (message: KafkaMessage): void => {
      const note = savepointNoteOf(message);
      if (note !== undefined) {
        if ('takenBack' in note) found.takenBack = note.takenBack;
        else retention.keep(note.holder, note.holds);
        return;
      }
      const said = heardOf(message);
      if (said === null || 'needs' in said) return;
      if ('producer' in said) {
        if (said.takesBack === true || said.epoch > view.epoch(said.producer)) view.count(said);
        for (const [topic, partition, end] of said.ends) view.knowEnd(`${topic}/${partition}`, end);
      }
      if (said.sharing !== undefined) stampers?.heard(said.sharing, said.frontier);
    };
    const next = await Promise.all(
      [names.commits, names.heard].map(async (topic): Promise<Place> => ({
        topic,
        partition: 0,
        offset: await probe.readAll(topic, 'committed', take),
      })),
    );
    if (found.takenBack !== undefined) view.takeBack(new TakenBack(found.takenBack));
    view.settle();
    if (stampers !== undefined) {
      const topic = names.frontiers;
      next.push({ topic, partition: 0, offset: (await probe.watermarks(topic, 0)).high });
    }
    return next;
  }
}
