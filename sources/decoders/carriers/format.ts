import type { FormatName } from '../../../runtime/format-names.ts';
import type { Format } from '../format.ts';
import type { CarrierReply } from './carrier-reply.ts';
import { decodeCarrier } from './decode-carrier.ts';
import { aftership } from './replies/aftership.ts';
import { canadaPostXml } from './replies/canada-post.ts';
import { dhlJson, dhlProblem, dhlXml } from './replies/dhl.ts';
import { easypost } from './replies/easypost.ts';
import { fedexJson, fedexXml } from './replies/fedex.ts';
import { a1Xml, lasershipJson, prestigeJson, stampsXml } from './replies/regional.ts';
import { shipengine } from './replies/shipengine.ts';
import { shippo } from './replies/shippo.ts';
import { upsAlert, upsJson, upsXml } from './replies/ups.ts';
import { uspsJson, uspsXml } from './replies/usps.ts';

const formatOf = (name: FormatName, replies: readonly CarrierReply[]): Format => ({
  name,
  mediaTypes: [],
  extensions: [],
  recognises: (sight) => replies.some((reply) => reply.tellsItself !== false && reply.recognises(sight)),
  decode: decodeCarrier(name, replies),
});

/** One format a carrier or aggregator; each tells its ways of writing apart itself. */
export const carrierFormats: readonly Format[] = [
  formatOf('fedex', [fedexXml, fedexJson]),
  formatOf('ups', [upsXml, upsJson, upsAlert]),
  formatOf('usps', [uspsXml, uspsJson]),
  formatOf('dhl', [dhlXml, dhlJson, dhlProblem]),
  formatOf('canada-post', [canadaPostXml]),
  formatOf('a1', [a1Xml]),
  formatOf('prestige', [prestigeJson]),
  formatOf('lasership', [lasershipJson]),
  formatOf('stamps', [stampsXml]),
  formatOf('aftership', [aftership]),
  formatOf('shippo', [shippo]),
  formatOf('shipengine', [shipengine]),
  // Last: of its replies some are little more than a name and an id.
  formatOf('easypost', [easypost]),
];
