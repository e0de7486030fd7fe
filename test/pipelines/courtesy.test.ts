import { describe, expect, it } from 'vitest';
import { clock, CourtesyStory, courtesyRules } from './courtesy-story.ts';

const storm = { causeId: 'storm-1' };
/** A message about a shipment of its own. */
const about = (n: number, change: object = {}) => ({
  id: `A${n}`,
  shipmentId: `S${n}`,
  exceptionId: `E${n}`,
  ...change,
});
const shape = ({ version, state, heldBecause, suppressedBecause }: Record<string, unknown>) => ({
  version,
  state,
  because: heldBecause ?? suppressedBecause,
});

describe('messages', () => {
  it('go at once by day, with thread, and without names where no directory is known', () => {
    const story = new CourtesyStory().at(clock('12:00')).action();
    expect(story.of('A1')).toMatchObject([{ version: 1, state: 'due', recipients: [], covers: [] }]);
    expect(story.of('A1')[0]!.thread).toMatch(/^[0-9a-f]{32}$/);
  });

  it('of one exception share a thread', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action()
      .action({ id: 'A2', news: 'arrives tomorrow' })
      .action(about(3));
    const threads = ['A1', 'A2', 'A3'].map((id) => story.of(id)[0]!.thread);
    expect(threads[0]).toBe(threads[1]);
    expect(threads[0]).not.toBe(threads[2]);
  });

  it('wait for the end of quiet hours', () => {
    const story = new CourtesyStory().at(clock('23:30')).action();
    expect(story.of('A1')).toMatchObject([
      { state: 'proposed', heldBecause: 'quiet_hours', heldUntil: clock('07:00', 1) },
    ]);
    story.at(clock('07:00', 1) - 1);
    expect(story.of('A1')).toHaveLength(1);
    story.at(clock('07:00', 1));
    expect(story.of('A1').map(shape)).toEqual([
      { version: 1, state: 'proposed', because: 'quiet_hours' },
      { version: 2, state: 'due', because: null },
    ]);
    expect(story.of('A1')[1]!.dueAt).toBe(clock('07:00', 1));
  });

  it('go at once by night when critical, or when the morning would be too late', () => {
    const facts = { severity: 50, promisedAt: clock('06:00', 1) };
    const story = new CourtesyStory()
      .at(clock('23:30'))
      .action(about(1, { facts: { severity: 80, promisedAt: null } }))
      .action(about(2, { facts }))
      .action(about(3, { expiresAt: clock('07:00', 1) }))
      .action(about(4, { facts: { ...facts, promisedAt: clock('08:00', 1) } }));
    expect(['A1', 'A2', 'A3', 'A4'].map((id) => story.of(id)[0]!.state)).toEqual([
      'due',
      'due',
      'due',
      'proposed',
    ]);
  });

  it('go by the clocks of the contacts where those agree', () => {
    // 21:30 UTC is 16:30 in New York; 12:00 UTC is 01:00 of the next day in Auckland.
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .directory('acme', [{ id: 'ann', zone: 'America/New_York' }])
      .directory('kiwi', [{ id: 'kim', zone: 'Pacific/Auckland' }])
      .action(about(2, { customerId: 'kiwi' }))
      .at(clock('21:30'))
      .action(about(1));
    expect(story.of('A1')[0]!.state).toBe('due');
    expect(story.of('A2').map(shape)).toEqual([
      { version: 1, state: 'proposed', because: 'quiet_hours' },
      { version: 2, state: 'due', because: null },
    ]);
    expect(story.of('A2')[0]!.heldUntil).toBe(clock('18:00'));
  });

  it('end the night at seven by the clock that is put forward in it', () => {
    // In Berlin 2026-03-29 begins at +1 and ends at +2: seven is 05:00 UTC.
    const story = new CourtesyStory()
      .at(Date.parse('2026-03-28T12:00:00Z'))
      .directory('acme', [{ id: 'bea', zone: 'Europe/Berlin' }])
      .at(Date.parse('2026-03-28T22:00:00Z'))
      .action();
    expect(story.of('A1')[0]!.heldUntil).toBe(Date.parse('2026-03-29T05:00:00Z'));
  });

  it('go to contacts of their role who have not opted out', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .directory('acme', [
        { id: 'ann' },
        { id: 'bob', optOut: ['mail'] },
        { id: 'cid', role: 'consignee', optOut: ['*'] },
      ])
      .action(about(1))
      .action(about(2, { type: 'notify_consignee' }))
      .action(about(3, { destination: 'sms' }))
      .directory('loner', [{ id: 'dan' }])
      .action(about(4, { customerId: 'loner', type: 'notify_consignee' }));
    expect(story.of('A1')[0]!.recipients.map(({ id }) => id)).toEqual(['ann']);
    expect(story.of('A2').map(shape)).toEqual([{ version: 1, state: 'suppressed', because: 'opted_out' }]);
    expect(story.of('A3')[0]!.recipients.map(({ id }) => id)).toEqual(['ann', 'bob']);
    expect(story.of('A4').map(shape)).toEqual([{ version: 1, state: 'suppressed', because: 'no_contact' }]);
  });

  it('heed an opt-out that comes in the night', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .directory('acme', [{ id: 'ann' }])
      .at(clock('22:00'))
      .action()
      .at(clock('23:00'))
      .directory('acme', [{ id: 'ann', optOut: ['*'] }])
      .at(clock('08:00', 1));
    expect(story.of('A1').map(shape).at(-1)).toEqual({
      version: 2,
      state: 'suppressed',
      because: 'opted_out',
    });
  });

  it('are cancelled when what they say was withdrawn, held or not', () => {
    const story = new CourtesyStory()
      .at(clock('20:00'))
      .action(about(1))
      .at(clock('22:00'))
      .action(about(2))
      .action(about(1, { state: 'cancelled' }))
      .action(about(2, { state: 'cancelled' }))
      .at(clock('12:00', 1));
    expect(story.of('A1').map(({ state }) => state)).toEqual(['due', 'cancelled']);
    expect(story.of('A2').map(({ state }) => state)).toEqual(['proposed', 'cancelled']);
  });

  it('that were never due are nobody’s business', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action({ state: 'awaiting_approval' })
      .action({ state: 'refused' });
    expect(story.of('A1')).toEqual([]);
  });
});

describe('one message per news', () => {
  it('suppresses what was told, and lets the next one go when the first comes to nothing', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action({ id: 'A1' })
      .action({ id: 'A2' })
      .action({ id: 'A3' })
      .action({ id: 'A1', state: 'failed' });
    expect(story.of('A2').map(shape)).toEqual([{ version: 1, state: 'due', because: null }]);
    expect(story.of('A3')).toEqual([]);
    story.action({ id: 'A2', state: 'sent' });
    expect(story.of('A3').map(shape)).toEqual([{ version: 1, state: 'suppressed', because: 'told_already' }]);
  });

  it('counts by shipment, audience and news, and for thirty days', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action({ id: 'A1' })
      .action({ id: 'A1', state: 'sent' })
      .action({ id: 'A2', type: 'notify_consignee' })
      .action({ id: 'A3', news: 'arrives tomorrow' })
      .action({ id: 'A4', shipmentId: 'S4' })
      .at(clock('11:00', 30))
      .action({ id: 'A5' })
      .at(clock('13:00', 30))
      .action({ id: 'A6' });
    expect(['A2', 'A3', 'A4', 'A5', 'A6'].map((id) => story.of(id)[0]!.state)).toEqual([
      'due',
      'due',
      'due',
      'suppressed',
      'due',
    ]);
  });

  it('tells again after an all-clear, which is never told already', () => {
    const clear = { step: 'all_clear:notify_customer', news: 'all clear', template: 'all_clear' };
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action({ id: 'A1' })
      .action({ id: 'A1', state: 'sent' })
      .action({ id: 'C1', ...clear })
      .action({ id: 'C1', state: 'sent' })
      .action({ id: 'C2', ...clear })
      .action({ id: 'A2' });
    expect(story.of('C2')[0]!.state).toBe('due');
    expect(story.of('A2')[0]!.state).toBe('due');
  });

  it('counts what was called off and had left all the same', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action({ id: 'A1' })
      .action({ id: 'A1', state: 'cancelled' })
      .action({ id: 'A1', state: 'sent' })
      .action({ id: 'A2' });
    expect(story.of('A2')[0]!.suppressedBecause).toBe('told_already');
  });
});

describe('a digest', () => {
  it('tells the first at once and the others of its cause ten minutes later, as one', () => {
    const story = new CourtesyStory().at(clock('12:00'));
    for (const n of [1, 2, 3]) story.action(about(n, storm));
    story
      .at(clock('12:09'))
      .action(about(4, storm))
      .action(about(5, { causeId: 'storm-2' }));
    story.at(clock('12:10') + 1);
    expect(story.of('A1').map(({ state }) => state)).toEqual(['due']);
    expect(story.of('A5').map(({ state }) => state)).toEqual(['due']);
    expect(story.of('A4').map(shape)).toEqual([{ version: 1, state: 'proposed', because: 'digest' }]);
    expect(story.digests()).toHaveLength(1);
    const [digest] = story.digests();
    expect(digest).toMatchObject({
      version: 1,
      state: 'due',
      shipmentId: 'S2',
      causeId: 'storm-1',
      facts: { category: 'delay', shipments: 3 },
    });
    expect(digest!.covers.map(({ actionId }) => actionId)).toEqual(['A2', 'A3', 'A4']);
  });

  it('goes on in the same rhythm, and stands alone for one', () => {
    const story = new CourtesyStory().at(clock('12:00'));
    for (const n of [1, 2, 3]) story.action(about(n, storm));
    story.at(clock('12:15')).action(about(4, storm)).at(clock('12:30'));
    expect(story.of('A4').map(({ state }) => state)).toEqual(['proposed', 'due']);
    expect(story.digests().map(({ covers }) => covers.length)).toEqual([2]);
    story.at(clock('12:45')).action(about(5, storm));
    expect(story.of('A5')[0]!.state).toBe('due');
  });

  it('loses what is withdrawn from it, and is cancelled when nothing is left', () => {
    const story = new CourtesyStory().at(clock('12:00'));
    for (const n of [1, 2, 3, 4]) story.action(about(n, storm));
    story.at(clock('12:05')).action(about(4, { state: 'cancelled' }));
    story.at(clock('12:11')).action(about(2, { state: 'cancelled' }));
    expect(
      story.digests().map(({ version, covers }) => [version, covers.map((one) => one.actionId)]),
    ).toEqual([
      [1, ['A2', 'A3']],
      [2, ['A3']],
    ]);
    story.action(about(3, { state: 'cancelled' }));
    const { id } = story.digests()[0]!;
    expect(story.of(id).map(({ version, state }) => [version, state])).toEqual([
      [1, 'due'],
      [2, 'due'],
      [3, 'cancelled'],
    ]);
  });

  it('says its end when all that it covers have theirs', () => {
    const story = new CourtesyStory().at(clock('12:00'));
    for (const n of [1, 2, 3]) story.action(about(n, storm));
    story.at(clock('12:11')).action(about(2, { state: 'sent' }));
    const { id } = story.digests()[0]!;
    expect(story.of(id)).toHaveLength(1);
    story.action(about(3, { state: 'sent' }));
    expect(story.of(id).map(({ version, state }) => [version, state])).toEqual([
      [1, 'due'],
      [2, 'sent'],
    ]);
  });

  it('is not told in quiet hours', () => {
    const story = new CourtesyStory().at(clock('20:55'));
    for (const n of [1, 2, 3]) story.action(about(n, storm));
    story.at(clock('06:59', 1));
    expect(story.digests()).toEqual([]);
    expect(story.of('A2').map(shape)).toEqual([
      { version: 1, state: 'proposed', because: 'digest' },
      { version: 2, state: 'proposed', because: 'quiet_hours' },
    ]);
    story.at(clock('07:30', 1));
    expect(story.of('A2').at(-1)!.state).toBe('due');
    expect(story.of('A3').at(-1)!.state).toBe('due');
  });

  it('is not waited for by what would come too late', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action(about(1, storm))
      .action(about(2, { ...storm, expiresAt: clock('12:05') }));
    expect(story.of('A2').map(({ state }) => state)).toEqual(['due']);
  });
});

describe('a budget', () => {
  const sms = { playbook: 'sms', step: 'call', destination: 'sms' };

  it('is kept for each customer, and over all of them, by day', () => {
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .action(about(1, sms))
      .action(about(2, sms))
      .action(about(3, { ...sms, customerId: 'bolt' }))
      .action(about(4, { ...sms, customerId: 'cord' }))
      .action(about(5, { ...sms, customerId: 'dyne', mandatory: true }))
      .action(about(6, { ...sms, mandatory: true }))
      .at(clock('12:00', 1))
      .action(about(7, { ...sms, customerId: 'cord' }));
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => shape(story.of(`A${n}`)[0]!).because ?? 'goes')).toEqual([
      'goes',
      'budget_spent',
      'goes',
      'budget_spent',
      'goes',
      'goes',
      'goes',
    ]);
  });

  it('of rules that came into force later counts from then on', () => {
    const tight = structuredClone(courtesyRules);
    const step = { ...tight.playbooks[0]!.steps[0]!, budget: { perDay: { costMinor: 5 } } };
    const story = new CourtesyStory()
      .at(clock('12:00'))
      .rules({ ...tight, playbooks: [{ ...tight.playbooks[0]!, steps: [step] }] });
    for (const n of [1, 2]) story.action(about(n, { ...sms, costMinor: 5, customerId: `c${n}` }));
    expect([1, 2].map((n) => story.of(`A${n}`)[0]!.state)).toEqual(['due', 'suppressed']);
  });

  it('also holds for what is no message, which nothing else holds', () => {
    const rebook = { ...sms, type: 'rebook' as const, news: null, causeId: 'storm-1' };
    const story = new CourtesyStory()
      .at(clock('23:30'))
      .action(about(1, rebook))
      .action(about(2, rebook))
      .action(about(3, { type: 'notify_carrier' }));
    expect([1, 2, 3].map((n) => story.of(`A${n}`)[0]!.state)).toEqual(['due', 'suppressed', 'due']);
    expect(story.of('A3')[0]!.thread).toBe('');
  });
});
