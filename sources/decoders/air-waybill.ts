import type { Identifier } from '../../domain/event.ts';
import type { PartnerSettings } from './decoder.ts';

/**
 * An air waybill as one name, however it is written: airline prefix and eight digits, `057-12345675`. It is unique among all
 * airlines, so its issuer is IATA where the partner has no carrier code of its own.
 */
export const airWaybill = (prefix: string, number: string, partner: PartnerSettings): Identifier => ({
  issuer: partner.scac ?? 'IATA',
  kind: 'master_bill',
  value: `${prefix}-${number}`,
});

/** Status codes of air cargo, as Cargo-IMP FSU, Cargo-XML and ONE Record share them. */
export const airStandard = 'iata-fsu';
