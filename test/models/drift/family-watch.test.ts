import { describe, expect, it } from 'vitest';
import { alarmPolicyDefaults } from '../../../models/drift/alarm-policy.ts';
import { familyQuality, type ServedRow } from '../../../models/drift/family-quality.ts';
import { observeFamily } from '../../../models/drift/family-watch.ts';
import type { Finding } from '../../../models/drift/finding.ts';
import { modelWatchStart } from '../../../models/drift/model-watch.ts';
import type { Family } from '../../../models/families/family.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CHANGE = 45;
const DAYS = 70;
const labels = ['weather', 'mechanical', 'other'];

interface World {
  /** Hours by which deliveries come after what the models of arrivals knows. */
  readonly laterHours?: number;
  /** The causes have changed places. */
  readonly swapped?: boolean;
  /** How many times as often the category comes to pass. */
  readonly times?: number;
}

/** Eighty predictions that are right on average, except for what the world has become. */
const dayOf = (number: number, { laterHours = 0, swapped = false, times = 1 }: World): ServedRow[] => {
  const random = seededRandom(number + 1);
  return Array.from({ length: 80 }, () => {
    const p50 = number * DAY_MS + random() * DAY_MS;
    const spread = (random() + random() + random() - 1.5) * 6 * HOUR_MS;
    const risk = 0.05 + 0.2 * random();
    const [first, second] = random() < 0.7 ? labels : [labels[1]!, labels[0]!];
    return {
      eta: { p10: p50 - 3 * HOUR_MS, p50, p90: p50 + 3 * HOUR_MS },
      cause: { code: labels[0]!, probability: 0.7 },
      risks: { damage: risk },
      end: {
        late: random() < 0.6 ? 1 : 0,
        deliveredAt: p50 + spread + laterHours * HOUR_MS,
        cause: (swapped ? second : first)!,
        happened: random() < risk * times ? ['damage'] : [],
      },
    };
  });
};

const told = (family: Family, change: World): readonly Finding[] => {
  let [state, usual] = [modelWatchStart, null as number | null];
  const alarms: Finding[] = [];
  for (let day = 0; day < DAYS; day++) {
    const quality = familyQuality(family, dayOf(day, day >= CHANGE ? change : {}), labels);
    const from = day * DAY_MS;
    const block = { from, closedAt: from + 5 * DAY_MS, quality };
    const observed = observeFamily('f@1', state, block, usual, alarmPolicyDefaults);
    ({ state, usual } = observed);
    alarms.push(...observed.alarms);
  }
  return alarms.filter(({ grade }) => grade === 'retrain');
};

const families: readonly (readonly [Family, World])[] = [
  [{ kind: 'eta' }, { laterHours: 5 }],
  [{ kind: 'cause' }, { swapped: true }],
  [{ kind: 'category', category: 'damage' }, { times: 3.5 }],
];

describe('the watch of what is served beside the judged model', () => {
  it.each(families)('finds an error of %o and dates it', (family, change) => {
    const [first, ...more] = told(family, change);
    expect(first).toMatchObject({ kind: 'error-shift', subject: 'f@1' });
    expect(Math.abs(first!.since - CHANGE * DAY_MS)).toBeLessThanOrEqual(2 * DAY_MS);
    expect(first!.at).toBeLessThanOrEqual((CHANGE + 8 + 5) * DAY_MS);
    expect(more).toEqual([]);
  });

  it.each(families)('says nothing of %o while it errs as ever, whatever the others do', (family) => {
    const others = families.filter(([other]) => other.kind !== family.kind).map(([, change]) => change);
    expect(told(family, Object.assign({}, ...others))).toEqual([]);
  });

  it('measures arrivals by pinball loss and coverage, causes by those told wrong, a category by Brier', () => {
    const rows = Array.from({ length: 20 }, (_, day) => dayOf(day, {})).flat();
    const arrivals = familyQuality({ kind: 'eta' }, rows, []);
    expect(arrivals?.rows).toBe(rows.length);
    expect(arrivals?.coverage).toBeGreaterThan(0.5);
    const one: ServedRow = {
      eta: { p10: 0, p50: 60 * 60_000, p90: 120 * 60_000 },
      cause: { code: 'other', probability: 0.75 },
      risks: { damage: 0.2 },
      end: { late: 1, deliveredAt: 150 * 60_000, cause: 'customs', happened: ['damage'] },
    };
    // Missed by 150, 90 and 30 minutes: (.1 · 150 + .5 · 90 + .9 · 30) ÷ 3.
    expect(familyQuality({ kind: 'eta' }, [one], [])).toMatchObject({ rows: 1, error: 29, coverage: 0 });
    expect(familyQuality({ kind: 'cause' }, [one], labels)).toMatchObject({ error: 0, rows: 1 });
    expect(familyQuality({ kind: 'cause' }, [one], ['weather'])).toMatchObject({ error: 1 });
    expect(familyQuality({ kind: 'category', category: 'damage' }, [one], [])?.error).toBeCloseTo(0.64, 10);
  });

  it('leaves out what has no end yet, was rescued, or was late for no cause that anybody told', () => {
    const [open] = dayOf(1, {}).map((row) => ({ ...row, end: null }));
    const [row] = dayOf(1, {});
    const unknown = { ...row!, end: { ...row!.end!, late: 1 as const, cause: 'unknown' } };
    expect(familyQuality({ kind: 'eta' }, [open!], [])).toBeNull();
    expect(familyQuality({ kind: 'cause' }, [open!, unknown], labels)).toBeNull();
    expect(familyQuality({ kind: 'category', category: 'damage' }, [open!], [])).toBeNull();
  });
});
