import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../domain/action.ts';
import { plainDispatch } from '../../domain/courtesy/audience.ts';
import {
  decisionOf,
  hourMs,
  minuteMs,
  planOf,
  resultOf,
  signalOf,
  start,
  type Story,
  storyOf,
} from '../domain/case-story.ts';
import { rules } from '../rules/shipped-rules.ts';
import { fakePagerDuty } from '../sinks/outbox/channels/counterparts.ts';
import { type HttpCounterpart, parsed } from '../sinks/outbox/channels/http-counterpart.ts';

/** No playbook is for it, so the default one escalates to `desk`, which is PagerDuty here. */
const strange = signalOf({
  category: 'misroute',
  kind: 'detected',
  probability: null,
  topic: 'code',
  cause: 'other',
  party: 'carrier',
});
const standing = new Set(['desk']);

describe('an alert that is kept open until it is over, against our own fake of PagerDuty', () => {
  let fake: HttpCounterpart;
  beforeEach(async () => {
    fake = await fakePagerDuty();
  });
  afterEach(async () => {
    fake.channel.close?.();
    await fake.kill();
  });

  const events = (): readonly unknown[] =>
    fake.seen.map(({ body }) => {
      const { event_action: action, dedup_key: key } = parsed(body) ?? {};
      return [action, key];
    });
  const actions = ({ state }: Story): readonly Action[] => Object.values(state.actions);
  /** Sends what is due as the outbox does, and tells the case. */
  const dispatch = async (story: Story, now: number): Promise<void> => {
    for (const action of actions(story).filter(({ state }) => state === 'due')) {
      const { id, exceptionId } = action;
      const { kind } = await fake.channel.send(plainDispatch(action), {
        attempt: 1,
        signal: new AbortController().signal,
      });
      expect(kind).toBe('sent');
      const result = resultOf({ id: `result-${id}`, actionId: id, exceptionId, result: 'sent', at: now });
      story.tell({ kind: 'action_result', result }, now);
    }
  };
  const escalated = async (keepsOpen = standing) => {
    const story = storyOf(null, rules, keepsOpen);
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: strange });
    await dispatch(story, start + minuteMs);
    const [{ id: key } = { id: '' }] = Object.values(story.state.exceptions);
    expect(events()).toEqual([['trigger', key]]);
    return { story, key };
  };
  const told = (change: Partial<typeof strange>, minutes: number) =>
    ({
      kind: 'signal',
      signal: { ...strange, id: `signal-${minutes}`, heardAt: start + minutes * minuteMs, ...change },
    }) as const;

  it.each([
    ['resolved', 'cleared'],
    ['withdrawn', 'withdrawn'],
  ] as const)('is resolved once its exception is %s, and once only', async (state, signal) => {
    const { story, key } = await escalated();
    story.tell(told({ state: signal }, 10), start + 10 * minuteMs);
    expect(story.state.exceptions[key]?.state).toBe(state);
    await dispatch(story, start + 11 * minuteMs);
    story.until(start + 300 * hourMs);
    await dispatch(story, start + 300 * hourMs);
    expect(events()).toEqual([
      ['trigger', key],
      ['resolve', key],
    ]);
  });

  it('is resolved although the exception closes before the word has left', async () => {
    const { story, key } = await escalated();
    story.tell(told({ state: 'cleared' }, 10), start + 10 * minuteMs);
    story.until(start + 300 * hourMs);
    expect(story.state.exceptions[key]?.state).toBe('closed');
    await dispatch(story, start + 300 * hourMs);
    expect(events()).toEqual([
      ['trigger', key],
      ['resolve', key],
    ]);
  });

  it('is not resolved when its exception comes back before the word has left, and is when it ends again', async () => {
    const { story, key } = await escalated();
    story.tell(told({ state: 'cleared' }, 10), start + 10 * minuteMs);
    story.tell(told({ state: 'raised' }, 12), start + 12 * minuteMs);
    expect(story.state.exceptions[key]?.state).toBe('open');
    await dispatch(story, start + 13 * minuteMs);
    expect(events().filter((one) => (one as string[])[0] === 'resolve')).toEqual([]);
    story.tell(told({ state: 'cleared' }, 20), start + 20 * minuteMs);
    await dispatch(story, start + 21 * minuteMs);
    expect(events().at(-1)).toEqual(['resolve', key]);
  });

  it('is acknowledged when somebody acknowledges at the desk what called for it', async () => {
    const { story, key } = await escalated();
    const decision = decisionOf({
      exceptionId: key,
      verdict: 'acknowledge',
      at: start + 5 * minuteMs,
      heardAt: start + 5 * minuteMs,
    });
    story.tell({ kind: 'decision', decision }, start + 5 * minuteMs);
    expect(story.state.exceptions[key]?.state).toBe('acknowledged');
    await dispatch(story, start + 6 * minuteMs);
    story.tell(told({ state: 'cleared' }, 10), start + 10 * minuteMs);
    await dispatch(story, start + 11 * minuteMs);
    expect(events()).toEqual([
      ['trigger', key],
      ['acknowledge', key],
      ['resolve', key],
    ]);
  });

  it('has nothing to be told where the receiver keeps none open', async () => {
    const { story, key } = await escalated(new Set());
    story.tell(told({ state: 'cleared' }, 10), start + 10 * minuteMs);
    await dispatch(story, start + 11 * minuteMs);
    expect(events()).toEqual([['trigger', key]]);
  });
});
