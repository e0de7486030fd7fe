import { location, type Location } from '../../domain/location.ts';
import { places } from '../../sources/simulated/geography.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';

/** Where the words of the simulated plans are, as a customer's own file of places says it. */
export const simulatedLocations: readonly Location[] = places.map(({ key, latitude, longitude }) =>
  location.parse({ id: key, latitude, longitude }),
);

/**
 * A document with its plans as a TMS has them: places and times, and nothing of the zones of alerts between them, which the
 * simulator knows and the line has to find.
 */
export const withoutZones = (document: RecordedDocument): RecordedDocument =>
  document.text.includes('"zonesAt"')
    ? { ...document, text: document.text.split('\n').map(lineWithoutZones).join('\n') }
    : document;

const lineWithoutZones = (line: string): string =>
  line === ''
    ? line
    : JSON.stringify(JSON.parse(line), (key, value: unknown) =>
        key === 'zones' || key === 'zonesAt' ? undefined : value,
      );
