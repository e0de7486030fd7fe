import type { KafkaError } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../forewarn-error.ts';
import { Membership, type MembershipOptions } from './membership.ts';
import { untilAnswered } from './until-answered.ts';

export interface GroupMemberOptions extends Omit<MembershipOptions, 'onEnd'> {
  /** It is no member any more, and it would be of no use to join again. */
  readonly onFailure: (error: unknown) => void;
}

/** Who is told so more often within a minute shares its name with another process, and both would go on in turns for ever. */
const TAKEN_FOR_ANOTHER = 2;
const WITHIN_MS = 60_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * A member of a consumer group that wants its share of a topic's partitions and none of its records: Kafka says which process
 * has which partition number. Cooperative: what does not move goes on while others join and leave.
 *
 * Kafka takes a member for another process of its name also where its own request to join was lost and sent again, as when a
 * broker is started anew. It then has lost what it had, and joins again.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  #membership: Membership | undefined;
  #has = new Set<number>();
  /** When it was taken for another, in milliseconds. */
  #endedAt: readonly number[] = [];
  #renewing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: GroupMemberOptions) {
    this.#options = options;
  }

  /** Resolves when it has its first share, which may be none. */
  static async join(options: GroupMemberOptions): Promise<GroupMember> {
    const member = new GroupMember(options);
    await member.#begin();
    return member;
  }

  /** Gives back what it has; as a static member it is missed only when the session time has passed. */
  async leave(): Promise<void> {
    this.#closed = true;
    await this.#renewing;
    await this.#membership?.leave();
  }

  async #begin(): Promise<void> {
    const { onAssigned, onRevoked, onLost } = this.#options;
    const has = new Set<number>();
    this.#has = has;
    // What a client says that is being let go is about shares that were lost with it.
    const isCurrent = (): boolean => this.#has === has;
    const left = (
      partitions: readonly number[],
      told: (partitions: readonly number[]) => Promise<void>,
    ): Promise<void> => {
      if (!isCurrent()) return Promise.resolve();
      for (const partition of partitions) has.delete(partition);
      return told(partitions);
    };
    this.#membership = await Membership.join({
      ...this.#options,
      onAssigned: (partitions) => {
        if (!isCurrent()) return;
        for (const partition of partitions) has.add(partition);
        onAssigned(partitions);
      },
      onRevoked: (partitions) => left(partitions, onRevoked),
      onLost: (partitions) => left(partitions, onLost),
      onEnd: (error) => {
        if (isCurrent()) this.#ended(error);
      },
    });
  }

  #ended(cause: KafkaError): void {
    const { group, member, note, onFailure } = this.#options;
    const now = performance.now();
    this.#endedAt = [...this.#endedAt.filter((at) => now - at < WITHIN_MS), now];
    if (this.#endedAt.length > TAKEN_FOR_ANOTHER) {
      this.#renewing = this.#renewing.then(() => this.#lose()).catch(onFailure);
      onFailure(
        new ForewarnError(
          'FW615',
          `log.kafka.member "${member}": another process has joined group "${group}" under this name; give each its own`,
          { cause },
        ),
      );
      return;
    }
    note(
      `kafka: group "${group}" takes member "${member}" for another process: ${cause.message}; it joins again`,
    );
    this.#renewing = this.#renewing.then(() => this.#renew()).catch(onFailure);
  }

  /** What it had is the other's. */
  async #lose(): Promise<void> {
    const lost = [...this.#has];
    const before = this.#membership;
    this.#has = new Set();
    await this.#options.onLost(lost);
    await before?.leave();
  }

  async #renew(): Promise<void> {
    await this.#lose();
    // A broker that is away is waited for.
    await untilAnswered(() => this.#begin(), {
      isNeeded: () => !this.#closed,
      againAfterMs: AGAIN_AFTER_MS,
      onAway: ({ message }) => this.#options.note(message),
    });
  }
}
