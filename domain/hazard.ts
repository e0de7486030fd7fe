import type { WeatherAlert } from './weather-alert.ts';

/** What the last message about a zone says of the hazard there. */
export interface HazardInZone {
  readonly alertId: string;
  readonly at: number;
  readonly severity: WeatherAlert['severity'];
  readonly onsetAt: number;
  readonly endsAt: number;
}

/**
 * One hazard as all its messages together leave it, zone by zone: the NWS writes a message for each group of zones, so
 * none of them alone says where the hazard is.
 */
export interface Hazard {
  readonly hazardId: string;
  /** Id and time of the message that was heard last. */
  readonly trigger: string;
  readonly at: number;
  readonly zones: Readonly<Record<string, HazardInZone>>;
  /** Zones where it is over, with the time of the message that said so: an older message that comes late changes nothing. */
  readonly over: Readonly<Record<string, number>>;
}

const ending = new Set(['CAN', 'UPG']);

/** Whether the hazard is over in the zones that a message names. EXP may come before the end that it speaks of. */
const isOver = ({ messageType, vtecAction, endsAt, at }: WeatherAlert): boolean =>
  messageType === 'cancel' || ending.has(vtecAction ?? '') || (vtecAction === 'EXP' && endsAt <= at);

/**
 * Takes a message into its hazard (VTEC actions: NWS Instruction 10-1703).
 * NEW, CON, EXT, EXA, EXB, COR and ROU speak of the zones that they name and of no others, so an extension keeps the old
 * zones; CAN, EXP and UPG end it in the zones that they name (the hazard that an upgrade begins has an id of its own).
 * Without VTEC the rule is CAP's: an update takes the place of the messages that it refers to, also in zones that it
 * names no more, and a cancellation ends what they said.
 * NEW for A, B · EXA for C · CAN for A → B, C · UPG for B, C → nowhere.
 */
export const withAlert = (before: Hazard | undefined, alert: WeatherAlert): Hazard => {
  const zones: Record<string, HazardInZone> = { ...before?.zones };
  const over: Record<string, number> = { ...before?.over };
  const end = (zone: string): void => {
    if ((zones[zone]?.at ?? alert.at) > alert.at) return;
    delete zones[zone];
    over[zone] = Math.max(over[zone] ?? alert.at, alert.at);
  };
  if (alert.vtecAction === null) {
    for (const [zone, { alertId }] of Object.entries(zones)) {
      if (alert.references.includes(alertId)) end(zone);
    }
  }
  for (const zone of alert.zones) {
    if (isOver(alert)) end(zone);
    else if ((zones[zone]?.at ?? -Infinity) <= alert.at && (over[zone] ?? -Infinity) <= alert.at) {
      const { alertId, at, onsetAt, endsAt } = alert;
      zones[zone] = { alertId, at, severity: severityIn(zones[zone], alert), onsetAt, endsAt };
      delete over[zone];
    }
  }
  return {
    hazardId: alert.hazardId,
    trigger: alert.id,
    at: Math.max(before?.at ?? alert.at, alert.at),
    zones,
    over,
  };
};

export const severityRank = { unknown: 0, minor: 1, moderate: 2, severe: 3, extreme: 4 } as const;

/** Of several parts of one message that speak of one zone, the worst counts. */
const severityIn = (known: HazardInZone | undefined, alert: WeatherAlert): WeatherAlert['severity'] =>
  known?.alertId === alert.alertId && severityRank[known.severity] > severityRank[alert.severity]
    ? known.severity
    : alert.severity;

export const zonesOfHazard = ({ zones }: Hazard): readonly string[] => Object.keys(zones);

/** When it is over everywhere; where it is so already, when that was said. */
export const hazardEndsAt = ({ zones, at }: Hazard): number =>
  Object.values(zones).reduce((latest, { endsAt }) => Math.max(latest, endsAt), at);
