import type { Aliases, ModelDecision } from '../../../domain/model-decision.ts';
import type { Retraining } from '../../../domain/retraining.ts';
import {
  type Comparison,
  compareVersions,
  doesHarm,
  judgeChallenger,
} from '../../../models/promotion/judge-challenger.ts';
import type { Matured } from '../../../models/promotion/matured-pair.ts';
import type { PromotionRule } from '../../../domain/promotion-rule.ts';
import { durationMs } from '../../duration.ts';
import type { ModelsControl } from '../models-in-force.ts';

/** Two versions on the same predictions, of which the end became known after `since`. */
export interface PairsWanted {
  readonly model: string;
  readonly incumbent: string;
  readonly candidate: string;
  /** Predictions made from then on, log time. */
  readonly since: number;
}

export interface LearningOptions {
  readonly control: ModelsControl;
  readonly rule: PromotionRule;
  readonly pairs: (wanted: PairsWanted) => Promise<Matured>;
  /** Whether it is time to compare versions of the model again; what is not looked at waits. */
  readonly isDue: (model: string) => boolean;
  /** The newest state of each retraining. */
  readonly retrainings: () => Promise<readonly Retraining[]>;
  readonly record: (retraining: Retraining) => Promise<void>;
  /** Whether there is enough to learn from for it, or nothing more to wait for; what is not ripe stays requested. */
  readonly isRipe: (retraining: Retraining) => Promise<boolean>;
  /** Trains and publishes; resolves to the version. */
  readonly train: (retraining: Retraining) => Promise<string>;
  readonly now: () => number;
  /** Numbers in [0, 1), the same for the same seed. */
  readonly seeded: (seed: number) => () => number;
  readonly note: (line: string) => void;
  /** Training that this ends has not failed: it is begun again at the next start. */
  readonly signal: AbortSignal;
}

/**
 * What follows from what was learned: a challenger is promoted or rejected, a champion that does harm is taken back, and
 * what should be trained anew is. One model after the other, one step of each a look; every decision is an entry of the
 * journal with its numbers, so a look after a crash finds where the last one ended.
 */
export const lookAtModels = async (options: LearningOptions): Promise<void> => {
  const { control } = options;
  for (const [model, aliases] of Object.entries(control.inForce())) {
    if ((aliases.challenger ?? aliases.shadow) === null || !options.isDue(model)) continue;
    const decisions = await control.registry.decisions(model);
    if (aliases.challenger !== null) await judge(model, aliases, decisions, options);
    else if (aliases.shadow !== null) await watchForHarm(model, aliases, decisions, options);
  }
  for (const retraining of await options.retrainings()) {
    // One challenger at a time: what would decide between two of them?
    const { challenger = null } = control.inForce()[retraining.model] ?? {};
    if (retraining.state !== 'requested' || challenger !== null) continue;
    if (!(await options.isRipe(retraining))) continue;
    await retrain(retraining, options);
  }
};

const judge = async (
  model: string,
  { champion, challenger }: Aliases,
  decisions: readonly ModelDecision[],
  options: LearningOptions,
): Promise<void> => {
  const { control, rule, now } = options;
  const since = lastAt(decisions, 'challenged', challenger!);
  const by = 'promotion rule';
  if (champion === null) {
    const reason = 'there is no champion to be compared with';
    await control.decide({ model, version: challenger!, kind: 'promoted', by, reason, numbers: {} });
    return;
  }
  const comparison = await compare({ model, incumbent: champion, candidate: challenger!, since }, options);
  const waitedTooLong = now() - since > durationMs(rule.maxWait);
  const { decision, reasons } = judgeChallenger(comparison, rule, { waitedTooLong });
  if (decision === 'wait') return;
  const kind = decision === 'promote' ? 'promoted' : 'rejected';
  await control.decide({
    model,
    version: challenger!,
    kind,
    by,
    reason: reasons.join('; '),
    numbers: numbersOf(comparison),
  });
  options.note(`model "${model}": ${challenger!} is ${kind}: ${reasons.join('; ')}`);
};

const watchForHarm = async (
  model: string,
  { champion, shadow }: Aliases,
  decisions: readonly ModelDecision[],
  options: LearningOptions,
): Promise<void> => {
  const { control, rule, now } = options;
  const promotion = decisions.findLast((one) => one.kind === 'promoted' && one.version === champion);
  // A shadow that somebody wished for is nobody's version before.
  if (promotion?.before !== shadow) return;
  const comparison = await compare(
    { model, incumbent: champion!, candidate: shadow!, since: promotion!.at },
    options,
  );
  const harmful = doesHarm(comparison, rule);
  if (!harmful && now() - promotion!.at <= durationMs(rule.harm.watchFor)) return;
  const { gain } = comparison;
  await control.decide({
    model,
    version: shadow!,
    kind: harmful ? 'rolled_back' : 'released',
    by: 'promotion rule',
    reason: harmful
      ? `the version before does better: ${gain.metric} ${gain.candidate.toFixed(4)} against ${gain.incumbent.toFixed(4)}, at least ${gain.low.toFixed(4)} more`
      : `${champion!} did no harm in ${rule.harm.watchFor}`,
    numbers: numbersOf(comparison),
  });
  if (harmful) options.note(`model "${model}": back to ${shadow!}, which does better than ${champion!}`);
};

const retrain = async (retraining: Retraining, options: LearningOptions): Promise<void> => {
  const { control, record, train, now, note } = options;
  const next = { ...retraining, version: retraining.version + 1 };
  const { model, by, reason } = retraining;
  try {
    const version = await train(retraining);
    const { champion } = control.inForce()[model] ?? { champion: null };
    if (version === champion) throw new Error('it gave the champion again');
    await control.decide({ model, version, kind: 'challenged', by, reason, numbers: {} });
    await record({ ...next, at: now(), heardAt: now(), state: 'challenges', modelVersion: version });
    note(`model "${model}": ${version} was trained and scores in the shadow: ${reason}`);
  } catch (error) {
    if (options.signal.aborted) throw error;
    const said = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    await record({ ...next, at: now(), heardAt: now(), state: 'failed', reason: said });
    note(`model "${model}" could not be trained anew: ${said}`);
  }
};

const compare = async (wanted: PairsWanted, options: LearningOptions): Promise<Comparison> => {
  const matured = await options.pairs(wanted);
  return compareVersions(matured, {
    rule: options.rule,
    // The same pairs give the same bounds.
    random: options.seeded(matured.pairs.length),
  });
};

const lastAt = (decisions: readonly ModelDecision[], kind: ModelDecision['kind'], version: string): number =>
  decisions.findLast((one) => one.kind === kind && one.version === version)?.at ?? 0;

const numbersOf = ({
  gain,
  shipments,
  ones,
  zeros,
  calibration,
  worstSegment,
  latencyRatio,
}: Comparison): Record<string, number> =>
  Object.fromEntries(
    Object.entries({
      [`${gain.metric}Incumbent`]: gain.incumbent,
      [`${gain.metric}Candidate`]: gain.candidate,
      gain: gain.gain,
      gainLow: gain.low,
      gainHigh: gain.high,
      rows: gain.rows,
      shipments,
      late: ones,
      punctual: zeros,
      calibrationIncumbent: calibration.incumbent,
      calibrationCandidate: calibration.candidate,
      calibrationRiseLow: calibration.rise.low,
      calibrationRiseHigh: calibration.rise.high,
      worstSegmentGain: worstSegment?.gain.gain ?? NaN,
      latencyRatio: latencyRatio ?? NaN,
    }).filter(([, value]) => Number.isFinite(value)),
  );
