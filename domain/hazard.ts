import type { WeatherAlert } from './weather-alert.ts';

/** What one message says of the zones that it was the last to speak of. */
export interface HazardMessage {
  readonly alertId: string;
  readonly at: number;
  readonly severity: WeatherAlert['severity'];
  readonly certainty: WeatherAlert['certainty'];
  readonly onsetAt: number;
  readonly endsAt: number;
  /** Other names of where it is: counties under its forecast zones, places in its outline. */
  readonly words: readonly string[];
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
  /** Messages that still hold somewhere, by id, and which of them holds in which zone. */
  readonly messages: Readonly<Record<string, HazardMessage>>;
  readonly zones: Readonly<Record<string, string>>;
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
  const zones: Record<string, string> = { ...before?.zones };
  const over: Record<string, number> = { ...before?.over };
  const messages: Record<string, HazardMessage> = { ...before?.messages };
  const heldBy = (zone: string): HazardMessage | undefined => messages[zones[zone] ?? ''];
  const end = (zone: string): void => {
    if ((heldBy(zone)?.at ?? alert.at) > alert.at) return;
    delete zones[zone];
    over[zone] = Math.max(over[zone] ?? alert.at, alert.at);
  };
  if (alert.vtecAction === null) {
    for (const zone of Object.keys(zones)) {
      if (alert.references.includes(heldBy(zone)?.alertId ?? '')) end(zone);
    }
  }
  const { own, words } = namesOf(alert.zones);
  const { alertId, at, severity, certainty, onsetAt, endsAt } = alert;
  messages[alert.id] = { alertId, at, severity, certainty, onsetAt, endsAt, words };
  for (const zone of own) {
    if (isOver(alert)) end(zone);
    else if (!isWorse(heldBy(zone), alert) && (over[zone] ?? -Infinity) <= at) {
      zones[zone] = alert.id;
      delete over[zone];
    }
  }
  const held = new Set(Object.values(zones));
  for (const id of Object.keys(messages)) if (!held.has(id)) delete messages[id];
  return {
    hazardId: before?.hazardId ?? alert.hazardId,
    trigger: alert.id,
    at: Math.max(before?.at ?? at, at),
    messages,
    zones,
    over,
  };
};

const forecastZone = /^[A-Z]{2}Z\d{3}$/;

/**
 * Zones that a message may end later, and what it names beside them. Two forecast zones may share a county, and a message
 * that ends one of them names the county too: so the county is under the hazard as long as one of its zones is.
 */
const namesOf = (
  zones: readonly string[],
): { readonly own: readonly string[]; readonly words: readonly string[] } => {
  const forecast = zones.filter((zone) => forecastZone.test(zone));
  const own = forecast.length > 0 ? forecast : zones.filter((zone) => !zone.startsWith('PLACE:'));
  return own.length === 0
    ? { own: zones, words: [] }
    : { own, words: zones.filter((zone) => !own.includes(zone)) };
};

export const severityRank = { unknown: 0, minor: 1, moderate: 2, severe: 3, extreme: 4 } as const;

/** What is known is later, or another part of the same message that takes a graver view of the zone. */
const isWorse = (known: HazardMessage | undefined, { alertId, at, severity }: WeatherAlert): boolean =>
  known !== undefined &&
  (known.at > at || (known.alertId === alertId && severityRank[known.severity] > severityRank[severity]));

/** Every name of where it is. */
export const zonesOfHazard = ({ zones, messages }: Hazard): readonly string[] => [
  ...new Set([...Object.keys(zones), ...Object.values(messages).flatMap(({ words }) => words)]),
];

/** What is said of any of these zones. */
export const messagesAbout = (
  { zones, messages }: Hazard,
  wanted: readonly string[],
): readonly HazardMessage[] => {
  const named = new Set(wanted);
  const ids = new Set(wanted.flatMap((zone) => zones[zone] ?? []));
  return Object.entries(messages).flatMap(([id, message]) =>
    ids.has(id) || message.words.some((word) => named.has(word)) ? [message] : [],
  );
};

/** When it is over everywhere; where it is so already, when that was said. */
export const hazardEndsAt = ({ messages, at }: Hazard): number =>
  Object.values(messages).reduce((latest, { endsAt }) => Math.max(latest, endsAt), at);
