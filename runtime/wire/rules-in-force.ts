import type { AuditEntry } from '../../domain/audit-entry.ts';
import type { Rules } from '../../domain/rules.ts';
import { stableId } from '../../domain/stable-id.ts';
import { audits, rulesInForce } from '../../pipelines/topics.ts';
import type { EmbeddedLog } from '../log/embedded-log.ts';
import { changedPaths } from '../rules/changed-paths.ts';
import { watchRulesFolder } from '../rules/watch-rules-folder.ts';

export interface RulesInForceOptions {
  readonly log: Pick<EmbeddedLog, 'append' | 'read' | 'end' | 'begin' | 'closedUntil'>;
  readonly folder: string;
  /** What was loaded at the start, and what the folder held before it was, by `contentOf`. */
  readonly rules: Rules;
  readonly loaded: string;
  /** Loads the folder whole and checks everything that a start checks; throws what is wrong in one line. */
  readonly load: () => Rules;
  readonly note: (line: string) => void;
}

/** What came of a look at the folder. */
export type Reloaded =
  | { readonly result: 'unchanged'; readonly fingerprint: string }
  | {
      readonly result: 'loaded';
      readonly fingerprint: string;
      readonly before: string | null;
      readonly changes: readonly string[];
    }
  | { readonly result: 'refused'; readonly fingerprint: string; readonly reason: string };

export interface RulesControl {
  readonly inForce: () => Rules;
  /** One after the other, whoever asks. */
  readonly reload: (by: string) => Promise<Reloaded>;
  readonly stop: () => void;
}

/** Changes that an audit names; the rest is counted. */
const CHANGES_NAMED = 40;

/**
 * Rules are an event. What was loaded is appended to the topic `rules`, unless the last ones there are the same, before
 * anything is taken in; from then on a changed folder, SIGHUP or a call loads them again, all or nothing. Tasks read the
 * topic as a table in the order of the log, so all of them change at one log time, and a replay does at the same.
 * What is refused changes nothing: the line says why, and so does the audit.
 *
 * At least once: a process that dies between the append and its answer appends nothing twice, for the next start finds
 * the same rules there.
 */
export const startRulesInForce = async (options: RulesInForceOptions): Promise<RulesControl> => {
  const { log, folder, load, note } = options;
  let current = await lastIn(log);
  const put = async (rules: Rules, by: string): Promise<Reloaded> => {
    const { fingerprint } = rules;
    const before = current;
    if (before?.fingerprint === fingerprint) return { result: 'unchanged', fingerprint };
    // The ordinal makes A → B → A three events, and the same one sent again none.
    const ordinal = log.end(rulesInForce.name, 0);
    await log.append(
      rulesInForce.name,
      { key: 'rules', value: rulesInForce.write({ heardAt: 0, rules }) },
      { documentId: `${fingerprint}:${ordinal}` },
    );
    current = rules;
    const changes = before === null ? [] : changedPaths(before, rules);
    await audit(log, {
      kind: 'rules_loaded',
      by,
      subject: 'rules',
      before: before?.fingerprint ?? null,
      after: fingerprint,
      reason: before === null ? 'the first rules of this log' : sentenceOf(changes),
    });
    return { result: 'loaded', fingerprint, before: before?.fingerprint ?? null, changes };
  };
  await put(options.rules, 'start');

  const loadAgain = async (by: string): Promise<Reloaded> => {
    let rules: Rules;
    try {
      rules = load();
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      const { fingerprint } = current!;
      note(`rules: ${reason}; those in force stay`);
      await audit(log, {
        kind: 'rules_refused',
        by,
        subject: 'rules',
        before: fingerprint,
        after: fingerprint,
        reason,
      });
      return { result: 'refused', fingerprint, reason };
    }
    const reloaded = await put(rules, by);
    if (reloaded.result === 'loaded') note(`rules: ${sentenceOf(reloaded.changes)}; in force from now on`);
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
    loaded: options.loaded,
    onChange: () => void reload('folder').catch(complain),
    onProblem: complain,
  });
  const onHangUp = (): void => void reload('SIGHUP').catch(complain);
  process.on('SIGHUP', onHangUp);
  return {
    inForce: () => current!,
    reload,
    stop: () => {
      process.removeListener('SIGHUP', onHangUp);
      folderWatch.stop();
    },
  };
};

/** The last rules that the log still has; one that has dropped them hears them again. */
const lastIn = async (log: RulesInForceOptions['log']): Promise<Rules | null> => {
  const end = log.end(rulesInForce.name, 0);
  if (end <= log.begin(rulesInForce.name, 0)) return null;
  const [record] = await log.read(rulesInForce.name, 0, end - 1);
  return record === undefined ? null : rulesInForce.read(record).rules;
};

const sentenceOf = (changes: readonly string[]): string => {
  if (changes.length === 0) return 'holidays or defaults changed with the version';
  const more = changes.length - CHANGES_NAMED;
  return `${changes.slice(0, CHANGES_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

const audit = async (
  log: RulesInForceOptions['log'],
  entry: Omit<AuditEntry, 'id' | 'at' | 'heardAt'>,
): Promise<void> => {
  const at = log.closedUntil;
  const id = stableId('audit', entry.kind, entry.after ?? '', log.end(audits.name, 0));
  const row: AuditEntry = { ...entry, id, at, heardAt: at };
  await log.append(audits.name, { key: row.kind, value: audits.write(row) }, { documentId: id });
};
