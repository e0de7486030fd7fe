import { describe, expect, it } from 'vitest';
import { labelled as labelledSchema, type Labelled } from '../../domain/labelled.ts';
import { labels } from '../../pipelines/labels.ts';
import { exceptions, labelled } from '../../pipelines/topics.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { exceptionOf } from '../domain/sample-exception.ts';
import { monday } from '../domain/sample-shipment.ts';
import { crashEverywhere } from '../support/crash-everywhere.ts';
import { day, type Heard, hour } from './carriers-story.ts';
import { actionHeard, outcomeHeard, predictionHeard } from './labels-story.ts';

const labelsAfter = (story: readonly Heard[], { until = 8 * day, cut = false } = {}): Labelled[] => {
  const said: Labelled[] = [];
  const run = new MemoryRun(labels(), {
    partitions: cut ? 3 : 1,
    onRows: (topic, { size, body }) => {
      expect(topic).toBe(labelled.name);
      for (let index = 0; index < size; index++) said.push(labelledSchema.parse(body.row(index)));
    },
  });
  const ordered = story.toSorted((a, b) => a.heardAt - b.heardAt);
  let next = 0;
  for (let now = 0; now <= until; now += hour) {
    for (; next < ordered.length && ordered[next]!.heardAt <= monday + now; next++) {
      const { topic, row, heardAt } = ordered[next]!;
      run.push(topic.name, row, heardAt);
      if (cut) run.flush();
    }
    run.tick(monday + now);
  }
  run.close();
  return said;
};

const only = (rows: readonly Labelled[]): Labelled => {
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

describe('labels', () => {
  it('are not there for a shipment under way, nor before all of its cohort could have one', () => {
    const early = [predictionHeard('S1', hour), outcomeHeard('S1', 30 * hour, 29 * hour)];
    expect(labelsAfter([predictionHeard('S2', hour)])).toEqual([]);
    expect(labelsAfter(early, { until: 5 * day - hour })).toEqual([]);
    expect(only(labelsAfter(early))).toMatchObject({
      id: 'P-S1-1',
      version: 1,
      label: 0,
      cause: 'none',
      heardAt: monday + 5 * day,
      predictedAt: monday + hour,
      knownAt: monday + 30 * hour,
      service: 'ltl',
    });
    const veryLate = [predictionHeard('S1', hour), outcomeHeard('S1', 7 * day, 6 * day)];
    expect(only(labelsAfter(veryLate))).toMatchObject({ label: 1, heardAt: monday + 7 * day });
  });

  it('are not there for predictions that had nothing left to foresee', () => {
    const story = [predictionHeard('S1', hour), predictionHeard('S1', 31 * hour)];
    expect(only(labelsAfter([...story, outcomeHeard('S1', 30 * hour, 29 * hour)])).id).toBe('P-S1-1');
  });

  it('have a next version once the outcome is corrected, and none where it says the same', () => {
    const story = [predictionHeard('S1', hour), outcomeHeard('S1', 30 * hour, 29 * hour)];
    const same = outcomeHeard('S1', 6 * day, 29 * hour, { version: 2 });
    const late = outcomeHeard('S1', 7 * day, 60 * hour, { version: 3 });
    const gone = outcomeHeard('S1', 7 * day + hour, 0, {
      version: 4,
      result: 'cancelled',
      deliveredAt: null,
      minutesLate: null,
    });
    const rows = labelsAfter([...story, same, late, gone]);
    expect(rows.map(({ version, label, heardAt }) => [version, label, (heardAt - monday) / day])).toEqual([
      [1, 0, 5],
      [2, 1, 7],
      [3, null, 7 + 1 / 24],
    ]);
  });

  it('say what was done between the prediction and the end, and only what may change the arrival', () => {
    const story = [
      predictionHeard('S1', hour),
      actionHeard('S1', 3 * hour),
      actionHeard('S1', 3 * hour, { id: 'mail', type: 'notify_customer' }),
      predictionHeard('S1', 4 * hour),
      actionHeard('S1', 40 * hour, { id: 'too-late' }),
      outcomeHeard('S1', 30 * hour, 29 * hour),
    ];
    const [before, after] = labelsAfter(story);
    expect(before).toMatchObject({ treated: true, holdOut: false, propensity: 1 });
    expect(before?.treatments).toEqual([{ actionId: 'A-S1', type: 'rebook', at: monday + 3 * hour }]);
    expect(after).toMatchObject({ id: 'P-S1-4', treated: false, treatments: [], propensity: 0 });
  });

  it('know what chance withheld, what it let go ahead though nothing came of it, and what people decided', () => {
    const ended = (shipmentId: string) => outcomeHeard(shipmentId, 30 * hour, 29 * hour);
    const rows = labelsAfter(
      ['held', 'ahead', 'people'].flatMap((id) => [
        predictionHeard(id, hour),
        actionHeard(id, 3 * hour, {
          ...(id === 'held' ? { state: 'held_out', propensity: 0.8, sentAt: null } : {}),
          ...(id === 'ahead' ? { state: 'cancelled', propensity: 0.8, sentAt: null } : {}),
          ...(id === 'people' ? { state: 'refused', propensity: null, sentAt: null } : {}),
        }),
        ended(id),
      ]),
    );
    const of = (id: string) => rows.find(({ shipmentId }) => shipmentId === id);
    expect(of('held')).toMatchObject({ treated: false, holdOut: true, treatments: [] });
    expect(of('held')?.propensity).toBeCloseTo(0.8, 9);
    expect(of('ahead')).toMatchObject({ treated: true, holdOut: false, treatments: [] });
    expect(of('people')).toMatchObject({ treated: false, holdOut: false, propensity: null });
  });

  it('name why it was late and what else was found, but nothing that was withdrawn', () => {
    const trouble = (id: string, heardAt: number, change: Parameters<typeof exceptionOf>[0]): Heard => ({
      topic: exceptions,
      heardAt: monday + heardAt,
      row: exceptionOf({
        id,
        shipmentId: 'S1',
        kind: 'detected',
        at: monday + heardAt,
        heardAt: monday + heardAt,
        ...change,
      }),
    });
    const story = [
      trouble('before', 0, { category: 'missing_scan', cause: 'none', severity: 90 }),
      predictionHeard('S1', hour),
      trouble('storm', 2 * hour, { category: 'weather', cause: 'weather', severity: 60 }),
      trouble('wrong', 2 * hour, { category: 'damage', cause: 'handling' as never, severity: 95 }),
      trouble('wrong', 3 * hour, { category: 'damage', version: 2, state: 'withdrawn', severity: 95 }),
      outcomeHeard('S1', 70 * hour, 60 * hour),
    ];
    expect(only(labelsAfter(story))).toMatchObject({ label: 1, cause: 'weather', happened: ['weather'] });
  });

  it('are the same however the batches are cut, and wherever the process or its machine dies', async () => {
    const story = [
      predictionHeard('S1', hour),
      predictionHeard('S2', 2 * hour),
      actionHeard('S1', 3 * hour),
      outcomeHeard('S1', 30 * hour, 29 * hour),
      outcomeHeard('S2', 31 * hour, 30 * hour),
      predictionHeard('S3', 6 * day),
      outcomeHeard('S1', 7 * day, 60 * hour, { version: 2 }),
    ];
    const sorted = (rows: readonly Labelled[]) => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(sorted(labelsAfter(story, { cut: true }))).toEqual(sorted(labelsAfter(story)));
    const { deaths, content } = await crashEverywhere(labels(), story, { every: 9 });
    expect(deaths).toBeGreaterThan(15);
    expect(content['labelled/0']).toMatch(/^3 /);
  });
});
