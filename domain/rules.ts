import type { Playbook } from './playbook.ts';
import type { Sla } from './sla.ts';
import type { Taxonomy } from './taxonomy.ts';

/** What the business decides, as data: loaded from the folder `rules`, checked as a whole, frozen. */
export interface Rules {
  readonly taxonomy: Taxonomy;
  readonly sla: Sla;
  readonly playbooks: readonly Playbook[];
  /** The same files give the same one. */
  readonly fingerprint: string;
}
