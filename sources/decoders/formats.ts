import type { FormatName } from '../../runtime/format-names.ts';
import { advisories } from './advisories/format.ts';
import { ais } from './ais/format.ts';
import { canonicalJson, canonicalLines } from './canonical/format.ts';
import { carrierFormats } from './carriers/format.ts';
import { cargoImp } from './cargo-imp/format.ts';
import { dcsa } from './dcsa/format.ts';
import { epcis } from './epcis/format.ts';
import { edifact } from './edifact/format.ts';
import type { Format } from './format.ts';
import { cap } from './cap/format.ts';
import { metar } from './metar/format.ts';
import { nwsObservation } from './nws-observation/format.ts';
import { csv } from './csv/format.ts';
import { debezium } from './debezium/format.ts';
import { nws } from './nws/format.ts';
import { wzdx } from './wzdx/format.ts';
import { visibility } from './visibility/format.ts';
import { oneRecord } from './one-record/format.ts';
import { sapGtt } from './sap-gtt/format.ts';
import { x12 } from './x12/format.ts';

/** All formats, those first whose documents look like nothing else: canonical JSON takes what is left of JSON. */
export const formats: readonly Format[] = [
  x12,
  edifact,
  ais,
  cargoImp,
  cap,
  advisories,
  metar,
  wzdx,
  dcsa,
  epcis,
  oneRecord,
  sapGtt,
  nwsObservation,
  nws,
  ...carrierFormats,
  visibility,
  debezium,
  csv,
  canonicalJson,
  canonicalLines,
];

const byName: ReadonlyMap<FormatName, Format> = new Map(formats.map((format) => [format.name, format]));

export const formatNamed = (name: FormatName): Format | undefined => byName.get(name);
