import { expect, it } from 'vitest';
import { overrides, takesBack, threadOf, versionedId } from '../../domain/event-version.ts';
import { advance, emptyProgress } from '../../domain/progress.ts';
import { stableId } from '../../domain/stable-id.ts';
import { trackingEvent, type TrackingEvent } from '../../domain/tracking-event.ts';

const thread = stableId('dcsa', 'feed', 'event-1');
const first = versionedId(thread, 1_000);
const second = versionedId(thread, 20_000);

it('lets a later version count instead of an earlier one, never the other way round and never instead of itself', () => {
  expect(overrides(second, first)).toBe(true);
  expect(overrides(first, second)).toBe(false);
  expect(overrides(first, first)).toBe(false);
  expect(overrides(versionedId(stableId('other'), 20_000), first)).toBe(false);
});

it('takes back each version of an event, or the one event that is named', () => {
  expect([first, second, thread].map((id) => takesBack(thread, id))).toEqual([true, true, true]);
  expect(takesBack(first, second)).toBe(false);
  expect(takesBack(stableId('other'), first)).toBe(false);
});

it('reads no version into ids of others', () => {
  for (const id of ['a@b', `${thread}@1`, `${thread.toUpperCase()}@000000000001000`, thread]) {
    expect(threadOf(id)).toBeNull();
  }
  expect(threadOf(first)).toBe(thread);
});

const heard = (changes: object): TrackingEvent =>
  trackingEvent.parse({
    at: 5_000,
    heardAt: 6_000,
    source: { feed: 'f', document: 'd', position: 0, decoder: 'test/1', mapping: null },
    shipmentId: 's',
    status: 'information',
    ...changes,
  });
const progressOf = (...events: readonly TrackingEvent[]) =>
  events.reduce((progress, event) => advance(progress, null, event), emptyProgress);

it('counts one event of several versions, in whichever order they come, and none once it is taken back', () => {
  const early = heard({ id: first, category: 'delay' });
  const late = heard({ id: second });
  for (const order of [
    [early, late],
    [late, early],
  ]) {
    expect(progressOf(...order)).toMatchObject({ eventCount: 1, troubleCount: 0 });
  }
  const retraction = heard({ id: 'r', retracts: thread, at: 7_000 });
  expect(progressOf(early, late, retraction).trail.map(({ id }) => id)).toContain(second);
  expect(progressOf(early, late, retraction)).toMatchObject({ eventCount: 1, troubleCount: 0 });
});

it('takes an estimated departure for no estimate of the delivery', () => {
  const estimate = (expects: string | null, estimatedAt: number): TrackingEvent =>
    heard({ id: `${expects}`, status: 'estimate', expects, estimatedAt });
  expect(progressOf(estimate('departed', 9_000)).estimatedAt).toBeNull();
  expect(progressOf(estimate('delivered', 9_000), estimate('departed', 1_000)).estimatedAt).toBe(9_000);
  expect(progressOf(estimate(null, 9_000)).estimatedAt).toBe(9_000);
});
