import { SESSION_GAP_MS } from '../times.ts';
import { ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle, Row } from './oracle.ts';

export const q11: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ bidder }) => bidder,
    (bids, bidder) => {
      const times = bids.map(({ dateTime }) => dateTime).sort((a, b) => a - b);
      const sessions: Row[] = [];
      let from = 0;
      for (let at = 1; at <= times.length; at += 1) {
        const last = times[at - 1]!;
        if (at < times.length && times[at]! - last < SESSION_GAP_MS) continue;
        sessions.push([bidder, at - from, times[from]!, last + SESSION_GAP_MS]);
        from = at;
      }
      return sessions;
    },
  );
