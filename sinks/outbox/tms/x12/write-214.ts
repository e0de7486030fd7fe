import type { Dispatch } from '../../../../domain/dispatch.ts';
import { type EdiReasons, reasonCodeOf } from '../../../../domain/edi-reasons.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import { cleaned, exactly } from './element.ts';
import { dateAndTime, interchangeOf } from './envelope.ts';
import { referenceWidth, type X12Partner } from './partner.ts';

/** 1651 of what is nothing special. */
const NORMAL = 'NS';

const placeOf = (partner: X12Partner, { facts }: Dispatch): readonly (readonly string[])[] => {
  const text = (name: string, width: number): string => {
    const value = facts[name];
    return typeof value === 'string' ? cleaned(partner, value, width) : '';
  };
  const [city, region, country] = [text('city', 30), text('region', 2), text('country', 3)];
  if (city.length < 2 || (region.length < 2 && country.length < 2)) return [];
  return [country.length < 2 ? ['MS1', city, region] : ['MS1', city, region, country]];
};

/** Status, reason and time: an estimate for what is predicted, SD with its reason for what was observed. */
const statusOf = (partner: X12Partner, action: Dispatch, reasons: EdiReasons): readonly string[] => {
  const { facts } = action;
  const isObserved = facts['kind'] === 'detected';
  const expected = facts['expectedAt'];
  if (!isObserved && typeof expected !== 'number')
    throw new ForewarnError(
      'FW716',
      `214 to ${partner.receiver.id}: a prediction without "expectedAt" has no estimate to tell; let the step go out for what is detected only`,
    );
  const { date, time } = dateAndTime(isObserved || typeof expected !== 'number' ? action.at : expected);
  const [status, reason] = isObserved
    ? ['SD', reasonCodeOf(reasons, facts['category'], facts['cause'])]
    : [partner.estimate, NORMAL];
  return ['AT7', status, reason, '', '', date, time, 'UT'];
};

/**
 * A dispatch as X12 214 (Transportation Carrier Shipment Status): B10 with the shipment, L11 with our action's id, and
 * one AT7. A prediction goes out as an estimate (AG or X2) with the expected time, never as something that happened;
 * only what was observed is SD with a 1651 reason. Times are UTC and say so (time code UT), to the minute:
 * `expectedAt 2026-01-05T17:00:59Z → AT7*AG*NS***20260105*1700*UT`. FW716 when an id cannot be carried.
 */
export const write214 = (
  partner: X12Partner,
  action: Dispatch,
  reasons: EdiReasons,
  control: number,
  atMs: number,
): string => {
  // Element 145, B10-02, has 30 characters in every release.
  const shipment = exactly(partner, 'shipment id', action.shipmentId, 30);
  const { carrier } = action.facts;
  const scac = typeof carrier === 'string' && /^[A-Z]{2,4}$/.test(carrier) ? carrier : partner.scac;
  return interchangeOf(
    partner,
    {
      functionalGroup: 'QM',
      id: '214',
      segments: [
        ['B10', shipment, shipment, scac],
        ['L11', shipment, partner.shipmentQualifier],
        // ZZ, mutually defined: whoever asks us about this message names it so.
        ['L11', cleaned(partner, action.id, referenceWidth(partner)), 'ZZ'],
        ['LX', '1'],
        statusOf(partner, action, reasons),
        ...placeOf(partner, action),
      ],
    },
    control,
    atMs,
  );
};
