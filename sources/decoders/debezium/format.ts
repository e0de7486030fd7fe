import { parseJson } from '../bare-json.ts';
import type { Format, Sight } from '../format.ts';
import { decodeDebezium } from './decode-debezium.ts';
import { isEnvelope } from './envelope.ts';

const LINE_FEED = 10;

/** The first line of what is more than one value. */
const firstLine = ({ bytes }: Sight): unknown => {
  const end = bytes.indexOf(LINE_FEED);
  const parsed = parseJson(end === -1 ? bytes : bytes.subarray(0, end));
  return 'broken' in parsed ? null : parsed.value;
};

/** Changes of rows of a database. Lines of them that are labelled as NDJSON need the setting of their source. */
export const debezium: Format = {
  name: 'debezium',
  mediaTypes: [],
  extensions: [],
  recognises: (sight) =>
    sight.json === undefined
      ? sight.head.startsWith('{') && isEnvelope(firstLine(sight))
      : isEnvelope(sight.object),
  decode: decodeDebezium,
};
