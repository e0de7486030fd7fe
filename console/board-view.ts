import type { Board } from './board.ts';
import type { BoardView, Progress } from './page/contract.ts';

/** What a page shows at most: beyond a thousand lines nobody reads, and the gravest come first. */
export const rowLimit = 1_000;
const recentLimit = 50;

export const viewOf = (board: Board, progress: Progress, limit: number = rowLimit): BoardView => {
  const rows = board.openRows(limit);
  const totals = board.totals();
  return {
    rows,
    causes: board.causes(),
    recent: board.recentRows(recentLimit),
    more: totals.open - rows.length,
    totals,
    progress,
  };
};
