import { z } from 'zod';
import { eventBase } from './event.ts';
import { count, text } from './schema.ts';

/** How a port does: vessels waiting and how long a call takes there now, beside what is usual. */
export const portStatus = eventBase.extend({
  port: z
    .string()
    .length(5)
    .meta({ description: 'UN/LOCODE, such as USLAX.', column: 'LowCardinality(String)' }),
  state: z.enum(['open', 'congested', 'closed']),
  vesselsWaiting: count.default(0),
  dwellHours: z.number().min(0),
  usualDwellHours: z.number().min(0),
  note: text.default(''),
});
export type PortStatus = z.infer<typeof portStatus>;
