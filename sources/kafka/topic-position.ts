import type { TopicBounds } from '../../runtime/kafka/topic-bounds.ts';

/** How far a foreign topic has been taken. */
export interface TopicPosition {
  /** The topic's own id, which another one of its name does not have. */
  readonly id: string;
  /** Counts the times that its offsets began to mean other records: part of the ids of its documents. */
  readonly incarnation: number;
  /** Next offset by partition. */
  readonly next: readonly number[];
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
 * Where reading goes on, and what is gone for good. A partition that is new is read from its first record, whatever
 * `start` says: it was made while we were there. At 120, and [100; 500) is there → 120; at 80 → 100, and [80; 100) is gone.
 */
export const goOnFrom = (
  known: TopicPosition | undefined,
  there: TopicBounds,
  start: 'earliest' | 'latest',
): GoingOn => {
  const lows = there.partitions.map(({ low }) => low);
  if (known === undefined) {
    const next = start === 'earliest' ? lows : there.partitions.map(({ end }) => end);
    return { position: { id: there.id, incarnation: 1, next }, gaps: [] };
  }
  if (known.id !== there.id) {
    return {
      position: { id: there.id, incarnation: known.incarnation + 1, next: lows },
      gaps: [{ partition: null, from: 0, to: 0, why: 'made-anew' }],
    };
  }
  const gaps: Gap[] = [];
  const next = there.partitions.map(({ low, end }, partition) => {
    const from = known.next[partition];
    if (from === undefined) return low;
    if (from < low) gaps.push({ partition, from, to: low, why: 'dropped' });
    if (from > end) gaps.push({ partition, from: end, to: from, why: 'cut' });
    return Math.min(Math.max(from, low), end);
  });
  // Offsets above the cut will be given to other records.
  const isCut = gaps.some(({ why }) => why === 'cut');
  return { position: { id: there.id, incarnation: known.incarnation + Number(isCut), next }, gaps };
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
