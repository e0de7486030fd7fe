import { airportZones } from '../../airport-zones.ts';
import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/** TrackingResponse of DHL Express XML Services. Its times are those of the service area, which it names by code only. */
export const dhlXml: CarrierReply = {
  name: 'dhl-xml',
  recognises: (sight) => {
    const root = replyRoot(sight);
    return (
      root === 'ShipmentTrackingErrorResponse' ||
      (root === 'TrackingResponse' && sight.head.includes('dhl.com'))
    );
  },
  standard: 'dhl',
  carrier: 'DHL',
  parcels: ['AWBInfo'],
  tracking: ['AWBNumber'],
  alsoKnownAs: [{ kind: 'shipper_reference', path: 'ShipmentInfo.ShipperReference.ReferenceID' }],
  scans: ['ShipmentInfo.ShipmentEvent'],
  scan: {
    status: [{ list: 'event', path: 'ServiceEvent.EventCode' }],
    times: [{ date: 'Date', time: 'Time' }],
    place: { city: 'ServiceArea.Description', area: 'ServiceArea.ServiceAreaCode' },
    text: ['ServiceEvent.Description'],
  },
  estimates: [{ date: 'ShipmentInfo.EstDlvyDateUTC', isUtc: true }, { date: 'ShipmentInfo.EstDlvyDate' }],
  destination: {
    city: 'ShipmentInfo.Consignee.City',
    region: 'ShipmentInfo.Consignee.DivisionCode',
    country: 'ShipmentInfo.Consignee.CountryCode',
    postalCode: 'ShipmentInfo.Consignee.PostalCode',
    area: 'ShipmentInfo.DestinationServiceArea.ServiceAreaCode',
  },
  errors: [
    { of: 'document', path: 'Response.Status.Condition', code: 'ConditionCode', words: ['ConditionData'] },
    { of: 'parcel', path: 'Status.Condition', code: 'ConditionCode', words: ['ConditionData'] },
    {
      of: 'parcel',
      path: 'Status',
      words: ['ActionStatus'],
      when: { path: 'ActionStatus', is: ['No Shipments Found', 'Failure', 'failure'] },
    },
  ],
  areaZones: airportZones,
};

/** Shipment Tracking - Unified of DHL Group (developer.dhl.com/api-reference/shipment-tracking); its webhook sends the same. */
export const dhlJson: CarrierReply = {
  name: 'dhl-json',
  recognises: ({ object }) => {
    const [first] = Array.isArray(object?.['shipments']) ? object['shipments'] : [];
    return typeof first === 'object' && first !== null && 'id' in first && 'status' in first;
  },
  standard: 'dhl-unified',
  carrier: 'DHL',
  parcels: ['shipments'],
  tracking: ['id'],
  scans: ['events'],
  scan: {
    status: [{ list: 'status', path: 'statusCode' }],
    times: [{ date: 'timestamp' }],
    place: {
      city: 'location.address.addressLocality',
      country: 'location.address.countryCode',
      postalCode: 'location.address.postalCode',
    },
    text: ['description', 'status'],
  },
  summary: {
    status: [{ list: 'status', path: 'status.statusCode' }],
    times: [{ date: 'status.timestamp' }],
    place: {
      city: 'status.location.address.addressLocality',
      country: 'status.location.address.countryCode',
      postalCode: 'status.location.address.postalCode',
    },
    text: ['status.description', 'status.status'],
  },
  estimates: [{ date: 'estimatedTimeOfDelivery' }],
  destination: {
    city: 'destination.address.addressLocality',
    country: 'destination.address.countryCode',
    postalCode: 'destination.address.postalCode',
  },
};

/** What the Unified API answers instead: a problem (RFC 9457), as many APIs write it. */
export const dhlProblem: CarrierReply = {
  name: 'dhl-problem',
  tellsItself: false,
  recognises: ({ object }) =>
    object !== null && 'title' in object && 'detail' in object && 'status' in object,
  standard: 'dhl-unified',
  carrier: 'DHL',
  parcels: [],
  tracking: [],
  scans: [],
  scan: { status: [], times: [] },
  errors: [{ of: 'document', path: '', code: 'status', words: ['detail', 'title'] }],
};
