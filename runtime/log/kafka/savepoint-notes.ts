import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { Outgoing } from '../../kafka/outgoing.ts';
import { holderOf, SAVEPOINT } from '../holders.ts';
import type { TakenBackFacts } from './taken-back.ts';

type Holds = ReadonlyMap<string, number>;

/** What lies among what was heard, beside markers: under keys of their own, so that the last of each is always there. */
export type SavepointNote =
  /** What a savepoint needs, as first offsets by `topic/partition`; null when it is deleted. */
  { readonly holder: string; readonly holds: Holds | null } | { readonly takenBack: TakenBackFacts };

const TAKEN_BACK = 'taken-back';

export const holdsRecord = (topic: string, savepoint: string, holds: Holds | null): Outgoing => ({
  topic,
  partition: 0,
  key: holderOf(savepoint),
  value: holds === null ? null : Buffer.from(JSON.stringify({ holds: Object.fromEntries(holds) })),
  headers: [],
});

export const takenBackRecord = (topic: string, facts: TakenBackFacts): Outgoing => ({
  topic,
  partition: 0,
  key: TAKEN_BACK,
  value: Buffer.from(JSON.stringify({ takenBack: facts })),
  headers: [],
});

/** Undefined of everything else that is there. */
export const savepointNoteOf = ({
  key,
  value,
}: Pick<KafkaMessage, 'key' | 'value'>): SavepointNote | undefined => {
  const name = key?.toString() ?? '';
  if (name === TAKEN_BACK && value !== null)
    return JSON.parse(value.toString()) as { readonly takenBack: TakenBackFacts };
  if (!name.startsWith(SAVEPOINT)) return undefined;
  if (value === null || value.length === 0) return { holder: name, holds: null };
  const { holds } = JSON.parse(value.toString()) as { readonly holds: Readonly<Record<string, number>> };
  return { holder: name, holds: new Map(Object.entries(holds)) };
};
