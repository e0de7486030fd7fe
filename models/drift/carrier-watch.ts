import { type CellKeys, cellKeys } from './cell-keys.ts';
import { Circumstances, type CircumstancesState } from './circumstances.ts';
import { type Baseline, LateBaseline, type LateBaselineState } from './late-baseline.ts';
import {
  observeLate,
  oddsDetectorStart,
  type OddsDetectorState,
  scoreOf,
  thresholdFor,
} from './odds-detector.ts';

/** One shipment whose promise has passed, so that whether it was late is known. */
export interface CarrierLabel {
  readonly carrier: string;
  readonly lane: string;
  readonly service: string;
  /**
   * When it was known. Give labels in this order, and none before its promise has passed: those delivered early are
   * known early, and alone they would look too good.
   */
  readonly knownAt: number;
  readonly late: 0 | 1;
}

export interface CarrierWatchSettings {
  /** Over all carriers and cells; the threshold follows from it. */
  readonly labelsPerYear: number;
  /** Chance of one false alarm or more in a year, over all carriers and cells together. */
  readonly falseAlarmsPerYear: number;
  /** The odds of late may be so many times the usual before it counts as worse at all. */
  readonly tolerance: number;
  /**
   * Circumstances do not meet all carriers alike: what makes the others late f times as often may make this one late
   * f^(1 + unevenness) times as often. In a storm that doubles the odds of the others, .3 lets pass 2.5 times the odds.
   */
  readonly unevenness: number;
  /** A carrier or cell is judged once so many labels stand behind what is usual for it. */
  readonly minLabels: number;
}

export const carrierWatchDefaults: CarrierWatchSettings = {
  labelsPerYear: 250_000,
  falseAlarmsPerYear: 0.05,
  tolerance: 1.4,
  unevenness: 0.3,
  minLabels: 50,
};

export interface CarrierShift {
  readonly carrier: string;
  /** Null: over all its lanes and services; a service of null: over all that it runs on the lane. */
  readonly cell: { readonly lane: string; readonly service: string | null } | null;
  readonly at: number;
  /** Labels since the shift seems to have begun, and how many of them were late. */
  readonly labels: number;
  readonly late: number;
  /** How many would have been late as usual, under the same circumstances. */
  readonly expectedLate: number;
  readonly since: number;
}

interface Watched {
  scores: OddsDetectorState;
  /** Page's sum of log-likelihood ratios: zero as long as nothing speaks for a rise. */
  evidence: number;
  since: number;
  labels: number;
  late: number;
  expected: number;
}

/** Plain data, a few numbers a cell. */
export interface CarrierWatchState {
  readonly circumstances: CircumstancesState;
  readonly baseline: LateBaselineState;
  readonly watched: Readonly<Record<string, Readonly<Watched>>>;
}

/** Its cell, its carrier on its lane, its carrier. */
const DETECTORS_PER_LABEL = 3;
const ALL = 'all';
const TYPICAL_RISE = 5;
/** Where nothing is known of anybody. */
const COMMON: Baseline = { chance: 0.1, labels: 0 };

/**
 * Watches the on-time rate of each carrier × lane × service and of each carrier over all of them: a sequential test
 * with a stated rate of false alarms, which a label a week cannot frighten and a hundred a day convince within a
 * day. Usual is what the cell did before, times what the others on the lane are going through just now.
 */
export class CarrierWatch {
  readonly #settings: CarrierWatchSettings;
  readonly #threshold: number;
  readonly #circumstances: Circumstances;
  readonly #baseline: LateBaseline;
  readonly #watched: Map<string, Watched>;
  readonly #keys = new Map<string, CellKeys>();

  constructor(settings: CarrierWatchSettings = carrierWatchDefaults, state?: CarrierWatchState) {
    this.#settings = settings;
    this.#threshold = thresholdFor(settings.labelsPerYear, DETECTORS_PER_LABEL, settings.falseAlarmsPerYear);
    this.#circumstances = new Circumstances(state?.circumstances);
    this.#baseline = new LateBaseline(state?.baseline);
    this.#watched = new Map(Object.entries(state?.watched ?? {}).map(([key, of]) => [key, { ...of }]));
  }

  /** After a shift is told, its evidence starts again from nothing. */
  observe({ carrier, lane, service, knownAt, late }: CarrierLabel): CarrierShift[] {
    const keys = this.#keysOf(carrier, lane, service);
    const all = this.#baseline.of(ALL, COMMON, knownAt);
    const ofCarrier = this.#baseline.of(keys.carrier, all, knownAt);
    const ofLane = this.#baseline.of(keys.carrierOnLane, ofCarrier, knownAt);
    const ofCell = this.#baseline.of(keys.cell, ofCarrier, knownAt);
    const factor = this.#circumstances.factor(keys, knownAt);
    const shifts: CarrierShift[] = [];
    const judge = (key: string, { chance, labels }: Baseline, cell: CarrierShift['cell']): void => {
      if (labels < this.#settings.minLabels) return;
      const usual = atOdds(chance, factor);
      const uncertain = 1 + Math.sqrt((1 - chance) / (chance * labels));
      const uneven = Math.max(1, factor) ** this.#settings.unevenness;
      const allowed = atOdds(chance, factor * uneven * this.#settings.tolerance * uncertain);
      const of = this.#observe(key, knownAt, late, usual, allowed);
      if (of !== null) shifts.push({ carrier, cell, at: knownAt, ...of });
    };
    judge(keys.cell, ofCell, { lane, service });
    judge(keys.carrierOnLane, { chance: ofCell.chance, labels: ofLane.labels }, { lane, service: null });
    judge(keys.carrier, { chance: ofCell.chance, labels: ofCarrier.labels }, null);
    this.#circumstances.learn(keys, knownAt, late, ofCell.chance);
    this.#baseline.learn(ALL, knownAt, late, factor);
    this.#baseline.learn(keys.carrier, knownAt, late, factor);
    this.#baseline.learn(keys.carrierOnLane, knownAt, late, factor);
    this.#baseline.learn(keys.cell, knownAt, late, factor);
    return shifts;
  }

  state(): CarrierWatchState {
    return {
      circumstances: this.#circumstances.state(),
      baseline: this.#baseline.state(),
      watched: Object.fromEntries([...this.#watched].map(([key, of]) => [key, { ...of }])),
    };
  }

  #keysOf(carrier: string, lane: string, service: string): CellKeys {
    const name = `${carrier}\n${lane}\n${service}`;
    let keys = this.#keys.get(name);
    if (keys === undefined) this.#keys.set(name, (keys = cellKeys(carrier, lane, service)));
    return keys;
  }

  #observe(key: string, at: number, late: 0 | 1, usual: number, allowed: number) {
    let watched = this.#watched.get(key);
    if (watched === undefined) this.#watched.set(key, (watched = nothingSeen(at)));
    watched.scores = observeLate(watched.scores, late, allowed);
    addEvidence(watched, at, late, usual, allowed);
    if (scoreOf(watched.scores) < this.#threshold) return null;
    this.#watched.delete(key);
    const { labels, expected, since } = watched;
    return { labels, late: watched.late, expectedLate: expected, since };
  }
}

const nothingSeen = (at: number): Watched => ({
  scores: oddsDetectorStart,
  evidence: 0,
  since: at,
  labels: 0,
  late: 0,
  expected: 0,
});

/** The shift is counted from where Page's sum last left zero: the likeliest begin of it (E. Page, Biometrika 1954). */
const addEvidence = (of: Watched, at: number, late: 0 | 1, usual: number, allowed: number): void => {
  if (of.evidence === 0) {
    of.since = at;
    of.labels = of.late = of.expected = 0;
  }
  of.labels += 1;
  of.late += late;
  of.expected += usual;
  const ratio = Math.log((late === 1 ? TYPICAL_RISE : 1) / (1 - allowed + allowed * TYPICAL_RISE));
  of.evidence = Math.max(0, of.evidence + ratio);
};

/** A chance with its odds multiplied, kept away from certainty. */
const atOdds = (chance: number, factor: number): number =>
  Math.min(0.9, Math.max(0.005, (chance * factor) / (1 - chance + chance * factor)));
