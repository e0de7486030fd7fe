import type { Acknowledgement } from '../../domain/acknowledgement.ts';
import type { CodeMappings } from '../../domain/code-mapping.ts';
import type { Contract } from '../../domain/contract.ts';
import type { Directory } from '../../domain/directory.ts';
import type { EdiFinding } from '../../domain/edi-finding.ts';
import type { EdiParty } from '../../domain/edi-interchange.ts';
import type { InputMapping } from '../../domain/input-mapping.ts';
import type { Inquiry } from '../../domain/inquiry.ts';
import type { Allocation, Order } from '../../domain/order.ts';
import type { Places } from '../../domain/places.ts';
import type { PortStatus } from '../../domain/port-status.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import type { WeatherObservation } from '../../domain/weather-observation.ts';
import type { RoadStatus } from '../../domain/road-status.ts';
import type { CarrierUpdate } from '../../domain/carrier-update.ts';
import type { PortCall } from '../../domain/port-call.ts';
import type { VesselPosition } from '../../domain/vessel-position.ts';
import type { TmsChange } from '../../domain/tms-change.ts';
import type { OutcomeReport } from '../../domain/outcome-report.ts';
import type { WeatherAlert } from '../../domain/weather-alert.ts';
import type { ErrorCode } from '../../runtime/forewarn-error.ts';
import type { FormatName } from '../../runtime/format-names.ts';
import type { ParsedJson } from './bare-json.ts';

/** What came in, as it came: nothing has looked into the bytes yet. */
export interface RawDocument {
  /** Ingest source, such as `saia-214`. */
  readonly source: string;
  /** The sender's id of the document, or its place in the log. */
  readonly documentId: string;
  readonly contentType: string;
  /** Log time, in milliseconds; no decoder reads a clock. */
  readonly heardAt: number;
  /** Its place in its partition of the log, once it is there. */
  readonly offset?: number | undefined;
  readonly bytes: Uint8Array;
  /** Its bytes as JSON, where that was found out to know its format; decoders ask `jsonOf`. */
  readonly parsed?: ParsedJson | undefined;
}

export interface DecodedValues {
  readonly tracking: TrackingEvent;
  readonly plan: ShipmentPlan;
  readonly contract: Contract;
  readonly weather: WeatherAlert;
  readonly port: PortStatus;
  readonly order: Order;
  readonly allocation: Allocation;
  readonly directory: Directory;
  readonly inquiry: Inquiry;
  readonly acknowledgement: Acknowledgement;
  /** Of an EDI document as a file; it stands behind all that the document says. */
  readonly edi_finding: EdiFinding;
  readonly observation: WeatherObservation;
  readonly road: RoadStatus;
  readonly carrier_update: CarrierUpdate;
  readonly port_call: PortCall;
  readonly vessel: VesselPosition;
  readonly tms_change: TmsChange;
  readonly outcome_report: OutcomeReport;
}

export type DecodedEvent = {
  [T in keyof DecodedValues]: {
    readonly type: T;
    readonly position: number;
    readonly value: DecodedValues[T];
  };
}[keyof DecodedValues];

/** A record that could not be used, with its own bytes, so that it can be mended and played again. */
export interface DecodeFailure {
  readonly type: 'failure';
  /** `decode`: it cannot be read. `validate`: it can be read, and breaks a rule. */
  readonly stage: 'decode' | 'validate';
  readonly position: number;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** A record that is accounted for and says nothing about a shipment. */
export interface DecodedNothing {
  readonly type: 'nothing';
  readonly position: number;
  /**
   * `echo`: we said so ourselves, and it came back; it is never evidence. `unrelated`: it tells of something that belongs to
   * no shipment, such as a vessel's bunkering or a single item on a shelf.
   * `ignored`: its mapping takes nothing of it.
   */
  readonly why: 'heartbeat' | 'test' | 'acknowledgement' | 'echo' | 'unrelated' | 'ignored';
}

/** `position` counts the records of one document from 0 without gaps: `decoded[i].position === i`. */
export type Decoded = DecodedEvent | DecodeFailure | DecodedNothing;

/** Kinds of records that may be sent as canonical JSON: all but what we find out about a document. */
export type CanonicalType = Exclude<DecodedEvent['type'], 'edi_finding'>;

export interface PartnerSettings {
  /** IANA zone in which the partner writes local times, such as `America/Chicago`. */
  readonly zone?: string;
  /** Standard whose mapping applies; `x12-214` for a 214 and the record's own for canonical JSON otherwise. */
  readonly standard?: string;
  /** Name under which the partner's dialect is found in `rules/mappings/`. */
  readonly partner?: string;
  /** Format of its documents where their label names none; else what is in them decides. */
  readonly format?: FormatName;
  /** Carrier, where the message names none. */
  readonly scac?: string;
  /** What the carrier's own number is; `tracking` for parcel carriers. */
  readonly carrierReference?: 'pro' | 'tracking';
  /** X12 statuses, such as `D1`, that it sends again when it knows better: the later one counts instead. */
  readonly corrects?: readonly string[];
}

export interface DecoderSettings {
  readonly mappings: CodeMappings;
  /** By ingest source. */
  readonly partners: Readonly<Record<string, PartnerSettings>>;
  /** By ingest source: what rows of its files and tables are to us; `rules/inputs/`. */
  readonly inputs?: ReadonlyMap<string, InputMapping>;
  /** Under which ids we write to others: what comes in from one of them is our own. */
  readonly own?: readonly EdiParty[];
  /** The location master, for zones and clocks of places; without it those that documents name are all there are. */
  readonly places?: Places;
  /** IANA zone for local times of which neither event, stop nor partner says where. */
  readonly defaultZone: string;
  /** An event later than its own `heardAt` by more than this is a failure, so that one bad clock stays alone. */
  readonly maxFutureMs: number;
}

/** Never throws, and keeps the order of the document. */
export type Decode = (document: RawDocument, settings: DecoderSettings) => readonly Decoded[];
