import type { Place } from '../../../domain/event.ts';
import { degrees } from '../place-with.ts';
import { celsiusOf } from '../temperature.ts';
import { cbvWord, gs1Word } from './cbv-word.ts';
import type { SensorReport } from './epcis-event.ts';

export interface Reading {
  readonly temperatureC: number | null;
  /** `ALARM_CONDITION` or `ERROR_CONDITION`, where a sensor says so itself. */
  readonly exception: string | null;
  readonly position: Pick<Place, 'latitude' | 'longitude'> | null;
  readonly text: string | null;
}

/**
 * What the sensors of an event say. Temperature: the last single value; of a span, its highest, with the span in the text: a mean
 * hides what spoiled the goods. `{ min 12.4, max 13.8, mean 13.2, CEL }` → 13.8, "12.4 to 13.8 °C".
 */
export const readingOf = (reports: readonly SensorReport[]): Reading => {
  let temperatureC: number | null = null;
  let text: string | null = null;
  let exception: string | null = null;
  let latitude: number | null = null;
  let longitude: number | null = null;
  for (const report of reports) {
    if (report.exception) exception = gs1Word(report.exception);
    const type = report.type ? gs1Word(report.type) : '';
    if (type === 'Temperature') {
      const unit = report.uom ?? null;
      const value = report.value ?? report.maxValue ?? report.meanValue ?? report.minValue;
      temperatureC = celsiusOf(value, unit) ?? temperatureC;
      const low = celsiusOf(report.minValue, unit);
      const high = celsiusOf(report.maxValue, unit);
      if (low !== null && high !== null) text = `${low} to ${high} °C`;
    }
    const component = report.component ? cbvWord('component', report.component) : '';
    if (component === 'latitude') latitude = degrees(report.value, 90);
    if (component === 'longitude') longitude = degrees(report.value, 180);
  }
  const position = latitude === null || longitude === null ? null : { latitude, longitude };
  return { temperatureC, exception, position, text };
};
