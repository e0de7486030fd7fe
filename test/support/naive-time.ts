/** A row in a story, and the channel that it came by. */
export interface Told {
  readonly channel: number;
  readonly heardAt: number;
  readonly at: number;
}

/** Something that may raise the watermark: a row, or a channel that has been silent for long enough. */
export interface Moment<T extends Told> {
  readonly heardAt: number;
  /** Null where a channel became idle. */
  readonly row: T | null;
  /** Below it the row is late. */
  readonly origin: number;
  /** The task's watermark when the moment is over. */
  readonly watermark: number;
}

export interface NaiveTimeSettings {
  readonly channels: number;
  readonly disorderMs: number;
  readonly idleMs: number;
  readonly endsAt: number;
}

/**
 * Event time as it is described, worked out from the whole list of rows: for every channel its silences first, then
 * moment by moment. It shares no code with the engine's `Watermarks`.
 */
export const naiveTime = <T extends Told>(
  rows: readonly T[],
  { channels, disorderMs, idleMs, endsAt }: NaiveTimeSettings,
): readonly Moment<T>[] => {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  const begin = rows[0]?.heardAt ?? endsAt;
  const heardBy = (channel: number): readonly number[] => [
    begin,
    ...rows.filter((row) => row.channel === channel).map(({ heardAt }) => heardAt),
    endsAt,
  ];
  const silences = all.flatMap((channel) =>
    heardBy(channel).flatMap((heardAt, index, times) => {
      const next = times[index + 1];
      return next !== undefined && next > heardAt + idleMs ? [{ heardAt: heardAt + idleMs, channel }] : [];
    }),
  );
  const events = [
    ...rows.map((row) => ({ heardAt: row.heardAt, row, channel: row.channel })),
    ...silences.map(({ heardAt, channel }) => ({ heardAt, row: null, channel })),
  ].sort((a, b) => a.heardAt - b.heardAt || Number(a.row === null) - Number(b.row === null));
  const reached = all.map(() => -Infinity);
  const idle = new Set<number>();
  let watermark = -Infinity;
  return events.map(({ heardAt, row, channel }) => {
    let origin = -Infinity;
    if (row === null) idle.add(channel);
    else {
      // The others went on without it.
      if (idle.delete(channel)) reached[channel] = Math.max(reached[channel]!, watermark);
      origin = reached[channel]!;
      reached[channel] = Math.max(origin, row.at - disorderMs);
    }
    const awake = all.filter((one) => !idle.has(one)).map((one) => reached[one]!);
    if (awake.length > 0) watermark = Math.max(watermark, Math.min(...awake));
    return { heardAt, row, origin, watermark };
  });
};
