import type { Engine } from '../../engine.ts';
import { type Shares, standbysOf } from '../../placement/standbys.ts';
import { repeatedly } from '../repeatedly.ts';

export interface StandByOptions {
  /** Name of this process in the group. */
  readonly member: string;
  /** Which numbers each process has. */
  readonly shares: () => Shares;
  readonly engine: Pick<Engine, 'standBy' | 'standDown'>;
  readonly note: (line: string) => void;
  readonly everyMs?: number;
}

/** Often enough that little is left to read, and seldom enough that reading is of use. */
const EVERY_MS = 2_000;

/** Keeps the state of those numbers ready that would come here if their process died. */
export const standBy = ({
  member,
  shares,
  engine,
  note,
  everyMs = EVERY_MS,
}: StandByOptions): { readonly stop: () => Promise<void> } => {
  let standing: readonly number[] = [];
  const look = async (): Promise<void> => {
    const mine = [...standbysOf(shares())].flatMap(([number, name]) => (name === member ? [number] : []));
    for (const number of standing) if (!mine.includes(number)) await engine.standDown(number);
    if (String(mine) !== String(standing))
      note(
        `stands by for ${mine.length === 0 ? 'no partition number' : `partition numbers ${mine.join(', ')}`}`,
      );
    standing = mine;
    for (const number of mine) await engine.standBy(number);
  };
  const looking = repeatedly({
    work: look,
    everyMs,
    onError: (error) => note(`standby: ${error instanceof Error ? error.message : String(error)}`),
  });
  return {
    stop: async () => {
      await looking.stop();
      for (const number of standing) await engine.standDown(number);
    },
  };
};
