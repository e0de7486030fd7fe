import { type Hazard, hazardEndsAt, withAlert, zonesOfHazard } from '../domain/hazard.ts';
import type { WeatherAlert } from '../domain/weather-alert.ts';
import { foldedTable, type TableSpec } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';

/**
 * The hazards that all alerts together amount to, found by zone and kept for so long after their end. A message without
 * VTEC belongs to the hazard that holds a message that it refers to: some agencies name the one before, and not the first.
 */
export const hazardsTable = (alerts: Flow<WeatherAlert>, keepMs: number): TableSpec<Hazard> =>
  foldedTable(alerts, {
    key: ({ hazardId }) => hazardId,
    belongsTo: ({ vtecAction, references, hazardId }, find) =>
      vtecAction === null ? (find(references.map(alertWord))[0]?.hazardId ?? hazardId) : hazardId,
    fold: withAlert,
    matches: (hazard) => [
      ...zonesOfHazard(hazard),
      ...new Set(Object.values(hazard.messages).map(({ alertId }) => alertWord(alertId))),
    ],
    until: (hazard) => hazardEndsAt(hazard) + keepMs,
  });

const alertWord = (alertId: string): string => `alert:${alertId}`;
