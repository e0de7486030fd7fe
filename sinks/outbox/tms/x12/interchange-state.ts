import { z } from 'zod';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';

const openInterchange = z.object({
  partnership: z.string(),
  destination: z.string(),
  control: z.int(),
  setControl: z.string(),
  actionId: z.string(),
  shipmentId: z.string(),
  exceptionId: z.string(),
  at: z.number(),
  acknowledgeBy: z.number(),
  isSent: z.boolean(),
  verdict: z.object({ result: z.enum(['confirmed', 'failed']), error: z.string().nullable() }).nullable(),
});

const interchangeState = z.object({
  format: z.literal(1),
  epoch: z.int().min(0),
  /** Everything below these offsets, by `topic/partition`, is in what follows. */
  positions: z.record(z.string(), z.int()),
  /** Highest control number that was given out, by partnership. */
  last: z.record(z.string(), z.int()),
  open: z.array(openInterchange),
});
/** What the reconciler commits to the log, and starts from. */
export type InterchangeState = z.infer<typeof interchangeState>;

export const interchangeProducer = 'edi/0';

export const encodeInterchangeState = (state: InterchangeState): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(state));

export const decodeInterchangeState = (state: Uint8Array | undefined): InterchangeState => {
  if (state === undefined) return { format: 1, epoch: 0, positions: {}, last: {}, open: [] };
  try {
    return interchangeState.parse(JSON.parse(new TextDecoder().decode(state)));
  } catch (cause) {
    throw new ForewarnError('FW105', `state of "${interchangeProducer}" is not one of this version`, {
      cause,
    });
  }
};
