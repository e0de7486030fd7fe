import type { ShipmentTruth } from '../../sources/simulated/truth.ts';
import type { Alarm, Name } from './alarms.ts';
import { type Truth, type TruthKind, truthsOf } from './truths.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What is foreseen may be raised so long before it comes, if it still stands then; nothing in this world is known earlier. */
const FORESEEN_MS = 72 * HOUR_MS;
/** What is said to have happened has: clocks of carriers may differ by so much. */
const DETECTED_MS = HOUR_MS;
/** What is over may still be told so long after: carriers report up to nine hours late, and one sends by the hour. */
const TOLD_MS = 12 * HOUR_MS;
/** A cause explains that the promise was missed when it cost at least this part of the time that was lost. */
const EXPLAINS_SHARE = 0.25;

/** Which truths a category speaks of, the best first: those of its own name, or its family's where nobody says why. */
const speaksOf: Readonly<Record<string, readonly TruthKind[]>> = {
  weather: ['weather'],
  port_congestion: ['port_congestion'],
  terminal_operations: ['customs', 'port_congestion', 'carrier_operations'],
  mechanical: ['mechanical'],
  carrier_operations: ['carrier_operations', 'missed_connection'],
  road_conditions: ['traffic'],
  missed_pickup: ['missed_pickup'],
  missed_connection: ['missed_connection', 'late'],
  missed_delivery: ['late'],
  misroute: ['misroute'],
  customs_hold: ['customs'],
  address: ['address'],
  facility_closed: ['facility_closed'],
  refused: ['refused'],
  return: ['returned'],
  damage: ['damage'],
  loss: ['loss'],
  delay: ['late'],
  delay_predicted: ['late'],
  visibility_lost: ['late'],
};

export interface CategoryScore {
  readonly category: string;
  readonly raised: number;
  readonly true: number;
  /** Minutes from when it truly began (for lateness: from the promise) until it was raised; negative is ahead of it. */
  readonly delaysMin: readonly number[];
}

/** What was raised of one shipment: by its last name it is true or false, and under an earlier one it may have told more. */
export interface Judged {
  readonly truth: ShipmentTruth;
  readonly truths: readonly Truth[];
  readonly alarms: readonly {
    readonly alarm: Alarm;
    readonly last: Name;
    /** The truth that it is about by its last name; undefined for a false one. */
    readonly about: Truth | undefined;
    /** All that it has told of, by any of its names. */
    readonly told: readonly Truth[];
  }[];
}

export interface Score {
  readonly shipments: number;
  readonly affected: number;
  readonly raised: number;
  readonly true: number;
  readonly toFind: number;
  readonly found: number;
  /** Raised on affected shipments, and the causes that they have. */
  readonly ofAffected: number;
  readonly causes: number;
  readonly categories: readonly CategoryScore[];
}

/** Whether it was raised about this: of the same leg where both name one, not before its time, and not after. */
const isAbout = ({ leg, until }: Alarm, { isForeseen, namedAt }: Name, truth: Truth): boolean => {
  if (leg !== null && truth.leg !== null && leg !== truth.leg) return false;
  const earliest = truth.from - (isForeseen ? FORESEEN_MS : DETECTED_MS);
  return namedAt >= earliest && namedAt <= truth.until + TOLD_MS && until >= truth.from;
};

/** Each alarm with the truth that it is about, each truth taken once: a second alarm about it is false. */
export const judgeAlarms = (truth: ShipmentTruth, alarms: readonly Alarm[]): Judged => {
  const truths = truthsOf(truth);
  const taken = new Set<Truth>();
  const judged = alarms.map((alarm) => {
    const abouts = alarm.names.map((name) => {
      const about = (speaksOf[name.category] ?? [])
        .flatMap((kind) => truths.filter((one) => one.kind === kind))
        .find((one) => !taken.has(one) && isAbout(alarm, name, one));
      if (about !== undefined) taken.add(about);
      return about;
    });
    const told = abouts.filter((one) => one !== undefined);
    return { alarm, last: alarm.names.at(-1)!, about: abouts.at(-1), told };
  });
  return { truth, truths, alarms: judged };
};

const isFound = (truth: Truth, { alarms }: Judged): boolean =>
  alarms.some(({ told }) =>
    told.some((one) => one === truth || (truth.kind === 'late' && one.share >= EXPLAINS_SHARE)),
  );

/** Causes of which there was reason to speak: what was found and what was to be, and that it is late where nothing says why. */
const causesIn = (judged: Judged): number => {
  const spoken = new Set(judged.alarms.flatMap(({ told }) => told));
  const kinds = new Set(
    judged.truths.filter((one) => one.isToFind || spoken.has(one)).map(({ kind }) => kind),
  );
  const explained = judged.alarms.some(({ told }) =>
    told.some(({ kind, share }) => kind !== 'late' && share >= EXPLAINS_SHARE),
  );
  return kinds.size - (kinds.has('late') && explained ? 1 : 0);
};

/**
 * What was raised against what truly was. An alarm is true when it speaks of something that was so of that shipment, on that
 * leg and at that time, and that no other has spoken of, by the name that it has at last. To be found is each missed promise and each cause that the documents
 * show; a promise is found to be in danger by an alarm that says so, or by one about what cost it.
 */
export const scoreOf = (judged: readonly Judged[]): Score => {
  const categories = new Map<string, { raised: number; true: number; delaysMin: number[] }>();
  let [affected, raised, isTrue, toFind, found, ofAffected, causes] = [0, 0, 0, 0, 0, 0, 0];
  for (const one of judged) {
    for (const { last, about } of one.alarms) {
      const score = categories.get(last.category) ?? { raised: 0, true: 0, delaysMin: [] };
      categories.set(last.category, score);
      score.raised += 1;
      raised += 1;
      if (about === undefined) continue;
      score.true += 1;
      isTrue += 1;
      const began = about.kind === 'late' ? one.truth.promisedAt : about.from;
      score.delaysMin.push((last.namedAt - began) / MINUTE_MS);
    }
    const wanted = one.truths.filter(({ isToFind }) => isToFind);
    toFind += wanted.length;
    found += wanted.filter((truth) => isFound(truth, one)).length;
    if (wanted.length === 0) continue;
    affected += 1;
    ofAffected += one.alarms.length;
    causes += causesIn(one);
  }
  return {
    shipments: judged.length,
    affected,
    raised,
    true: isTrue,
    toFind,
    found,
    ofAffected,
    causes,
    categories: [...categories]
      .map(([category, score]) => ({ category, ...score }))
      .sort((a, b) => b.raised - a.raised),
  };
};
