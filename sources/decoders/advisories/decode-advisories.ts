import { carrierUpdate, type CarrierUpdate } from '../../../domain/carrier-update.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, PartnerSettings } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { parseXml } from '../safe-xml.ts';
import { entriesOf, type FeedEntry } from './feed-entry.ts';

/** Feeds do not say until when an advisory holds: so long after its last change, unless it is taken back before. */
const HOLDS_MS = 7 * 86_400_000;

/**
 * Each entry of the feed is an advisory of the carrier whose feed it is. What it is about is said by its categories, in the words that
 * `service-advisory.yaml`, or the partner's own mapping, knows; title and text are for people. An entry that comes again changed
 * replaces itself, and one whose category says that it is over ends.
 */
export const decodeAdvisories: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'advisories/1');
  const xml = parseXml(document.bytes);
  const entries = 'broken' in xml ? null : entriesOf(xml);
  if ('broken' in xml || entries === null) {
    const reason = 'broken' in xml ? xml.broken : `neither RSS 2.0 nor Atom, but ${xml.root}`;
    records.fail('decode', 'FW401', reason, document.bytes);
    return records.list;
  }
  const partner = settings.partners[document.source] ?? {};
  const { heardAt } = document;
  for (const entry of entries) {
    const fail = (code: 'FW402' | 'FW403', reason: string): void =>
      records.fail('validate', code, `advisory: ${reason}`, xml.bytesOf(entry.element));
    const at = Date.parse(entry.date);
    if (partner.scac === undefined)
      fail('FW402', `whose feed it is cannot be told; set partners.${document.source}.scac`);
    else if (entry.id === '') fail('FW402', 'it has neither guid, id nor link');
    else if (Number.isNaN(at)) fail('FW402', `its date "${entry.date}" cannot be read`);
    else if (timeOfEvent(at, 'instant', heardAt, settings.maxFutureMs) === null)
      fail('FW403', futureReason(at, heardAt, settings.maxFutureMs));
    else {
      const update = carrierUpdate.safeParse({
        ...updateOf(entry, at, partner.scac, partner, settings),
        heardAt,
        source: records.provenance(settings.mappings.label(standardOf(partner), partner.partner ?? null)),
      });
      if (update.success) records.push({ type: 'carrier_update', value: update.data });
      else fail('FW402', firstIssue(update.error, null));
    }
  }
  if (entries.length === 0) records.nothing('heartbeat');
  return records.list;
};

const standardOf = ({ standard }: PartnerSettings): string => standard ?? 'service-advisory';

const updateOf = (
  { id, title, terms }: FeedEntry,
  at: number,
  carrier: string,
  partner: PartnerSettings,
  { mappings }: DecoderSettings,
): Omit<CarrierUpdate, 'heardAt' | 'source'> => {
  const known = terms.map((term) => {
    const code = term.trim().toLowerCase();
    const asked = { standard: standardOf(partner), partner: partner.partner ?? null, agency: null, code };
    return {
      state: mappings.find({ ...asked, list: 'state' }),
      about: mappings.find({ ...asked, list: 'category' }),
    };
  });
  const about = known.find((one) => one.about !== null)?.about ?? null;
  const updateId = `advisory:${carrier}:${id}`.slice(0, 200);
  return {
    id: stableId('carrier-update', updateId, at),
    at,
    updateId,
    kind: 'advisory',
    carrier,
    lanes: [],
    services: [],
    zones: [],
    cause: about?.cause ?? (terms.length === 0 ? 'none' : 'unmapped'),
    category: about?.category ?? null,
    startsAt: at,
    endsAt: at + HOLDS_MS,
    cancelled: known.some(({ state }) => state?.status === 'cancelled'),
    shipments: null,
    onTimeRate: null,
    tenderAcceptance: null,
    headline: title.slice(0, 4_000),
  };
};
