import { describe, expect, it } from 'vitest';
import type { Action } from '../../domain/action.ts';
import type { OutcomeReport } from '../../domain/outcome-report.ts';
import type { TmsChange } from '../../domain/tms-change.ts';
import {
  contractOf,
  hourMs,
  minuteMs,
  planOf,
  promisedAt,
  signalOf,
  start,
  type Story,
  storyOf,
  trackingOf,
} from './case-story.ts';

const source = { feed: 'tms', document: 'd', position: 0, decoder: 'debezium/1', mapping: 'tms@1' };
const changeOf = (change: Partial<TmsChange> = {}): TmsChange => ({
  id: 'change-1',
  at: start + minuteMs,
  heardAt: start + minuteMs,
  source,
  shipmentId: 'S1',
  what: 'rebooked',
  by: 'dana',
  field: 'carrier',
  before: 'SAIA',
  after: 'ODFL',
  reason: 'none',
  amountMinor: null,
  currency: null,
  ...change,
});
const reportOf = (change: Partial<OutcomeReport>): OutcomeReport => ({
  id: 'report-1',
  at: start + hourMs,
  heardAt: start + hourMs,
  source,
  shipmentId: 'S1',
  exceptionId: null,
  actionId: null,
  what: 'worked',
  by: 'dana',
  reason: 'none',
  amountMinor: null,
  currency: null,
  ...change,
});
const actionsOf = ({ state }: Story): readonly Action[] => Object.values(state.actions);
const ofPeople = (story: Story): readonly Action[] =>
  actionsOf(story).filter(({ playbook }) => playbook === 'people');
const exceptionOf = ({ state }: Story) => Object.values(state.exceptions)[0]!;
/** A detected delay of a guaranteed customer: a planner is asked to expedite. */
const delayed = (): Story => {
  const story = storyOf(contractOf({ tier: 'guaranteed' }));
  story.tell({ kind: 'plan', plan: planOf() });
  story.tell({
    kind: 'signal',
    signal: signalOf({ kind: 'detected', probability: null, modelVersion: null }),
  });
  return story;
};
const delivered = (story: Story) =>
  story.tell({ kind: 'tracking', event: trackingOf({ status: 'delivered', at: promisedAt + 5 * hourMs }) })
    .outcomes[0];

describe('what a person does in the TMS', () => {
  it('is an action of theirs, and what we had planned of the same kind is called off', () => {
    const story = delayed();
    const planned = actionsOf(story).find(({ type }) => type === 'expedite')!;
    expect(planned.state).toBe('awaiting_approval');
    const step = story.tell({ kind: 'tms_change', change: changeOf({ what: 'expedited', reason: 'LATE' }) });
    expect(story.state.actions[planned.id]).toMatchObject({
      state: 'cancelled',
      decidedBy: 'dana',
      decidedReason: 'done_in_tms',
    });
    expect(ofPeople(story)).toMatchObject([
      {
        type: 'expedite',
        step: 'expedited',
        state: 'confirmed',
        decidedBy: 'dana',
        decidedReason: 'LATE',
        propensity: null,
        exceptionId: planned.exceptionId,
        facts: { before: 'SAIA', after: 'ODFL' },
      },
    ]);
    expect(step.exceptions).toMatchObject([
      { state: 'mitigated', changedBy: 'tms_change', changedRef: 'change-1' },
    ]);
    expect(delivered(story)?.actionsTaken).toContainEqual(
      expect.objectContaining({
        playbook: 'people',
        result: 'confirmed',
        decidedBy: 'dana',
        propensity: null,
      }),
    );
  });

  it('is not planned again for the same exception, however often that is judged', () => {
    const story = delayed();
    story.tell({ kind: 'tms_change', change: changeOf({ what: 'expedited' }) });
    story.tell({
      kind: 'signal',
      signal: signalOf({ id: 's2', kind: 'detected', expectedAt: promisedAt + 40 * hourMs }),
    });
    expect(
      actionsOf(story).filter(({ type, state }) => type === 'expedite' && state !== 'cancelled'),
    ).toHaveLength(1);
  });

  it('counts once although the feed tells it twice', () => {
    const story = delayed();
    story.tell({ kind: 'tms_change', change: changeOf() });
    const again = story.tell({ kind: 'tms_change', change: changeOf() });
    expect(again.actions).toEqual([]);
    expect(ofPeople(story)).toHaveLength(1);
  });

  it('acknowledges where it is a word and no act', () => {
    const story = delayed();
    story.tell({ kind: 'tms_change', change: changeOf({ what: 'reason_set', reason: 'WX' }) });
    expect(exceptionOf(story)).toMatchObject({ state: 'acknowledged', changedBy: 'tms_change' });
    expect(ofPeople(story)).toEqual([]);
  });

  it('is no answer to anything where nothing is wrong', () => {
    const story = storyOf(contractOf());
    story.tell({ kind: 'plan', plan: planOf() });
    expect(story.tell({ kind: 'tms_change', change: changeOf() })).toMatchObject({
      actions: [],
      exceptions: [],
    });
  });
});

describe('how things ended elsewhere', () => {
  it('goes into the outcome: whether an action worked, what it cost, what a claim brought', () => {
    const story = delayed();
    story.tell({ kind: 'tms_change', change: changeOf() });
    const actionId = ofPeople(story)[0]!.id;
    story.tell({
      kind: 'outcome_report',
      report: reportOf({ actionId, what: 'did_not_work', amountMinor: 4_500, currency: 'USD' }),
    });
    story.tell({
      kind: 'outcome_report',
      report: reportOf({ id: 'r2', what: 'reason', reason: 'capacity' }),
    });
    const outcome = delivered(story);
    expect(outcome).toMatchObject({ costMinor: 4_500, claimMinor: null, reportedReason: 'capacity' });
    expect(outcome?.actionsTaken).toContainEqual(
      expect.objectContaining({ id: actionId, reported: 'did_not_work', costMinor: 4_500 }),
    );
    const settled = story.tell({
      kind: 'outcome_report',
      report: reportOf({ id: 'r3', what: 'claim_settled', amountMinor: 9_000, currency: 'USD' }),
    });
    expect(settled.outcomes).toMatchObject([{ version: 2, claimMinor: 9_000, claimCurrency: 'USD' }]);
  });

  it('of an action that there is not changes nothing, and is said', () => {
    const story = delayed();
    const step = story.tell({ kind: 'outcome_report', report: reportOf({ actionId: 'nowhere' }) });
    expect(step.refusals).toEqual(['report report-1: no action nowhere']);
  });

  it('takes a claim that is opened when all is over', () => {
    const story = delayed();
    delivered(story);
    const change = changeOf({ what: 'claim_opened', amountMinor: 5_000, at: promisedAt + 6 * hourMs });
    const step = story.tell({ kind: 'tms_change', change });
    expect(step.outcomes).toMatchObject([{ version: 2, claimMinor: 5_000 }]);
    expect(step.outcomes[0]?.actionsTaken).toContainEqual(
      expect.objectContaining({ type: 'open_claim', decidedBy: 'dana' }),
    );
    const paid = changeOf({
      id: 'c2',
      what: 'claim_settled',
      amountMinor: 3_000,
      at: promisedAt + 9 * hourMs,
    });
    const settled = story.tell({ kind: 'tms_change', change: paid });
    expect(settled).toMatchObject({
      exceptions: [],
      refusals: [],
      outcomes: [{ version: 3, claimMinor: 3_000 }],
    });
  });
});
