import type { CarrierReply } from '../carrier-reply.ts';
import { replyRoot } from '../reply-root.ts';

/** TrackReply of FedEx Web Services: details directly (v5), or under what was asked for (v7 and later). */
export const fedexXml: CarrierReply = {
  name: 'fedex-xml',
  recognises: (sight) => replyRoot(sight) === 'TrackReply',
  standard: 'fedex',
  carrier: 'FEDEX',
  parcels: ['CompletedTrackDetails.TrackDetails', 'TrackDetails'],
  tracking: ['TrackingNumber'],
  scans: ['Events'],
  scan: {
    status: [{ list: 'event', path: 'EventType' }],
    reason: ['StatusExceptionCode'],
    times: [{ date: 'Timestamp', midnightIsDay: true }],
    place: {
      city: 'Address.City',
      region: 'Address.StateOrProvinceCode',
      country: 'Address.CountryCode',
      postalCode: 'Address.PostalCode',
    },
    text: ['StatusExceptionDescription', 'EventDescription'],
  },
  summary: {
    status: [
      { list: 'event', path: 'StatusDetail.Code' },
      { list: 'event', path: 'StatusCode' },
    ],
    reason: ['StatusDetail.AncillaryDetails.Reason'],
    times: [{ date: 'StatusDetail.CreationTime', midnightIsDay: true }],
    place: {
      city: 'StatusDetail.Location.City',
      region: 'StatusDetail.Location.StateOrProvinceCode',
      country: 'StatusDetail.Location.CountryCode',
    },
    text: ['StatusDetail.AncillaryDetails.ReasonDescription', 'StatusDetail.Description'],
  },
  estimates: [{ date: 'EstimatedDeliveryTimestamp' }],
  destination: {
    city: 'DestinationAddress.City',
    region: 'DestinationAddress.StateOrProvinceCode',
    country: 'DestinationAddress.CountryCode',
    postalCode: 'DestinationAddress.PostalCode',
  },
  errors: [
    {
      of: 'document',
      path: 'Notifications',
      code: 'Code',
      words: ['Message', 'LocalizedMessage'],
      when: { path: 'Severity', is: ['ERROR', 'FAILURE'] },
    },
    {
      of: 'document',
      path: 'CompletedTrackDetails.Notifications',
      code: 'Code',
      words: ['Message', 'LocalizedMessage'],
      when: { path: 'Severity', is: ['ERROR', 'FAILURE'] },
    },
    {
      of: 'parcel',
      path: 'Notification',
      code: 'Code',
      words: ['Message', 'LocalizedMessage'],
      when: { path: 'Severity', is: ['ERROR', 'FAILURE'] },
    },
  ],
};

/** Track API of FedEx, REST v1 (developer.fedex.com/api/en-us/catalog/track). */
export const fedexJson: CarrierReply = {
  name: 'fedex-json',
  recognises: ({ object }) => {
    if (object === null) return false;
    const { output, transactionId, errors } = object;
    if (typeof output === 'object' && output !== null && 'completeTrackResults' in output) return true;
    return typeof transactionId === 'string' && Array.isArray(errors);
  },
  standard: 'fedex',
  carrier: 'FEDEX',
  parcels: ['output.completeTrackResults.trackResults'],
  tracking: ['trackingNumberInfo.trackingNumber'],
  scans: ['scanEvents'],
  scan: {
    status: [{ list: 'event', path: 'eventType' }],
    reason: ['exceptionCode'],
    times: [{ date: 'date' }],
    place: {
      city: 'scanLocation.city',
      region: 'scanLocation.stateOrProvinceCode',
      country: 'scanLocation.countryCode',
      postalCode: 'scanLocation.postalCode',
    },
    text: ['exceptionDescription', 'eventDescription'],
  },
  estimates: [{ date: 'estimatedDeliveryTimeWindow.window.ends' }],
  destination: {
    city: 'recipientInformation.address.city',
    region: 'recipientInformation.address.stateOrProvinceCode',
    country: 'recipientInformation.address.countryCode',
    postalCode: 'recipientInformation.address.postalCode',
  },
  errors: [
    { of: 'document', path: 'errors', code: 'code', words: ['message'] },
    { of: 'parcel', path: 'error', code: 'code', words: ['message'] },
  ],
};
