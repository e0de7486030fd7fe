import { celsiusOf } from '../temperature.ts';
import type { DcsaEvent } from './dcsa-event.ts';

/**
 * What a reefer measured, in degrees Celsius: the return air, else the supply air, else the probe that is farthest from the
 * setpoint, and the warmest where none is set: set −20, probes −19.8, −20.1 → −19.8. The outside air tells nothing of the
 * goods.
 */
export const temperatureOf = ({ reeferDetails }: DcsaEvent): number | null => {
  if (!reeferDetails) return null;
  const { temperatureUnit, internalSetpointTemperature: set } = reeferDetails;
  const probes = (reeferDetails.temperatureProbeMeasurements ?? []).flatMap(
    ({ measuredTemperatureValue: value }) => (value === null ? [] : [value]),
  );
  const far = (value: number): number => (set === null ? value : Math.abs(value - set));
  const probe = probes.toSorted((a, b) => far(b) - far(a))[0] ?? null;
  const air =
    reeferDetails.returnAirTemperatureMeasurement?.temperatureValue ??
    reeferDetails.supplyAirTemperatureMeasurement?.temperatureValue;
  return celsiusOf(air ?? probe, temperatureUnit);
};

/** Setpoint and standing alarms in words, for people. */
export const reeferText = ({ reeferDetails }: DcsaEvent): string | null => {
  if (!reeferDetails) return null;
  const { internalSetpointTemperature: set, temperatureUnit, alarms } = reeferDetails;
  const setC = celsiusOf(set, temperatureUnit);
  const standing = (alarms ?? []).filter(({ endDateTime }) => endDateTime === null);
  const parts = [
    ...(setC === null ? [] : [`set to ${setC} °C`]),
    ...standing.map(({ code, description }) => `alarm ${[code, description].filter(Boolean).join(' ')}`),
  ];
  return parts.length === 0 ? null : parts.join('; ');
};
