import { ediReasons, type EdiReasons } from '../../domain/edi-reasons.ts';
import type { EdiParty } from '../../domain/edi-interchange.ts';
import type { Channel } from '../../sinks/outbox/channel.ts';
import { tellsOnly, type Executor } from '../../sinks/outbox/check-executors.ts';
import { compileMapping, type CompiledMapping } from '../../sinks/outbox/tms/compile-mapping.ts';
import { otm } from '../../sinks/outbox/tms/otm.ts';
import { tmsRest } from '../../sinks/outbox/tms/tms-rest.ts';
import {
  dropInterchange,
  postInterchange,
  type Transport,
} from '../../sinks/outbox/tms/deliver-interchange.ts';
import type { AnsweredPartner } from '../../sinks/outbox/tms/x12/owe-acknowledgements.ts';
import type { InterchangeRegister } from '../../sinks/outbox/tms/x12/interchange-register.ts';
import type { X12Partner } from '../../sinks/outbox/tms/x12/partner.ts';
import { x12214 } from '../../sinks/outbox/tms/x12/x12-214.ts';
import { wallClock } from '../clock.ts';
import type { OtmDestination, TmsRestDestination, X12Destination } from '../config/tms-destination.ts';
import { durationMs } from '../duration.ts';
import type { Log } from '../log/log.ts';
import { loadTmsMapping } from '../rules/load-tms-mapping.ts';
import { readRulesFile } from '../rules/read-rules-file.ts';
import { rulesSchemas } from '../rules/rules-schemas.ts';

export type TmsDestination = TmsRestDestination | OtmDestination | X12Destination;

export const isTmsDestination = (destination: {
  readonly kind?: string | undefined;
}): destination is TmsDestination =>
  destination.kind === 'tms-rest' || destination.kind === 'otm' || destination.kind === 'x12-214';

type Login = Pick<TmsRestDestination, 'username' | 'password' | 'token'>;

const loginHeaders = ({ username, password, token }: Login): Record<string, string> => {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
};

const reasonsIn = (rulesFolder: string): EdiReasons =>
  readRulesFile(rulesFolder, 'mappings/x12-214-out.yaml', ediReasons, rulesSchemas['edi-reasons']).content;

const mappingOf = (rulesFolder: string, { mapping }: TmsRestDestination): CompiledMapping => {
  const { name, content } = loadTmsMapping(rulesFolder, mapping);
  return compileMapping(content, name);
};

/** What a destination can be asked for. FW103 when its mapping file does not fit. */
export const executorOf = (destination: TmsDestination, rulesFolder: string): Executor => {
  if (destination.kind !== 'tms-rest') return tellsOnly(destination.kind);
  const mapping = mappingOf(rulesFolder, destination);
  return {
    kind: destination.kind,
    covers: (type, template) => mapping.covers(type, template),
    mend: (type) => `add an entry for ${type} to ${mapping.file}, or set authority: recommend`,
  };
};

/** Under which ids we write to others. */
export const ownEdiParties = (
  destinations: Iterable<{ readonly kind?: string | undefined }>,
): readonly EdiParty[] =>
  [...destinations].flatMap((destination) =>
    isTmsDestination(destination) && destination.kind === 'x12-214'
      ? [{ qualifier: destination.sender.qualifier, id: destination.sender.id }]
      : [],
  );

export interface TmsSurroundings {
  readonly rulesFolder: string;
  readonly log: Log;
}

export const tmsRestChannel = (
  name: string,
  destination: TmsRestDestination,
  { rulesFolder, log }: TmsSurroundings,
): Channel =>
  tmsRest({
    name,
    url: destination.url,
    mapping: mappingOf(rulesFolder, destination),
    headers: loginHeaders(destination),
    ingestAs: destination.ingestAs,
    log,
    clock: wallClock,
  });

export const otmChannel = (
  name: string,
  destination: OtmDestination,
  { rulesFolder }: Pick<TmsSurroundings, 'rulesFolder'>,
): Channel => {
  const { url, domain, predicted, detected, reasonPrefix, idField } = destination;
  const headers = loginHeaders(destination);
  const reasons = reasonsIn(rulesFolder);
  return otm({
    name,
    url,
    headers,
    domain,
    predicted,
    detected,
    reasonPrefix,
    idField,
    reasons,
    clock: wallClock,
  });
};

/** How a partner wants our interchanges written. */
const x12PartnerOf = (destination: X12Destination): X12Partner => {
  const { sender, receiver, version, usage, delimiters, scac, estimate, shipmentQualifier } = destination;
  return {
    sender: { qualifier: sender.qualifier, id: sender.id },
    receiver: { qualifier: receiver.qualifier, id: receiver.id },
    groupSender: sender.group ?? sender.id,
    groupReceiver: receiver.group ?? receiver.id,
    version,
    usage,
    delimiters,
    scac,
    estimate,
    shipmentQualifier,
  };
};

type Way = Login & { readonly url?: string | undefined; readonly folder?: string | undefined };
type EdiType = Parameters<typeof postInterchange>[0]['contentType'];

/** How interchanges go to whoever is configured under `name`. */
export const transportOf = (name: string, way: Way, contentType: EdiType): Transport => {
  const { url, folder = '' } = way;
  if (url === undefined) return dropInterchange(folder);
  const headers = loginHeaders(way);
  return postInterchange({ name, url, headers, contentType, nowMs: () => wallClock.now() });
};
const x12TransportOf = (name: string, destination: X12Destination): Transport =>
  transportOf(name, destination, 'application/edi-x12');

/** Partners whose groups are answered with a 997. */
export const answeredPartners = (
  destinations: Readonly<Record<string, { readonly kind?: string | undefined }>>,
): readonly AnsweredPartner[] =>
  Object.entries(destinations).flatMap(([name, destination]) =>
    isTmsDestination(destination) && destination.kind === 'x12-214' && destination.acknowledges
      ? [
          {
            name,
            partner: x12PartnerOf(destination),
            standard: destination.acknowledges === true ? '997' : destination.acknowledges,
            transport: x12TransportOf(name, destination),
          },
        ]
      : [],
  );

export const x12Channel = (
  name: string,
  destination: X12Destination,
  {
    rulesFolder,
    register,
  }: Pick<TmsSurroundings, 'rulesFolder'> & { readonly register: InterchangeRegister },
): Channel =>
  x12214({
    name,
    partner: x12PartnerOf(destination),
    reasons: reasonsIn(rulesFolder),
    register,
    transport: x12TransportOf(name, destination),
    acknowledgeWithinMs:
      destination.acknowledgeWithin === 'never' ? null : durationMs(destination.acknowledgeWithin),
  });
