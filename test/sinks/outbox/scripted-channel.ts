import type { Action } from '../../../domain/action.ts';
import type { Channel, SendOutcome } from '../../../sinks/outbox/channel.ts';

export interface Send {
  readonly action: Action;
  readonly attempt: number;
}

export interface ScriptedChannel extends Channel {
  readonly sends: Send[];
  readonly ids: string[];
  running: number;
  mostRunning: number;
}

/** A channel whose answers are given by the test; `pending` outcomes never come. */
export const scriptedChannel = (
  answer: (send: Send) => SendOutcome | 'pending' | Promise<SendOutcome>,
  deduplicates = true,
): ScriptedChannel => {
  const channel: ScriptedChannel = {
    deduplicates,
    sends: [],
    running: 0,
    mostRunning: 0,
    get ids() {
      return channel.sends.map(({ action }) => action.id);
    },
    send: async (action, { attempt }) => {
      const send = { action, attempt };
      channel.sends.push(send);
      channel.running += 1;
      channel.mostRunning = Math.max(channel.mostRunning, channel.running);
      try {
        const outcome = await answer(send);
        return outcome === 'pending' ? await new Promise<never>(() => undefined) : outcome;
      } finally {
        channel.running -= 1;
      }
    },
  };
  return channel;
};
