import type { Allocation } from '../../../../domain/order.ts';
import type { ShipmentPlan } from '../../../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded, DecoderSettings } from '../../../../sources/decoders/decoder.ts';
import { documentOf, settingsWith } from '../decoder-settings.ts';
import { interchange, setOf } from './interchange.ts';

/** What comes of one transaction set in an interchange of RDWY, said on 2 June 2025 at 07:00 in New York. */
export const readSet = (
  set: string,
  segments: readonly string[],
  settings: DecoderSettings = settingsWith(),
): readonly Decoded[] => decode(documentOf(interchange([setOf(set, ...segments)])), settings);

export const eventsOf = (decoded: readonly Decoded[]): TrackingEvent[] =>
  decoded.flatMap((one) => (one.type === 'tracking' ? [one.value] : []));
export const plansOf = (decoded: readonly Decoded[]): ShipmentPlan[] =>
  decoded.flatMap((one) => (one.type === 'plan' ? [one.value] : []));
export const allocationsOf = (decoded: readonly Decoded[]): Allocation[] =>
  decoded.flatMap((one) => (one.type === 'allocation' ? [one.value] : []));
export const failuresOf = (decoded: readonly Decoded[]): string[] =>
  decoded.flatMap((one) => (one.type === 'failure' ? [`${one.code} ${one.reason}`] : []));

export const iso = (t: number | null | undefined): string | null =>
  t === null || t === undefined ? null : new Date(t).toISOString();
