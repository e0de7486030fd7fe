import { type ReadingRules, sameVersionOtherContent } from '../../domain/reading-rules.ts';
import type { Rules } from '../../domain/rules.ts';
import { readingInForce, rulesInForce } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { changedPaths } from '../rules/changed-paths.ts';
import { changedReading } from '../rules/changed-reading.ts';
import { gapsIn, gapWords } from '../rules/playbook-coverage.ts';
import { watchRulesFolder } from '../rules/watch-rules-folder.ts';
import { loggedRules, type RulesLog, sentenceOf } from './logged-rules.ts';

/** Everything that the folder of rules says about records: what is decided, and how input is read. */
export interface LoadedRules {
  readonly rules: Rules;
  readonly reading: ReadingRules;
}

export interface RulesInForceOptions {
  readonly log: RulesLog;
  readonly folder: string;
  /** A file of places that lies elsewhere. */
  readonly locations?: string | undefined;
  /** What was loaded at the start, and what the folder held before it was, by `contentOf`. */
  readonly atStart: LoadedRules;
  readonly loaded: string;
  /** Loads the folder whole and checks everything that a start checks; throws what is wrong in one line. */
  readonly load: () => LoadedRules;
  /** Rules of reading have come into force. */
  readonly onReading?: (reading: ReadingRules) => void;
  readonly note: (line: string) => void;
}

/** What came of a look at the folder. Fingerprints are those of the rules, then those of the rules of reading. */
export type Reloaded =
  | { readonly result: 'unchanged'; readonly fingerprint: string; readonly reading: string }
  | {
      readonly result: 'loaded';
      readonly fingerprint: string;
      readonly reading: string;
      /** As they were before this; null where there were none. */
      readonly before: string | null;
      readonly readingBefore: string | null;
      readonly changes: readonly string[];
    }
  | {
      readonly result: 'refused';
      readonly fingerprint: string;
      readonly reading: string;
      readonly reason: string;
    };

export interface RulesControl {
  readonly inForce: () => Rules;
  readonly reading: () => ReadingRules;
  /** One after the other, whoever asks. */
  readonly reload: (by: string) => Promise<Reloaded>;
  readonly stop: () => void;
}

/**
 * Rules are an event. What was loaded is appended to the topics `rules` and `reading-rules`, unless the last ones there are
 * the same, before anything is taken in; from then on a changed folder, SIGHUP or a call loads them again, all or nothing.
 * Tasks read the topics as tables in the order of the log, so all of them change at one log time, and a replay does at the
 * same. What is refused changes nothing: the line says why, and so does the audit. A category that has lost its playbook
 * is no error, and told.
 *
 * A mapping that says something else under the version in force is refused while the line runs, for events name the version
 * that they were read with; a start takes it, and says so.
 */
export const startRulesInForce = async (options: RulesInForceOptions): Promise<RulesControl> => {
  const { log, folder, load, note, onReading } = options;
  const decides = await loggedRules({ log, topic: rulesInForce, subject: 'rules', changes: changedPaths });
  const reads = await loggedRules({
    log,
    topic: readingInForce,
    subject: 'reading rules',
    changes: changedReading,
  });
  const fingerprints = (): { readonly fingerprint: string; readonly reading: string } => ({
    fingerprint: decides.current()!.fingerprint,
    reading: reads.current()!.fingerprint,
  });
  const put = async ({ rules, reading }: LoadedRules, by: string): Promise<Reloaded> => {
    const before = { rules: decides.current(), reading: reads.current() };
    // A category comes before the mapping that names it.
    const decided = await decides.put(rules, by);
    const read = await reads.put(reading, by);
    if (read !== null) onReading?.(reading);
    if (decided === null && read === null) return { result: 'unchanged', ...fingerprints() };
    return {
      result: 'loaded',
      ...fingerprints(),
      before: before.rules?.fingerprint ?? null,
      readingBefore: before.reading?.fingerprint ?? null,
      changes: [...(decided?.changes ?? []), ...(read?.changes ?? [])],
    };
  };
  const ambiguous = sameVersions(reads.current(), options.atStart.reading);
  if (ambiguous !== null) note(`rules: ${ambiguous}; taken, as this is a start`);
  await put(options.atStart, 'start');
  let gapsTold: string | null = null;
  const tellGaps = (): void => {
    const gaps = gapWords(gapsIn(decides.current()!, log.closedUntil));
    if (gaps !== null && gaps !== gapsTold) note(`rules: ${gaps}`);
    gapsTold = gaps;
  };
  tellGaps();

  const loadAgain = async (by: string): Promise<Reloaded> => {
    let loaded: LoadedRules;
    try {
      loaded = load();
      const twofold = sameVersions(reads.current(), loaded.reading);
      if (twofold !== null) throw new ForewarnError('FW103', twofold);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      note(`rules: ${reason}; those in force stay`);
      await decides.refused(by, reason);
      return { result: 'refused', ...fingerprints(), reason };
    }
    const reloaded = await put(loaded, by);
    if (reloaded.result !== 'loaded') return reloaded;
    note(`rules: ${sentenceOf(reloaded.changes)}; in force from now on`);
    tellGaps();
    return reloaded;
  };
  let turn: Promise<unknown> = Promise.resolve();
  const reload = (by: string): Promise<Reloaded> => {
    const answer = turn.then(() => loadAgain(by));
    turn = answer.catch(() => undefined);
    return answer;
  };
  const complain = (error: unknown): void =>
    note(`rules: ${error instanceof Error ? error.message : String(error)}`);
  const folderWatch = watchRulesFolder({
    folder,
    besides: options.locations === undefined ? [] : [options.locations],
    loaded: options.loaded,
    onChange: () => void reload('folder').catch(complain),
    onProblem: complain,
  });
  const onHangUp = (): void => void reload('SIGHUP').catch(complain);
  process.on('SIGHUP', onHangUp);
  return {
    inForce: () => decides.current()!,
    reading: () => reads.current()!,
    reload,
    stop: () => {
      process.removeListener('SIGHUP', onHangUp);
      folderWatch.stop();
    },
  };
};

const sameVersions = (before: ReadingRules | null, after: ReadingRules): string | null => {
  const labels = before === null ? [] : sameVersionOtherContent(before, after);
  return labels.length === 0
    ? null
    : `version of ${labels.join(', ')}: is in force with other content; count it up, for events name it`;
};
