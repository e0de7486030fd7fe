import { MINUTE_MS, type View } from './view.ts';

/**
 * When silence begins to mean something of the shipment: `dueAt`, or once the feed that should tell of it is back and
 * has caught up. Null while the feed itself is silent: then nothing follows from hearing nothing.
 * due 10:00, feed silent 9:00–11:00, catching up 90 min → 12:30.
 */
export const silenceCounts = (
  { feeds, rules }: Pick<View, 'feeds' | 'rules'>,
  carrier: string,
  dueAt: number,
): number | null => {
  let counts = dueAt;
  for (const { state, carriers, quietSince, backAt } of feeds) {
    if (!carriers.includes(carrier)) continue;
    if (state === 'silent') return null;
    // An absence that was due before the feed fell silent is one.
    if (backAt > quietSince && dueAt > quietSince)
      counts = Math.max(counts, backAt + rules.feed.catchUpMin * MINUTE_MS);
  }
  return counts;
};
