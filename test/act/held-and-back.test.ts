import { expect, it } from 'vitest';
import { contracts, plans, signals } from '../../pipelines/topics.ts';
import { contractOf, hourMs, planOf, promisedAt, signalOf, start } from '../domain/case-story.ts';
import { demandingRules } from '../domain/demanding-rules.ts';
import { deaths } from '../support/mortal-log.ts';
import { ActLine } from './act-line.ts';
import { countingReceiver } from './counting-receiver.ts';

const days = 3 * 24 * hourMs;
/** 23:00 five hours west of UTC: whoever has the terms of a standard customer sleeps. */
const night = start + 13 * hourMs;

it.each(['nobody dies', 'killed at each write'] as const)(
  'tells a customer in the morning of what was called off in the night and came back: %s',
  async (how) => {
    const receiver = countingReceiver(
      () => 'yes',
      () => undefined,
    );
    const line = await ActLine.begin({
      rules: demandingRules,
      receiver,
      destinations: { 'customer-notifications': true, tms: true, desk: true },
      startAt: night,
    });
    const signal = async (state: 'raised' | 'cleared', n: number): Promise<void> => {
      const expectedAt = promisedAt + days + 12 * hourMs;
      const row = { id: `signal-${n}`, state, at: line.now, heardAt: line.now, expectedAt, probability: 0.6 };
      await line.append(signals, signalOf(row));
      if (how === 'killed at each write')
        for (let atWrite = 1; atWrite < 6; atWrite++) {
          await line.live({ atWrite, how: deaths[atWrite % 2 === 0 ? 'before' : 'after'] });
          await line.decided();
        }
      await line.delivered();
      line.passTime(60_000);
    };
    try {
      await line.append(contracts, contractOf({ tier: 'standard' }));
      await line.append(plans, planOf({ promisedAt: promisedAt + days, valueMinor: 0 }));
      await signal('raised', 1);
      const [held] = line.dispatches().filter(({ step }) => step === 'tell');
      expect(held).toMatchObject({ state: 'proposed', heldBecause: 'quiet_hours' });
      await signal('cleared', 2);
      expect(line.versionsOf(held!.id).at(-1)).toMatchObject({
        state: 'cancelled',
        decidedReason: 'never_left',
      });
      await signal('raised', 3);
      line.passTime(9 * hourMs);
      await line.delivered();
      const told = line.actions().filter(({ step, state }) => step === 'tell' && state === 'sent');
      expect(told).toHaveLength(1);
      expect(told[0]!.id).not.toBe(held!.id);
      expect(receiver.effects.get(told[0]!.id)).toBe(1);
      expect(receiver.effects.has(held!.id)).toBe(false);
    } finally {
      await line.end();
    }
  },
);
