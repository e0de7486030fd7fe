import type { FeedState } from '../feed-state.ts';
import type { Signal } from '../signal.ts';
import { signalOf } from './raise.ts';

const FEED = 'feed:';

/** Under this name a feed has its exception: it concerns no shipment by itself, and many. */
export const feedSubject = (feed: string): string => `${FEED}${feed}`;

export const isFeedSubject = (shipmentId: string): boolean => shipmentId.startsWith(FEED);

/** A feed that fell silent, or is back: one exception, however many shipments depend on it. */
export const silentFeed = ({ id, feed, state, quietSince, heardAt }: FeedState): Signal =>
  signalOf(state === 'silent' ? 'raised' : 'cleared', {
    shipmentId: feedSubject(feed),
    category: 'data_quality',
    topic: feedSubject(feed),
    kind: 'detected',
    at: quietSince,
    heardAt,
    cause: 'data',
    effect: 'unknown',
    party: 'third_party',
    evidence: { events: [id] },
  });
