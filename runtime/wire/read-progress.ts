import type { BoardFeed } from '../../console/board-feed.ts';
import type { Progress } from '../../console/page/contract.ts';
import { wallClock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';

/** The running line in numbers; the rate is over the time since it was last asked, at least a quarter of a second. */
export const readProgress = (
  log: LineLog,
  engine: Engine,
  board: BoardFeed,
  rows: () => number,
): (() => Progress) => {
  let before = { at: wallClock.now(), rows: 0, rate: 0 };
  return () => {
    const now = wallClock.now();
    if (now - before.at >= 250) {
      before = { at: now, rows: rows(), rate: ((rows() - before.rows) * 1_000) / (now - before.at) };
    }
    const totals = board.board.totals();
    return {
      at: log.closedUntil,
      recordsPerSec: before.rate,
      openShipments: engine.keysOf('on-the-way'),
      exceptions: totals.raised,
      actions: totals.actionsSent,
      outcomes: totals.outcomes,
      watermarkLagSec: engine.watermarkLagMs('watch', log.closedUntil) / 1_000,
    };
  };
};
