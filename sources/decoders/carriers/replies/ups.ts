import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/** TrackResponse of UPS in XML. Of its two codes the activity's own is the finer one. */
export const upsXml: CarrierReply = {
  name: 'ups-xml',
  recognises: (sight) =>
    replyRoot(sight) === 'TrackResponse' && /<(?:[\w.-]+:)?Response[\s>]/.test(sight.head),
  standard: 'ups',
  carrier: 'UPS',
  parcels: ['Shipment.Package'],
  tracking: ['TrackingNumber'],
  scans: ['Activity'],
  scan: {
    status: [
      { list: 'activity', path: 'Status.StatusCode.Code' },
      { list: 'type', path: 'Status.StatusType.Code' },
    ],
    times: [{ date: 'Date', time: 'Time' }],
    place: {
      city: 'ActivityLocation.Address.City',
      region: 'ActivityLocation.Address.StateProvinceCode',
      country: 'ActivityLocation.Address.CountryCode',
      postalCode: 'ActivityLocation.Address.PostalCode',
    },
    text: ['Status.StatusType.Description'],
  },
  estimates: [
    { date: 'RescheduledDeliveryDate', time: 'RescheduledDeliveryTime' },
    { date: 'ScheduledDeliveryDate' },
  ],
  errors: [{ of: 'document', path: 'Response.Error', code: 'ErrorCode', words: ['ErrorDescription'] }],
};

/** Track API of UPS, REST (developer.ups.com/api/reference?loc=en_US#tag/Tracking). */
export const upsJson: CarrierReply = {
  name: 'ups-json',
  recognises: ({ object }) => {
    if (object === null) return false;
    const { trackResponse, response } = object;
    if (typeof trackResponse === 'object' && trackResponse !== null) return true;
    return typeof response === 'object' && response !== null && 'errors' in response;
  },
  standard: 'ups',
  carrier: 'UPS',
  parcels: ['trackResponse.shipment.package', 'trackResponse.shipment'],
  tracking: ['trackingNumber', 'inquiryNumber'],
  scans: ['activity'],
  scan: {
    status: [
      { list: 'activity', path: 'status.code' },
      { list: 'type', path: 'status.type' },
    ],
    times: [
      { date: 'gmtDate', time: 'gmtTime', isUtc: true },
      { date: 'date', time: 'time', offset: 'gmtOffset' },
    ],
    place: {
      city: 'location.address.city',
      region: 'location.address.stateProvince',
      country: 'location.address.countryCode',
      postalCode: 'location.address.postalCode',
    },
    text: ['status.description'],
  },
  estimates: [{ date: 'deliveryDate.date' }],
  errors: [
    { of: 'document', path: 'response.errors', code: 'code', words: ['message'] },
    { of: 'parcel', path: 'warnings', code: 'code', words: ['message'] },
  ],
};

/** UPS Track Alert: one activity of one parcel, as its webhook sends it. */
export const upsAlert: CarrierReply = {
  name: 'ups-alert',
  recognises: ({ object }) => object !== null && 'trackingNumber' in object && 'activityStatus' in object,
  standard: 'ups',
  carrier: 'UPS',
  parcels: [''],
  tracking: ['trackingNumber'],
  scans: [],
  scan: { status: [], times: [] },
  summary: {
    status: [
      { list: 'activity', path: 'activityStatus.code' },
      { list: 'type', path: 'activityStatus.type' },
    ],
    times: [
      { date: 'gmtActivityDate', time: 'gmtActivityTime', isUtc: true },
      { date: 'localActivityDate', time: 'localActivityTime' },
    ],
    place: {
      city: 'activityLocation.city',
      region: 'activityLocation.stateProvince',
      country: 'activityLocation.country',
      postalCode: 'activityLocation.postalCode',
    },
    text: ['activityStatus.description'],
  },
  estimates: [{ date: 'scheduledDeliveryDate' }],
};
