import { expect, it } from 'vitest';
import { overrides, takesBack, threadOf, versionedId } from '../../domain/event-version.ts';
import { stableId } from '../../domain/stable-id.ts';

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
