import { type Hazard, hazardEndsAt, withAlert, zonesOfHazard } from '../domain/hazard.ts';
import type { WeatherAlert } from '../domain/weather-alert.ts';
import { foldedTable, type TableSpec } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';

/** The hazards that all alerts together amount to, found by zone and kept for so long after their end. */
export const hazardsTable = (alerts: Flow<WeatherAlert>, keepMs: number): TableSpec<Hazard> =>
  foldedTable(alerts, {
    key: ({ hazardId }) => hazardId,
    fold: withAlert,
    matches: zonesOfHazard,
    until: (hazard) => hazardEndsAt(hazard) + keepMs,
  });
