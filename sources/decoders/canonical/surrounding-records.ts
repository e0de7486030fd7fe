import { carrierUpdate } from '../../../domain/carrier-update.ts';
import { outcomeReport } from '../../../domain/outcome-report.ts';
import { portCall } from '../../../domain/port-call.ts';
import { roadStatus } from '../../../domain/road-status.ts';
import { tmsChange } from '../../../domain/tms-change.ts';
import { vesselPosition } from '../../../domain/vessel-position.ts';
import { weatherObservation } from '../../../domain/weather-observation.ts';
import { checked, type Reader, withId } from './checked-record.ts';

/** What surrounds shipments, and what people and other systems did about them. */
export const surroundingReaders = {
  observation: (record, context) => {
    const result = checked(weatherObservation, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return { type: 'observation', value: withId(value, 'observation', value.station, value.at) };
  },
  road: (record, context) => {
    const result = checked(roadStatus, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return { type: 'road', value: withId(value, 'road', value.roadId, value.at) };
  },
  carrier_update: (record, context) => {
    const result = checked(carrierUpdate, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return { type: 'carrier_update', value: withId(value, 'carrier_update', value.updateId, value.at) };
  },
  port_call: (record, context) => {
    const result = checked(portCall, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return {
      type: 'port_call',
      value: withId(value, 'port_call', value.port, value.vessel, value.place, value.change, value.at),
    };
  },
  vessel: (record, context) => {
    const result = checked(vesselPosition, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return { type: 'vessel', value: withId(value, 'vessel', value.mmsi, value.at) };
  },
  tms_change: (record, context) => {
    const result = checked(tmsChange, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return {
      type: 'tms_change',
      value: withId(value, 'tms_change', value.shipmentId, value.what, value.field, value.after, value.at),
    };
  },
  outcome_report: (record, context) => {
    const result = checked(outcomeReport, record, context);
    if ('code' in result) return result;
    const { value } = result;
    return {
      type: 'outcome_report',
      value: withId(
        value,
        'outcome_report',
        value.shipmentId,
        value.what,
        value.actionId,
        value.reason,
        value.at,
      ),
    };
  },
} satisfies Readonly<Record<string, Reader>>;
