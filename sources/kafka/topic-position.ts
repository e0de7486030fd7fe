import type { TopicBounds } from '../../runtime/kafka/topic-bounds.ts';

/** How far a partition of a foreign topic has been taken. */
export interface PartitionPosition {
  /** The topic's own id, which another one of its name does not have. */
  readonly id: string;
  /** Counts the times that its offsets began to mean other records: part of the ids of its documents. */
  readonly incarnation: number;
  /** Offset of the next record. */
  readonly next: number;
}

/** How far a foreign topic has been taken, in those partitions that anybody has taken anything of. */
export interface TopicPosition {
  /** Partitions that it had when it was last looked at. */
  readonly seen: number;
  readonly partitions: Readonly<Record<number, PartitionPosition>>;
}

/** Records that we were to take and that are not there any more: [from; to) of a partition. */
export interface Gap {
  /** Null where the whole topic was made anew. */
  readonly partition: number | null;
  readonly from: number;
  readonly to: number;
  /**
   * `dropped`: retention has passed us, or somebody deleted records. `cut`: the partition ends before our position, as
   * after an election of a replica that was behind. `made-anew`: another topic has the name.
   */
  readonly why: 'dropped' | 'cut' | 'made-anew';
}

export interface GoingOn {
  readonly position: TopicPosition;
  readonly gaps: readonly Gap[];
}

/**
 * Where reading goes on in partitions of ours, and what is gone for good. A partition that is new is read from its first
 * record, whatever `start` says: it was made while we were there. At 120, and [100; 500) is there → 120; at 80 → 100, and
 * [80; 100) is gone.
 */
export const goOnFrom = (
  known: TopicPosition | undefined,
  there: TopicBounds,
  start: 'earliest' | 'latest',
  isOurs: (partition: number) => boolean = () => true,
): GoingOn => {
  const gaps: Gap[] = [];
  const { id } = there;
  /** Another topic had the name before. */
  const isMadeAnew = Object.values(known?.partitions ?? {}).some((at) => at.id !== id);
  const partitions: Record<number, PartitionPosition> = {};
  let isGone = false;
  for (const [partition, { low, end }] of there.partitions.entries()) {
    if (!isOurs(partition)) continue;
    const at = known?.partitions[partition];
    if (at === undefined) {
      const isNew = known !== undefined && (partition >= known.seen || isMadeAnew);
      partitions[partition] = { id, incarnation: 1, next: isNew || start === 'earliest' ? low : end };
      continue;
    }
    const { incarnation, next } = at;
    if (at.id !== id) {
      partitions[partition] = { id, incarnation: incarnation + 1, next: low };
      isGone = true;
    } else if (next > end) {
      gaps.push({ partition, from: end, to: next, why: 'cut' });
      // Offsets above the cut will be given to other records.
      partitions[partition] = { id, incarnation: incarnation + 1, next: end };
    } else {
      if (next < low) gaps.push({ partition, from: next, to: low, why: 'dropped' });
      partitions[partition] = { id, incarnation, next: Math.max(next, low) };
    }
  }
  if (isGone) gaps.push({ partition: null, from: 0, to: 0, why: 'made-anew' });
  return { position: { seen: there.partitions.length, partitions }, gaps };
};

/** In words, as the end of a sentence about the topic. */
export const wordsOf = ({ partition, from, to, why }: Gap): string => {
  if (why === 'made-anew')
    return 'was deleted and made again; what the old one still had behind our position is gone';
  const range = `records [${from}; ${to}) of partition ${partition}`;
  return why === 'dropped'
    ? `has lost ${range}, which were not taken yet: its retention was shorter than we were behind`
    : `ends before our position: ${range} were there and are not any more`;
};
