import { weatherAlert, type WeatherAlert } from '../../../domain/weather-alert.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecodedNothing, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { certainties, severities, wordOf } from '../nws/alert-words.ts';
import { hazardIdOf, readVtec, type Vtec } from '../nws/vtec.ts';
import { parseXml } from '../safe-xml.ts';
import { type CapAlert, capAlert, capHead, type CapInfo } from './cap-alert.ts';
import { zonesOfInfo } from './cap-area.ts';

/** CAP leaves it to the receiver how long an alert without `expires` holds. */
const NO_EXPIRY_MS = 24 * 3_600_000;

/**
 * A CAP alert. Its `info` of one language, English where there is it, are alerts of their own (the others say the same in
 * other words), and so are the VTEC of one `info`. An "all clear" ends what it refers to, and a cancellation may
 * have no `info` at all.
 */
export const decodeCap: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'cap/2');
  const xml = parseXml(document.bytes);
  if ('broken' in xml) records.fail('decode', 'FW401', xml.broken, document.bytes);
  else if (xml.root !== 'alert')
    records.fail('decode', 'FW401', `CAP begins with alert, not with ${xml.root}`, document.bytes);
  else decodeAlert(records, xml.value, document, settings);
  return records.list;
};

const decodeAlert = (
  records: DecodedRecords,
  value: unknown,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const head = capHead.safeParse(value);
  const { status = 'Actual', msgType = 'Alert' } = head.success ? head.data : {};
  const nothing = reasonForNothing(status, msgType);
  if (nothing !== null) {
    records.nothing(nothing);
    return;
  }
  const fail = (code: 'FW402' | 'FW403', reason: string): void =>
    records.fail('validate', code, `CAP: ${reason}`, document.bytes);
  const checked = capAlert.safeParse(value);
  if (!checked.success) return fail('FW402', firstIssue(checked.error, value));
  const alert = checked.data;
  const messageType = messageTypes[alert.msgType];
  if (messageType === undefined) return fail('FW402', `msgType "${alert.msgType}" is none of CAP's`);
  const { heardAt } = document;
  if (timeOfEvent(alert.sent, 'instant', heardAt, settings.maxFutureMs) === null)
    return fail('FW403', futureReason(alert.sent, heardAt, settings.maxFutureMs));
  const parts = partsOf(alert);
  if (parts === 'test') return records.nothing('test');
  if (parts.length === 0 && messageType !== 'cancel')
    return fail('FW402', 'info: an alert needs at least one');
  (parts.length === 0 ? [null] : parts).forEach((part, index, all) => {
    const id = all.length === 1 ? alert.identifier : `${alert.identifier}#${index + 1}`;
    const result = weatherAlert.safeParse({
      id,
      heardAt,
      source: records.provenance(null),
      ...alertOf(alert, messageType, part, settings),
    });
    if (result.success) records.push({ type: 'weather', value: result.data });
    else fail('FW402', firstIssue(result.error, null));
  });
};

const reasonForNothing = (status: string, msgType: string): DecodedNothing['why'] | null => {
  if (status === 'System') return 'heartbeat';
  if (status !== 'Actual') return 'test';
  return msgType === 'Ack' || msgType === 'Error' ? 'acknowledgement' : null;
};

const messageTypes: Readonly<Record<string, WeatherAlert['messageType']>> = {
  Alert: 'alert',
  Update: 'update',
  Cancel: 'cancel',
};

interface Part {
  readonly info: CapInfo;
  readonly vtec: Vtec | null;
}

/** `test` where every VTEC says that it is one. */
const partsOf = ({ info: infos }: CapAlert): readonly Part[] | 'test' => {
  let tests = 0;
  const parts = inOneLanguage(infos).flatMap((info): readonly Part[] => {
    const hazards = info.parameter
      .flatMap(({ valueName, value }) => (valueName === 'VTEC' && value !== null ? [readVtec(value)] : []))
      .filter((vtec) => vtec !== null);
    const live = hazards.filter(({ operational }) => operational);
    tests += hazards.length - live.length;
    if (hazards.length === 0) return [{ info, vtec: null }];
    return live.map((vtec) => ({ info, vtec }));
  });
  return parts.length === 0 && tests > 0 ? 'test' : parts;
};

/** English, which CAP means where it names no language, else the language that comes first. */
const inOneLanguage = (infos: readonly CapInfo[]): readonly CapInfo[] => {
  const languageOf = ({ language }: CapInfo): string => (language ?? 'en').toLowerCase();
  const languages = infos.map(languageOf);
  const chosen =
    languages.find((language) => language === 'en' || language.startsWith('en-')) ?? languages[0];
  return infos.filter((info) => languageOf(info) === chosen);
};

const alertOf = (
  alert: CapAlert,
  messageType: WeatherAlert['messageType'],
  part: Part | null,
  { places }: DecoderSettings,
): Omit<WeatherAlert, 'id' | 'heardAt' | 'source'> => {
  const { info = null, vtec = null } = part ?? {};
  const referred = referencesOf(alert.references);
  const references = referred.map(({ identifier }) => identifier);
  const onsetAt = info?.onset ?? info?.effective ?? vtec?.beginsAt ?? alert.sent;
  const endsAt = vtec?.endsAt ?? info?.expires ?? onsetAt + NO_EXPIRY_MS;
  const isClear = info?.responseType.includes('AllClear') ?? false;
  return {
    at: alert.sent,
    alertId: alert.identifier,
    hazardId:
      vtec === null
        ? (references[0] ?? alert.identifier)
        : hazardIdOf(
            vtec,
            alert.sent,
            referred.flatMap(({ sentAt }) => (Number.isFinite(sentAt) ? [sentAt] : [])),
          ),
    messageType: isClear ? 'cancel' : messageType,
    vtecAction: vtec?.action ?? null,
    event: info?.event?.slice(0, 120) ?? 'alert',
    severity: wordOf(severities, info?.severity),
    certainty: wordOf(certainties, info?.certainty),
    zones: info === null ? [] : [...zonesOfInfo(info, places)],
    onsetAt,
    endsAt: Math.max(endsAt, onsetAt),
    headline: (info?.headline ?? '').slice(0, 4_000),
    references,
  };
};

interface Referred {
  readonly identifier: string;
  /** Infinity where it cannot be read. */
  readonly sentAt: number;
}

/** `sender,identifier,sent` of each message that is meant, with spaces between; the earliest first. */
const referencesOf = (text: string | null): readonly Referred[] =>
  (text ?? '')
    .split(/\s+/)
    .flatMap((triple) => {
      const [, identifier, sent] = /^[^,]*,(.+),([^,]+)$/.exec(triple) ?? [];
      if (identifier === undefined || identifier.length > 200) return [];
      const sentAt = Date.parse(sent ?? '');
      return [{ identifier, sentAt: Number.isNaN(sentAt) ? Number.POSITIVE_INFINITY : sentAt }];
    })
    .toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : a.sentAt > b.sentAt ? 1 : 0));
