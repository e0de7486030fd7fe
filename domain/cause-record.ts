import { z } from 'zod';
import { id, instant, minorUnits, severityScore } from './schema.ts';
import type { Signal } from './signal.ts';

export const causeKinds = ['weather', 'port', 'feed'] as const;
export type CauseKind = (typeof causeKinds)[number];

/** What stands behind a signal and perhaps behind those of many shipments: one storm, one port. */
export const causeIdOf = ({ category, topic, evidence }: Signal): string | null => {
  if (evidence.alerts.length > 0) return `weather:${topic}`;
  if (evidence.ports.length > 0) return `port:${topic}`;
  return category === 'data_quality' && topic.startsWith('feed:') ? topic : null;
};

/** Many shipments, one cause: the line that a desk sees instead of a thousand. */
export const causeRecord = z.object({
  /** `<kind>:<what>`, such as `port:USLAX`. */
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  kind: z.enum(causeKinds),
  /** `over` when no exception of it is open any more. */
  state: z.enum(['open', 'over']),
  category: z.string(),
  /** Exceptions that are open now, and all that ever were. */
  open: z.int().min(0).meta({ column: 'UInt32' }),
  raised: z.int().min(0).meta({ column: 'UInt32' }),
  shipments: z.int().min(0).meta({ column: 'UInt32' }),
  customers: z.int().min(0).meta({ column: 'UInt32' }),
  linesLate: z.int().min(0).meta({ column: 'UInt32' }),
  /** Of the shipments with an open exception, by currency, as JSON text. */
  valueByCurrency: z.record(z.string(), minorUnits),
  worstSeverity: severityScore,
  firstRaisedAt: instant,
});
export type CauseRecord = z.infer<typeof causeRecord>;
