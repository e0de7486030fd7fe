import type { BusinessCalendar } from './business-time.ts';
import type { DetectionRules } from './detection-rules.ts';
import type { Playbook } from './playbook.ts';
import type { Sla } from './sla.ts';
import type { Taxonomy } from './taxonomy.ts';

/** What the business decides, as data: loaded from the folder `rules`, checked as a whole, frozen. */
export interface Rules {
  readonly taxonomy: Taxonomy;
  readonly sla: Sla;
  /** The calendars of `sla.yaml` with their holidays written out, by name. */
  readonly calendars: Readonly<Record<string, BusinessCalendar>>;
  readonly playbooks: readonly Playbook[];
  /** Alarm thresholds by model and version, where they stand for the models' own; left out where there are none. */
  readonly alarms?: Readonly<Record<string, number>>;
  /** From when on something is worth an exception. */
  readonly detection: DetectionRules;
  /** The same files give the same one. */
  readonly fingerprint: string;
}
