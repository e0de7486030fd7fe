import type { Config } from '../../config/config.ts';
import { durationMs } from '../../duration.ts';
import { connectKafka } from '../../kafka/connection.ts';
import type { Engine } from '../../engine.ts';
import { GroupMember } from '../../kafka/group-member.ts';
import { kafkaNames } from '../../log/kafka/kafka-names.ts';
import { type NumberWork, Placement } from '../../placement/placement.ts';
import { sharesOf } from '../../placement/standbys.ts';
import { memberOf } from './member-of.ts';
import { standBy } from './stand-by.ts';

export interface SharedNumbersOptions {
  readonly settings: NonNullable<Config['log']['kafka']> & { readonly group: string };
  readonly work: NumberWork;
  readonly engine: Pick<Engine, 'standBy' | 'standDown'>;
  /** Who has which number, by name, as far as the log says. */
  readonly members: () => ReadonlyMap<number, string>;
  /** It cannot go on. */
  readonly onFailure: (error: unknown) => void;
  readonly note: (line: string) => void;
}

/** The partition numbers of this process, as the group shares them out. */
export interface SharedNumbers {
  /** Those that run here. */
  readonly here: readonly number[];
  /** Resolves when what was assigned first runs, which may be nothing. */
  join(): Promise<void>;
  /** Another process writes as this number. */
  fenced(number: number): void;
  /** Gives all, and leaves the group. */
  leave(): Promise<void>;
}

/** To give may take so long: the rest of the rebalance waits for it. */
const GIVE_WITHIN_MS = 20_000;

/** Joins the group of a line's processes, and takes and gives numbers as it says. */
export const sharedNumbers = ({
  settings,
  work,
  engine,
  members,
  onFailure,
  note,
}: SharedNumbersOptions): SharedNumbers => {
  const sessionMs = durationMs(settings.session);
  const own = memberOf(settings);
  const placement = new Placement({
    work,
    giveWithinMs: GIVE_WITHIN_MS,
    // By then whoever is not in the group any more has been told.
    againAfterMs: sessionMs,
    onFailure,
    note,
  });
  let member: GroupMember | undefined;
  let standing: { readonly stop: () => Promise<void> } | undefined;
  return {
    get here() {
      return placement.here;
    },
    join: async () => {
      const connection = await connectKafka(settings);
      member = await GroupMember.join({
        connection,
        group: `${settings.prefix}.${settings.group}`,
        member: own,
        topic: kafkaNames(settings.prefix).tasks,
        sessionMs,
        onAssigned: (numbers) => placement.assign(numbers),
        onRevoked: (numbers) => placement.revoke(numbers),
        onLost: (numbers) => placement.lose(numbers),
        onFailure,
        note,
      });
      await placement.idle();
      if (settings.standby === 0) return;
      standing = standBy({ member: own, shares: () => sharesOf(members(), own), engine, note });
    },
    fenced: (number) => placement.fenced(number),
    leave: async () => {
      await standing?.stop();
      await placement.stop();
      await member?.leave();
    },
  };
};
