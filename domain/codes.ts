import { z } from 'zod';

/**
 * The closed lists that every partner's codes are mapped to. Cause, effect and responsible party are three
 * fields, as GTFS-RT Alerts separate them; `unmapped` is ours and is not the standards' own "other".
 */
export const statuses = [
  'planned',
  'picked_up',
  'departed',
  'arrived',
  'in_transit',
  'out_for_delivery',
  'delivery_attempted',
  'available_for_pickup',
  'delivered',
  'held',
  'returned',
  'cancelled',
  'appointment',
  'estimate',
  'information',
  'unmapped',
] as const;
export const status = z.enum(statuses);
export type Status = z.infer<typeof status>;

export const causes = [
  'none',
  'weather',
  'mechanical',
  'accident',
  'capacity',
  'labour',
  'civil',
  'traffic',
  'customs',
  'documentation',
  'address',
  'consignee',
  'shipper',
  'carrier_operations',
  'port_terminal',
  'cargo',
  'security',
  'payment',
  'customer_request',
  'regulatory',
  'data',
  'other',
  'unmapped',
] as const;
export const cause = z.enum(causes);
export type Cause = z.infer<typeof cause>;

export const effects = [
  'none',
  'delay',
  'held',
  'not_delivered',
  'refused',
  'returned',
  'damaged',
  'short',
  'lost',
  'diverted',
  'cancelled',
  'rescheduled',
  'unknown',
] as const;
export const effect = z.enum(effects);
export type Effect = z.infer<typeof effect>;

export const parties = [
  'none',
  'carrier',
  'shipper',
  'consignee',
  'customer',
  'authority',
  'terminal',
  'force_majeure',
  'third_party',
  'unknown',
] as const;
export const party = z.enum(parties);
export type Party = z.infer<typeof party>;

export const modes = ['parcel', 'ltl', 'truckload', 'rail', 'ocean', 'air'] as const;
export const mode = z.enum(modes);
export type Mode = z.infer<typeof mode>;

export const tiers = ['standard', 'priority', 'guaranteed'] as const;
export const tier = z.enum(tiers);
export type Tier = z.infer<typeof tier>;

export const contentsClasses = ['general', 'perishable', 'hazardous', 'high_value'] as const;
export const contentsClass = z.enum(contentsClasses);
export type ContentsClass = z.infer<typeof contentsClass>;
