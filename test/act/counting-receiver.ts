import type { Dispatch } from '../../domain/dispatch.ts';
import type { Channel, SendOutcome } from '../../sinks/outbox/channel.ts';

/**
 * What happens to a request: the receiver acts and says yes; is broken; says no for good; the request is lost before
 * it acts, or its answer after; or it acts and never answers.
 */
export const answers = ['yes', '500', '422', 'lost', 'answer lost', 'hangs'] as const;
export type Answer = (typeof answers)[number];

/** The actions that a dispatch speaks for: those that a digest covers, else itself. */
export const spokenForBy = ({ id, covers }: Dispatch): readonly string[] =>
  covers.length === 0 ? [id] : covers.map(({ actionId }) => actionId);

export interface CountingReceiver {
  /** How often each idempotency key had an effect. */
  readonly effects: ReadonlyMap<string, number>;
  /** The keys under which each action was told. */
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly requests: number;
  /** A way to it; it recognises keys only where it is said to. */
  channel(deduplicates: boolean): Channel;
}

/** A receiver that outlives the process that sends to it, and counts; what it answers is said by others. */
export const countingReceiver = (
  nextAnswer: () => Answer,
  onRequest: (dispatch: Dispatch) => void,
): CountingReceiver => {
  const effects = new Map<string, number>();
  const keysOf = new Map<string, Set<string>>();
  let requests = 0;
  const act = (dispatch: Dispatch): void => {
    effects.set(dispatch.id, (effects.get(dispatch.id) ?? 0) + 1);
    for (const id of spokenForBy(dispatch)) keysOf.set(id, (keysOf.get(id) ?? new Set()).add(dispatch.id));
  };
  return {
    effects,
    keysOf,
    get requests() {
      return requests;
    },
    channel: (deduplicates) => ({
      deduplicates,
      send: async (dispatch): Promise<SendOutcome> => {
        requests += 1;
        onRequest(dispatch);
        const answer = nextAnswer();
        const isKnown = deduplicates && effects.has(dispatch.id);
        if (answer === '500') return { kind: 'retry', httpStatus: 503 };
        if (answer === 'lost') return { kind: 'unknown', error: 'lost on the way' };
        // It does not refuse what it has done.
        if (answer === '422' && !isKnown) return { kind: 'refused', httpStatus: 422 };
        if (!isKnown) act(dispatch);
        if (answer === 'answer lost') return { kind: 'unknown', error: 'lost on the way back' };
        if (answer === 'hangs') return new Promise<never>(() => undefined);
        return { kind: 'sent', httpStatus: 200 };
      },
    }),
  };
};
