import { type Hazard, hazardEndsAt, withAlert, zonesOfHazard } from '../domain/hazard.ts';
import type { WeatherAlert } from '../domain/weather-alert.ts';
import { foldedTable, type TableSpec } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';

/**
 * The hazards that all alerts together amount to, found by zone and kept for so long after their end. A message without
 * VTEC belongs to the hazard that holds a message that it refers to: some agencies name the one before, and not the first.
 * One with VTEC belongs to the hazard of its name, or of that name in the year before where only that one is there.
 */
export const hazardsTable = (alerts: Flow<WeatherAlert>, keepMs: number): TableSpec<Hazard> =>
  foldedTable(alerts, {
    key: ({ hazardId }) => hazardId,
    belongsTo: (alert, find) =>
      alert.vtecAction === null
        ? (find(alert.references.map(alertWord))[0]?.hazardId ?? alert.hazardId)
        : hazardOfYear(alert, find),
    fold: withAlert,
    matches: (hazard) => [
      ...zonesOfHazard(hazard),
      hazardWord(hazard.hazardId),
      ...new Set(Object.values(hazard.messages).map(({ alertId }) => alertWord(alertId))),
    ],
    until: (hazard) => hazardEndsAt(hazard) + keepMs,
  });

const alertWord = (alertId: string): string => `alert:${alertId}`;
const hazardWord = (hazardId: string): string => `hazard:${hazardId}`;

/**
 * Event numbers begin anew every January, and a hazard that goes on into it keeps its own: `KOHX.WI.Y.0001.2025` of a
 * message that is not NEW means `KOHX.WI.Y.0001.2024` while that holds and no such hazard of 2025 is known. Where both
 * are, the one that holds a message that it refers to.
 */
const hazardOfYear = (
  { vtecAction, hazardId, references }: WeatherAlert,
  find: (words: readonly string[]) => readonly Hazard[],
): string => {
  const [, event, year] = /^(.+)\.(\d{4})$/.exec(hazardId) ?? [];
  if (vtecAction === 'NEW' || event === undefined) return hazardId;
  const named = [hazardId, `${event}.${Number(year) - 1}`];
  const held = find(named.map(hazardWord)).filter((hazard) => named.includes(hazard.hazardId));
  const referred = held.find(({ messages }) =>
    Object.values(messages).some(({ alertId }) => references.includes(alertId)),
  );
  const own = held.find((hazard) => hazard.hazardId === hazardId);
  return (referred ?? own ?? held[0])?.hazardId ?? hazardId;
};
