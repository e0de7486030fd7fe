import { ForewarnError } from '../forewarn-error.ts';

export interface UntilAnsweredOptions {
  /** False: nobody needs the answer any more. */
  readonly isNeeded: () => boolean;
  readonly againAfterMs: number;
  /** Each time that the brokers did not answer. */
  readonly onAway: (error: ForewarnError) => void;
}

/** Asks again while the brokers are away; undefined when nobody needs the answer any more. */
export const untilAnswered = async <T>(
  asked: () => Promise<T>,
  { isNeeded, againAfterMs, onAway }: UntilAnsweredOptions,
): Promise<T | undefined> => {
  while (isNeeded()) {
    try {
      return await asked();
    } catch (error) {
      if (!(error instanceof ForewarnError) || !error.retry) throw error;
      onAway(error);
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    }
  }
  return undefined;
};
