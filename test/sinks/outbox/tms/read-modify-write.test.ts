import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../../../sinks/outbox/channel.ts';
import { sampleAction } from '../sample-action.ts';
import { startFakeRestTms, type FakeRestTms, type Guard } from './fake-rest-tms.ts';
import { attempt, channelTo, mappingOf } from './rest-channel.ts';

const path = '/api/v2/orders/S-1';
const mapping = mappingOf(`
hold:
  - update:
      get: '/orders/{{ shipmentId }}'
      revision: revision
      set:
        - { path: due, value: '{{ facts.due }}' }
        - { path: 'stops[type=CN].note', value: '{{ facts.note }}' }
`);
const action = sampleAction({ type: 'hold', shipmentId: 'S-1', facts: { due: 'B', note: 'ours' } });
const whole = `{ "zebra" : 1.0,\n "revision": 1, "id": 12345678901234567890, "due": "A", "10": [], "2": null,
  "stops": [{"type":"SO","note":"x"}, {"type":"CN","note":"A","__proto__":{"a":1}}], "price": 1e2 }\n`;

let tms: FakeRestTms;
beforeEach(async () => {
  tms = await startFakeRestTms();
  tms.orders.set(path, whole);
});
afterEach(() => tms.close());

const orderNow = (): { due: string; stops: { note: string }[]; revision: number; [key: string]: unknown } =>
  JSON.parse(tms.orders.get(path) ?? '{}') as never;
const send = (number = 1, mayHaveIt = false, channel = channelTo(tms.url, mapping)): Promise<SendOutcome> =>
  channel.send(action, attempt(number, { mayHaveIt }));

describe('reading, changing and writing back a whole order, against our own fake of a REST TMS', () => {
  it.each<Guard>(['etag', 'revision', 'none'])(
    'with guard %s changes the fields and nothing else, byte for byte',
    async (guard) => {
      tms.guard = guard;
      expect(await send()).toEqual({ kind: 'sent', httpStatus: 200 });
      const put = tms.asked.find(({ method }) => method === 'PUT');
      expect(put?.body).toBe(
        whole.replace('"due": "A"', '"due": "B"').replace('"CN","note":"A"', '"CN","note":"ours"'),
      );
      expect(put?.headers).toMatchObject({
        'idempotency-key': 'action-1',
        'content-type': 'application/json',
      });
    },
  );

  it('reads again when somebody changed another field, and keeps both changes', async () => {
    tms.before = ({ method }, count) => {
      if (method === 'PUT' && count === 2) tms.change(path, (order) => (order['zebra'] = 'of a person'));
      return undefined;
    };
    expect((await send()).kind).toBe('sent');
    expect(orderNow()).toMatchObject({ zebra: 'of a person', due: 'B' });
  });

  it.each<Guard>(['etag', 'revision'])(
    'with guard %s leaves a field that a person has changed, and says so',
    async (guard) => {
      tms.guard = guard;
      let isChanged = false;
      tms.before = ({ method }) => {
        if (method === 'PUT' && !isChanged) {
          isChanged = true;
          tms.change(path, (order) => (order['due'] = 'of a person'));
        }
        return undefined;
      };
      expect(await send()).toEqual({
        kind: 'refused',
        error:
          'FW715 due of /orders/S-1 was "A" when it was read and is "of a person" now; a person has changed it, decide again',
      });
      expect(orderNow()).toMatchObject({ due: 'of a person', stops: [{ note: 'x' }, { note: 'A' }] });
    },
  );

  it('whose answer is lost finds its own values the next time, and writes no more', async () => {
    tms.before = ({ method }) => (method === 'PUT' ? 'act and hang up' : undefined);
    const channel = channelTo(tms.url, mapping);
    expect((await send(1, false, channel)).kind).toBe('unknown');
    expect((await send(2, true, channel)).kind).toBe('sent');
    expect(tms.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('whose answer was lost does not undo what a person did since, in this process or the next', async () => {
    tms.before = ({ method }) => (method === 'PUT' ? 'act and hang up' : undefined);
    const channel = channelTo(tms.url, mapping);
    expect((await send(1, false, channel)).kind).toBe('unknown');
    tms.before = () => undefined;
    tms.change(path, (order) => (order['due'] = 'of a person'));
    const nextProcess = await send(2, true);
    const sameProcess = await send(2, true, channel);
    expect([nextProcess, sameProcess].map(({ kind, error }) => [kind, error?.slice(0, 5)])).toEqual([
      ['refused', 'FW715'],
      ['refused', 'FW715'],
    ]);
    expect(orderNow().due).toBe('of a person');
  });

  it('tries a few times against one who changes it all the time, then later again', async () => {
    tms.before = ({ method }, count) => {
      if (method === 'PUT') tms.change(path, (order) => (order['zebra'] = count));
      return undefined;
    };
    expect((await send()).kind).toBe('retry');
    expect(tms.asked).toHaveLength(8);
    tms.before = () => undefined;
    expect((await send(2)).kind).toBe('sent');
  });

  it.each([
    ['{"due":"A","stops":[]}', 'refused', 'FW716 /orders/S-1 has no stops[type=CN].note'],
    ['no json', 'retry', 'gave no JSON'],
  ])('of %s is %s', async (text, kind, error) => {
    tms.orders.set(path, text);
    expect(await send()).toMatchObject({ kind, error: expect.stringContaining(error) as string });
    expect(tms.asked.some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('never loses a change of a person, wherever it falls and whichever answers are lost', async () => {
    const change = fc.record({
      /** Before which request it is made. */
      before: fc.integer({ min: 1, max: 12 }),
      field: fc.constantFrom('due', 'note', 'zebra'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Guard>('etag', 'revision'),
        fc.array(change, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
        fc.boolean(),
        async (guard, changes, losses, restarts) => {
          tms.guard = guard;
          tms.asked.length = 0;
          tms.orders.set(path, whole);
          /** Changes of people after our first reading; those before it are what we were asked to change. */
          const ofPeople = new Map<string, string>();
          let hasRead = false;
          tms.before = ({ method }, count) => {
            for (const [index, { before, field }] of changes.entries()) {
              if (before !== count) continue;
              const value = `person ${index}`;
              if (hasRead || field === 'zebra') ofPeople.set(field, value);
              tms.change(path, (order) => {
                if (field === 'note') (order['stops'] as { note: string }[])[1]!.note = value;
                else order[field] = value;
              });
            }
            if (losses.includes(count)) return 'act and hang up';
            hasRead ||= method === 'GET';
            return undefined;
          };
          let channel = channelTo(tms.url, mapping);
          let outcome: SendOutcome = { kind: 'retry' };
          let mayHaveIt = false;
          for (
            let number = 1;
            number <= 6 && (outcome.kind === 'retry' || outcome.kind === 'unknown');
            number++
          ) {
            outcome = await send(number, mayHaveIt, channel);
            mayHaveIt ||= outcome.kind === 'unknown';
            if (!restarts) continue;
            channel = channelTo(tms.url, mapping);
            if (mayHaveIt) continue;
            // Where nothing can have been written, a new process reads for the first time.
            hasRead = false;
            ofPeople.delete('due');
            ofPeople.delete('note');
          }
          const { due, stops, zebra } = orderNow();
          const now = new Map<string, unknown>([
            ['due', due],
            ['note', stops[1]?.note],
            ['zebra', zebra],
          ]);
          for (const [field, value] of ofPeople) expect([field, now.get(field)]).toEqual([field, value]);
          if (outcome.kind === 'sent' && ofPeople.size === 0)
            expect([due, stops[1]?.note]).toEqual(['B', 'ours']);
        },
      ),
      { numRuns: 100 },
    );
  });
});
