import type { CarrierUpdate } from '../domain/carrier-update.ts';
import type { Contract } from '../domain/contract.ts';
import type { FeedState } from '../domain/feed-state.ts';
import type { PortStatus } from '../domain/port-status.ts';
import type { RoadStatus } from '../domain/road-status.ts';
import type { ScanRhythm } from '../domain/scan-rhythm.ts';
import type { WeatherAlert } from '../domain/weather-alert.ts';
import { table } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';
import { hazardsTable } from './hazards-table.ts';
import { rulesTable } from './rules-table.ts';
import type { RulesInForce } from './topics.ts';

/** What is over is kept a little longer, for a shipment of which it is heard late. */
const KEPT_MS = 6 * 3_600_000;

export type Surroundings = ReturnType<typeof surroundings>;

/** What is known around all shipments, as tables: each shipment is found by the words of its remaining way. */
export const surroundings = (from: {
  readonly rules: Flow<RulesInForce>;
  readonly contracts: Flow<Contract>;
  readonly weather: Flow<WeatherAlert>;
  readonly ports: Flow<PortStatus>;
  readonly roads: Flow<RoadStatus>;
  readonly updates: Flow<CarrierUpdate>;
  readonly feeds: Flow<FeedState>;
  readonly rhythms: Flow<ScanRhythm>;
}) => ({
  rules: rulesTable(from.rules),
  contracts: table(from.contracts, {
    key: (row) => `${row.customerId}:${row.version}`,
    matches: (row) => [row.customerId],
  }),
  weather: hazardsTable(from.weather, KEPT_MS),
  ports: table(from.ports, { key: (port) => port.port }),
  roads: table(from.roads, {
    key: (road) => road.roadId,
    matches: (road) => road.corridors,
    until: (road) => road.endsAt + KEPT_MS,
  }),
  updates: table(from.updates, {
    key: (update) => update.updateId,
    matches: (update) => [update.carrier],
    until: (update) => update.endsAt + KEPT_MS,
  }),
  feeds: table(from.feeds, { key: (feed) => feed.feed, matches: (feed) => feed.carriers }),
  rhythms: table(from.rhythms, { key: (rhythm) => rhythm.key }),
});
