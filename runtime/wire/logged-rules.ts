import type { AuditEntry } from '../../domain/audit-entry.ts';
import { stableId } from '../../domain/stable-id.ts';
import { audits, type InForce } from '../../pipelines/topics.ts';
import type { LineLog } from '../log/log.ts';
import { appendRow, lastRowOf } from '../log/topic-rows.ts';
import type { Topic } from '../topic.ts';

export type RulesLog = Pick<LineLog, 'append' | 'partitionsOf' | 'read' | 'end' | 'begin' | 'closedUntil'>;

export interface LoggedRulesOptions<R> {
  readonly log: RulesLog;
  readonly topic: Topic<InForce<R>>;
  /** For the audit: `rules`, `reading rules`. */
  readonly subject: string;
  /** What differs, by file and place. */
  readonly changes: (before: R, after: R) => readonly string[];
}

/** One kind of rules as the log has it. */
export interface LoggedRules<R> {
  /** The last ones; null before the first. */
  readonly current: () => R | null;
  /** Appends these, unless they are the last ones, and audits it; what has changed, or null where nothing has. */
  readonly put: (rules: R, by: string) => Promise<Changed | null>;
  readonly refused: (by: string, reason: string) => Promise<void>;
}

export interface Changed {
  /** Fingerprint of those before; null for the first. */
  readonly before: string | null;
  readonly changes: readonly string[];
}

/** Changes that an audit names; the rest is counted. */
const CHANGES_NAMED = 40;

/**
 * Rules as an event of the log. At least once: a process that dies between the append and its answer appends nothing
 * twice, for the next start finds the same rules there.
 */
export const loggedRules = async <R extends { readonly fingerprint: string }>({
  log,
  topic,
  subject,
  changes: changesOf,
}: LoggedRulesOptions<R>): Promise<LoggedRules<R>> => {
  // One that has dropped them hears them again.
  let current = (await lastRowOf(log, topic))?.rules ?? null;
  return {
    current: () => current,
    put: async (rules, by) => {
      const { fingerprint } = rules;
      const before = current;
      if (before?.fingerprint === fingerprint) return null;
      // The ordinal makes A → B → A three events, and the same one sent again none.
      const ordinal = log.end(topic.name, 0);
      await appendRow(log, topic, { heardAt: 0, rules }, `${fingerprint}:${ordinal}`);
      current = rules;
      const changes = before === null ? [] : changesOf(before, rules);
      await audit(log, {
        kind: 'rules_loaded',
        by,
        subject,
        before: before?.fingerprint ?? null,
        after: fingerprint,
        reason: before === null ? `the first ${subject} of this log` : sentenceOf(changes),
      });
      return { before: before?.fingerprint ?? null, changes };
    },
    refused: (by, reason) => {
      const fingerprint = current?.fingerprint ?? null;
      return audit(log, {
        kind: 'rules_refused',
        by,
        subject,
        before: fingerprint,
        after: fingerprint,
        reason,
      });
    },
  };
};

export const sentenceOf = (changes: readonly string[]): string => {
  if (changes.length === 0) return 'holidays or defaults changed with the version';
  const more = changes.length - CHANGES_NAMED;
  return `${changes.slice(0, CHANGES_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

const audit = async (log: RulesLog, entry: Omit<AuditEntry, 'id' | 'at' | 'heardAt'>): Promise<void> => {
  const at = log.closedUntil;
  const id = stableId('audit', entry.kind, entry.after ?? '', log.end(audits.name, 0));
  const row: AuditEntry = { ...entry, id, at, heardAt: at };
  await appendRow(log, audits, row, id);
};
