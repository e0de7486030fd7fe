import type { Format } from '../format.ts';
import { objectOf } from '../json-record.ts';
import { decodeSapGtt } from './decode-sap-gtt.ts';
import { entityType } from './entity.ts';

/** OData 2 replies of SAP Global Track and Trace: `{ "d": … }` whose entities say their type in `__metadata`. */
export const sapGtt: Format = {
  name: 'sap-gtt',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) => {
    if (object === null) return false;
    const d = objectOf(object['d']);
    const results = d?.['results'];
    const first = Array.isArray(results) ? (results as readonly unknown[])[0] : (d ?? object);
    return entityType(first) !== null;
  },
  decode: decodeSapGtt,
};
