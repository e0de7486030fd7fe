/** The lowest offset of each place that is named, by `topic/partition`. */
export const firstOffsets = (
  offsets: Iterable<readonly [place: string, offset: number]>,
): Map<string, number> => {
  const first = new Map<string, number>();
  for (const [place, offset] of offsets) first.set(place, Math.min(offset, first.get(place) ?? Infinity));
  return first;
};
