export interface FollowerOptions {
  /** Takes all that is there and was not taken yet. */
  readonly catchUp: () => Promise<void>;
  readonly isStopped: () => boolean;
  /** Catching up threw; whoever does not stop the follower then has it go on at the next wake. */
  readonly onFailure: (error: unknown) => void;
}

export interface Follower {
  /** There is more: it is caught up with now, or after what is under way. */
  readonly wake: () => void;
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
}

/**
 * Catches up with a log, one time after the other, however often it is woken. Between its last look and its end nothing
 * can come: a wake in that gap would be heard by nobody.
 */
export const createFollower = ({ catchUp, isStopped, onFailure }: FollowerOptions): Follower => {
  let hasMore = false;
  let following: Promise<void> | undefined;
  const follow = async (): Promise<void> => {
    while (hasMore && !isStopped()) {
      hasMore = false;
      await catchUp().catch(onFailure);
    }
    following = undefined;
  };
  return {
    wake: () => {
      hasMore = true;
      following ??= follow();
    },
    idle: () => following ?? Promise.resolve(),
  };
};
