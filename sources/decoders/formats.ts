import type { FormatName } from '../../runtime/format-names.ts';
import { canonicalJson, canonicalLines } from './canonical/format.ts';
import type { Format } from './format.ts';
import { csv } from './csv/format.ts';
import { debezium } from './debezium/format.ts';
import { nws } from './nws/format.ts';
import { x12 } from './x12/format.ts';

/** All formats, those first whose documents look like nothing else: canonical JSON takes what is left of JSON. */
export const formats: readonly Format[] = [x12, nws, debezium, csv, canonicalJson, canonicalLines];

const byName: ReadonlyMap<FormatName, Format> = new Map(formats.map((format) => [format.name, format]));

export const formatNamed = (name: FormatName): Format | undefined => byName.get(name);
