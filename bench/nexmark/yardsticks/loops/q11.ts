import { eventTime } from '../../events.ts';
import { SESSION_GAP_MS } from '../../times.ts';
import { everySecond } from './every-second.ts';
import type { MakeLoop } from './loop.ts';

// <q11>
interface Session {
  first: number;
  last: number;
  bids: number;
}

/** Puts a bid into the session that it belongs to; one that fills a gap makes one of the sessions on both sides. */
const insert = (sessions: Session[], time: number): void => {
  let joined: Session | undefined;
  for (let at = 0; at < sessions.length; at += 1) {
    const session = sessions[at]!;
    if (time <= session.first - SESSION_GAP_MS || time >= session.last + SESSION_GAP_MS) continue;
    if (joined === undefined) {
      joined = session;
      joined.bids += 1;
      if (time < joined.first) joined.first = time;
      if (time > joined.last) joined.last = time;
    } else {
      joined.bids += session.bids;
      if (session.first < joined.first) joined.first = session.first;
      if (session.last > joined.last) joined.last = session.last;
      sessions.splice(at, 1);
      return;
    }
  }
  if (joined === undefined) sessions.push({ first: time, last: time, bids: 1 });
};

export const q11: MakeLoop = (out) => {
  const bidders = new Map<number, Session[]>();
  const closeTo = (watermark: number): void => {
    for (const [bidder, sessions] of bidders) {
      let kept = 0;
      for (const session of sessions) {
        const end = session.last + SESSION_GAP_MS;
        if (end > watermark) sessions[kept++] = session;
        else out.add4(bidder, session.bids, session.first, end);
      }
      if (kept === 0) bidders.delete(bidder);
      else sessions.length = kept;
    }
  };
  const tick = everySecond(closeTo);
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { bidder } = event.bid;
        const sessions = bidders.get(bidder);
        if (sessions === undefined) bidders.set(bidder, [{ first: time, last: time, bids: 1 }]);
        else insert(sessions, time);
      }
      tick(time);
    },
    end: () => closeTo(Infinity),
  };
};
// </q11>
