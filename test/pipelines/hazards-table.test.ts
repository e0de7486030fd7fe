import { expect, it } from 'vitest';
import { zonesOfHazard } from '../../domain/hazard.ts';
import { type WeatherAlert, weatherAlert } from '../../domain/weather-alert.ts';
import { BroadcastTable } from '../../operators/broadcast-table.ts';
import { hazardsTable } from '../../pipelines/hazards-table.ts';

const hour = 3_600_000;
const alert = (name: string, at: number, change: Partial<WeatherAlert>): WeatherAlert => ({
  ...weatherAlert.parse({
    id: name,
    at: at * hour,
    heardAt: at * hour,
    source: { feed: 'cap', document: name, position: 0, decoder: 'cap/2', mapping: null },
    alertId: name,
    hazardId: name,
    messageType: 'update',
    event: 'Storm',
    severity: 'severe',
    certainty: 'likely',
    zones: ['A'],
    onsetAt: at * hour,
    endsAt: (at + 10) * hour,
  }),
  ...change,
});
const make = () => new BroadcastTable(hazardsTable({ graph: undefined as never, node: 0 } as never, 0));
type Table = ReturnType<typeof make>;
const put = (table: Table, message: WeatherAlert): readonly unknown[] => table.put(message as never);

it('follows a chain whose messages name only the one before, to its cancellation', () => {
  const table = make();
  table.watch('shipment', ['A', 'B']);
  expect(put(table, alert('m1', 0, { messageType: 'alert' }))).toEqual(['shipment']);
  expect(put(table, alert('m2', 1, { references: ['m1'], hazardId: 'm1' }))).toEqual(['shipment']);
  expect(put(table, alert('m3', 2, { references: ['m2'], hazardId: 'm2', zones: ['B'] }))).toEqual([
    'shipment',
  ]);
  expect(table.find(['A', 'B']).map((hazard) => [hazard.hazardId, ...zonesOfHazard(hazard)])).toEqual([
    ['m1', 'B'],
  ]);
  const cancel = alert('m4', 3, { references: ['m3'], hazardId: 'm3', zones: [], messageType: 'cancel' });
  expect(put(table, cancel)).toEqual(['shipment']);
  expect(table.find(['A', 'B'])).toEqual([]);
});

it('goes on with the chain after a restart', () => {
  const before = make();
  put(before, alert('m1', 0, { messageType: 'alert' }));
  put(before, alert('m2', 1, { references: ['m1'], hazardId: 'm1' }));
  const table = make();
  table.rows.restore(structuredClone(before.rows.delta()));
  put(table, alert('m3', 2, { references: ['m2'], hazardId: 'm2', zones: ['B'] }));
  expect(table.find(['B']).map(({ hazardId }) => hazardId)).toEqual(['m1']);
  expect(table.find(['A'])).toEqual([]);
});

it('leaves a hazard with VTEC to its own name', () => {
  const table = make();
  put(table, alert('m1', 0, { hazardId: 'KILN.WS.A.0003', vtecAction: 'NEW' }));
  put(table, alert('m2', 1, { hazardId: 'KILN.WS.W.0007', vtecAction: 'NEW', references: ['m1'] }));
  expect(table.find(['A']).map(({ hazardId }) => hazardId)).toEqual(['KILN.WS.A.0003', 'KILN.WS.W.0007']);
});

it('takes a hazard over New Year under its old number, beside the new hazard that has the same one', () => {
  const table = make();
  const named = (name: string, at: number, year: number, change: Partial<WeatherAlert>) =>
    put(table, alert(name, at, { hazardId: `KILN.FL.W.0003.${year}`, vtecAction: 'CON', ...change }));
  const zonesOf = () => table.find(['A', 'B']).map((hazard) => [hazard.hazardId, ...zonesOfHazard(hazard)]);
  named('m1', 0, 2024, { vtecAction: 'NEW', endsAt: 90 * hour });
  named('m2', 1, 2025, { references: [], endsAt: 90 * hour });
  expect(zonesOf()).toEqual([['KILN.FL.W.0003.2024', 'A']]);

  named('n1', 2, 2025, { vtecAction: 'NEW', zones: ['B'], endsAt: 90 * hour });
  expect(zonesOf()).toEqual([
    ['KILN.FL.W.0003.2024', 'A'],
    ['KILN.FL.W.0003.2025', 'B'],
  ]);
  // Its number alone would mean the new one; what it refers to says that it is the old one that is over.
  named('m3', 3, 2025, { vtecAction: 'CAN', references: ['m2'] });
  expect(zonesOf()).toEqual([['KILN.FL.W.0003.2025', 'B']]);
  named('n2', 4, 2025, { vtecAction: 'CAN', zones: ['B'] });
  expect(zonesOf()).toEqual([]);
});

it('does not take a hazard that is over for one that goes on', () => {
  const table = make();
  put(table, alert('m1', 0, { hazardId: 'KILN.FL.W.0003.2024', vtecAction: 'NEW' }));
  table.expire(10 * hour);
  put(table, alert('n2', 20, { hazardId: 'KILN.FL.W.0003.2025', vtecAction: 'EXT' }));
  expect(table.find(['A']).map(({ hazardId }) => hazardId)).toEqual(['KILN.FL.W.0003.2025']);
});

it('forgets a hazard when it has ended everywhere', () => {
  const table = make();
  put(table, alert('m1', 0, {}));
  table.expire(10 * hour - 1);
  expect(table.get('m1')).toBeDefined();
  table.expire(10 * hour);
  expect(table.get('m1')).toBeUndefined();
});
