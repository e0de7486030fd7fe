import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { Channel, SendContext } from '../../../sinks/outbox/channel.ts';

/** What a receiver does with the next request, whatever its protocol calls it. */
export type Answer =
  /** Takes it. */
  | 'yes'
  /** Will never take it, and says back all that it was sent. */
  | 'no'
  /** Not now. */
  | 'busy'
  /** Not now, but in seven seconds. */
  | 'wait'
  /** Takes it and hangs up without a word. */
  | 'hang_up'
  /** Takes it and never answers. */
  | 'silence';

/** The other end of a channel, on loopback. */
export interface Counterpart {
  readonly channel: Channel;
  answer: Answer;
  /** Called once for each request that has come in whole. */
  onRequest: () => void;
  /** All that came in, as it stood on the wire, decoded where the protocol encodes it. */
  received(): readonly string[];
  /** Listens no more. */
  kill(): Promise<void>;
  /** What no error may show. */
  readonly secrets: readonly string[];
}

export interface ChannelContract {
  readonly name: string;
  /** Real, or a fake of ours, as the name of the suite says. */
  readonly counterpart: string;
  readonly start: () => Promise<Counterpart>;
  /** An action that this channel can send. */
  readonly action: () => Dispatch;
  /** What the channel does not have, with the reason. */
  readonly skips?: Partial<Record<'wait', string>>;
}

const context = (signal = new AbortController().signal): SendContext => ({ attempt: 1, signal });

/** What holds for every way out of the house: the outbox builds its guarantees on it. */
export const channelContract = ({ name, counterpart, start, action, skips = {} }: ChannelContract): void => {
  describe(`the contract of channels, kept by ${name} against ${counterpart}`, () => {
    let other: Counterpart;
    beforeEach(async () => {
      other = await start();
    });
    afterEach(async () => {
      other.channel.close?.();
      await other.kill();
    });
    const send = (answer: Answer, signal?: AbortSignal) => {
      other.answer = answer;
      return other.channel.send(action(), context(signal));
    };

    it('a yes is sent, and what was sent carries the id', async () => {
      const outcome = await send('yes');
      expect(outcome.kind).toBe('sent');
      expect(outcome.error).toBeUndefined();
      expect(other.received()).toHaveLength(1);
      expect(other.received()[0]).toContain(action().id);
    });

    it('a no is refused, and its error shows no secret though the receiver says them all', async () => {
      const outcome = await send('no');
      expect(outcome.kind).toBe('refused');
      expect(outcome.error).toMatch(/\S/);
      for (const secret of other.secrets) expect(outcome.error).not.toContain(secret);
    });

    it('a receiver that is busy is tried again', async () => {
      expect(await send('busy')).toMatchObject({ kind: 'retry' });
    });

    it.skipIf(skips.wait !== undefined)(
      `one that asks to wait is tried again after that time${skips.wait === undefined ? '' : ` (skipped: ${skips.wait})`}`,
      async () => {
        expect(await send('wait')).toMatchObject({ kind: 'retry', retryAfterMs: 7_000 });
      },
    );

    it('where nobody listens nothing was taken, and it is tried again', async () => {
      await other.kill();
      const outcome = await send('yes');
      expect(outcome.kind).toBe('retry');
      expect(outcome.error).toMatch(/ECONNREFUSED/);
      for (const secret of other.secrets) expect(outcome.error).not.toContain(secret);
    });

    it('nobody knows what became of it when the answer is lost', async () => {
      const outcome = await send('hang_up');
      expect(outcome.kind).toBe('unknown');
      expect(other.received()).toHaveLength(1);
    });

    it('nobody knows what became of it when the time is up', async () => {
      const ending = new AbortController();
      other.onRequest = () => ending.abort();
      expect(await send('silence', ending.signal)).toMatchObject({ kind: 'unknown' });
    });

    it('after each of these it gets through again', async () => {
      for (const answer of ['no', 'busy', 'hang_up'] as const) {
        await send(answer);
        expect((await send('yes')).kind).toBe('sent');
      }
    });

    it('never rejects, whatever the action says', async () => {
      for (const odd of ['', '\r\n', '../..', '<script>', '\u0000', '🚚'.repeat(50), '{{ id }}']) {
        const { kind } = await other.channel.send(
          {
            ...action(),
            id: odd,
            shipmentId: odd,
            exceptionId: odd,
            thread: odd,
            facts: { carrier: odd, currency: odd, promisedAt: odd },
          },
          context(),
        );
        expect(['sent', 'refused']).toContain(kind);
      }
    });

    it('drafts what it sends, without secrets', async () => {
      const drafts = (await other.channel.draft?.(action())) ?? [];
      expect(drafts).toHaveLength(1);
      for (const secret of other.secrets) expect(drafts[0]?.content).not.toContain(secret);
      expect(other.received()).toEqual([]);
    });
  });
};
