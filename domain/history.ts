import type { Provenance } from './event.ts';
import type { Moving } from './moving.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** What the ids of documents of `forewarn import` begin with, behind the name of their source. */
export const IMPORTED = 'import:';

const DAY_MS = 86_400_000;

/** Whether `forewarn import` brought it: `erp/import:9f86d081…`. */
export const isImported = ({ document }: Pick<Provenance, 'document'>): boolean =>
  document.startsWith(IMPORTED, document.indexOf('/') + 1);

/**
 * A shipment that was over when it was first heard of, by an import: promised for 1 June, imported on the 9th. It is counted
 * and learned from, and nobody is told today that it was late then. Once a live feed sends its plan it is no history.
 */
export const isPast = ({ plan, heardAt }: Pick<Moving, 'plan' | 'heardAt'>): boolean =>
  isImported(plan.source) && plan.promisedAt < heardAt;

/** What an import tells of more than a day ago; what takes something back is never past. */
export const isPastEvent = ({
  source,
  at,
  heardAt,
  retracts,
}: Pick<TrackingEvent, 'source' | 'at' | 'heardAt' | 'retracts'>): boolean =>
  isImported(source) && retracts === null && at + DAY_MS < heardAt;
