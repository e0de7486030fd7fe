import { z } from 'zod';
import { acknowledgement } from '../../../domain/acknowledgement.ts';
import { contract } from '../../../domain/contract.ts';
import { directory } from '../../../domain/directory.ts';
import { inquiry } from '../../../domain/inquiry.ts';
import { allocation, order } from '../../../domain/order.ts';
import { portStatus } from '../../../domain/port-status.ts';
import { id } from '../../../domain/schema.ts';
import { shipmentPlan } from '../../../domain/shipment-plan.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import { weatherObservation } from '../../../domain/weather-observation.ts';
import { roadStatus } from '../../../domain/road-status.ts';
import { carrierUpdate } from '../../../domain/carrier-update.ts';
import { portCall } from '../../../domain/port-call.ts';
import { vesselPosition } from '../../../domain/vessel-position.ts';
import { tmsChange } from '../../../domain/tms-change.ts';
import { outcomeReport } from '../../../domain/outcome-report.ts';
import { weatherAlert } from '../../../domain/weather-alert.ts';
import type { CanonicalType } from '../decoder.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A record as it is sent: it names its type, may leave out its id, and says nothing of what we say ourselves. */
const sent = (type: CanonicalType, schema: z.ZodObject, description: string): JsonSchema => ({
  ...z.toJSONSchema(
    z.object({
      type: z.literal(type),
      id: id.optional().meta({ description: 'Made of what the record is about where it is left out.' }),
      ...schema.omit({ id: true, heardAt: true, source: true }).shape,
    }),
    { io: 'input' },
  ),
  $id: `/v1/schemas/${type}`,
  title: type,
  description,
});

/** What a carrier says by codes of its own needs no status: the mapping gives it one. */
const trackingSent = trackingEvent.extend({ status: trackingEvent.shape.status.optional() });

const inquirySent = inquiry.extend({
  shipmentId: inquiry.shape.shipmentId.optional().meta({
    description: 'May be left out where inReplyTo is the Message-ID of an e-mail of ours.',
  }),
});

/** JSON Schemas of all canonical records: a document is one of them, an array of them, or one a line. */
export const recordSchemas: Readonly<Record<CanonicalType, JsonSchema>> = {
  tracking: sent('tracking', trackingSent, 'What happened to a shipment, where and when.'),
  plan: sent('plan', shipmentPlan, 'What should happen to a shipment: legs, milestones, promise.'),
  contract: sent('contract', contract, 'What a customer was promised, from when on.'),
  weather: sent('weather', weatherAlert, 'A warning, for zones.'),
  port: sent('port', portStatus, 'How slow a port is.'),
  order: sent('order', order, 'What a customer ordered; a later one of the same orderId replaces it.'),
  allocation: sent(
    'allocation',
    allocation,
    'Which lines of an order ride on a shipment; a later one of the same pair replaces it.',
  ),
  directory: sent('directory', directory, 'Whom to tell for a customer; a later one replaces it whole.'),
  acknowledgement: sent(
    'acknowledgement',
    acknowledgement,
    'What became of an interchange that we sent: 997 and 999, or another way to say it.',
  ),
  inquiry: sent('inquiry', inquirySent, 'A customer asked about a shipment, or answered.'),
  observation: sent('observation', weatherObservation, 'What a weather station measured.'),
  road: sent(
    'road',
    roadStatus,
    'Works on a road, or how long it takes; a later one of the same roadId replaces it.',
  ),
  carrier_update: sent(
    'carrier_update',
    carrierUpdate,
    'What a carrier says of itself, or a score card of it.',
  ),
  port_call: sent('port_call', portCall, 'A vessel came to anchor or berth, or left it.'),
  vessel: sent('vessel', vesselPosition, 'Where a vessel is.'),
  tms_change: sent('tms_change', tmsChange, 'What a person changed in the TMS about a shipment.'),
  outcome_report: sent(
    'outcome_report',
    outcomeReport,
    'How an action or a claim ended, as another system knows it.',
  ),
};
