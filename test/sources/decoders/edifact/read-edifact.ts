import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded, DecoderSettings, RawDocument } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith } from '../decoder-settings.ts';

export const readEdifact = (
  content: string | Uint8Array,
  settings: Partial<DecoderSettings> = {},
  document: Partial<RawDocument> = {},
): readonly Decoded[] =>
  decode(
    documentOf(content, { contentType: 'application/edifact', ...document }),
    settingsWith({ defaultZone: 'UTC', ...settings }),
  );

export const eventsOf = (decoded: readonly Decoded[]): readonly TrackingEvent[] =>
  decoded.flatMap((one) => (one.type === 'tracking' ? [one.value] : []));

export const failuresOf = (decoded: readonly Decoded[]): readonly string[] =>
  decoded.flatMap((one) => (one.type === 'failure' ? [`${one.code} ${one.reason}`] : []));
