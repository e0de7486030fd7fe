import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BroadcastTable, type TableSpec } from '../../operators/broadcast-table.ts';
import type { StateDelta } from '../../runtime/state/keyed-state.ts';

interface Alert {
  readonly id: string;
  readonly zones: readonly string[];
  readonly until: number;
}
const spec: TableSpec<Alert> = {
  flow: { graph: undefined as never, node: 0 },
  key: ({ id }) => id,
  matches: ({ zones }) => zones,
  until: ({ until }) => until,
};

const zones = fc.uniqueArray(fc.constantFrom('n', 'e', 's', 'w'), { maxLength: 3 });
const move = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id: fc.constantFrom('1', '2', '3', '4'),
    zones,
    lasts: fc.oneof(fc.nat(8), fc.constant(Infinity)),
  }),
  fc.record({ kind: fc.constant('watch' as const), key: fc.constantFrom('a', 'b', 'c'), zones }),
  fc.record({ kind: fc.constant('pass' as const), by: fc.nat(4) }),
  fc.record({ kind: fc.constant('checkpoint' as const) }),
);

describe('broadcast table', () => {
  it('finds rows and watchers as a plain list would, right after each change and after a restart', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let table = new BroadcastTable(spec);
        const deltas: StateDelta[] = [];
        const rows = new Map<string, Alert>();
        const watched = new Map<string, readonly string[]>();
        let now = 0;
        for (const one of moves) {
          switch (one.kind) {
            case 'put': {
              const before = rows.get(one.id)?.zones ?? [];
              const row = { id: one.id, zones: one.zones, until: now + one.lasts };
              rows.set(one.id, row);
              const touched = [...watched]
                .filter(([, words]) => words.some((word) => [...before, ...one.zones].includes(word)))
                .map(([key]) => key);
              expect(table.put(row)).toEqual(touched.sort());
              break;
            }
            case 'watch':
              table.watch(one.key, one.zones);
              watched.set(one.key, one.zones);
              break;
            case 'pass':
              now += one.by;
              table.expire(now);
              for (const [id, { until }] of rows) if (until <= now) rows.delete(id);
              break;
            case 'checkpoint': {
              // The process ends here; another one goes on with what was committed.
              deltas.push(structuredClone(table.rows.delta()));
              table = new BroadcastTable(spec);
              for (const delta of deltas) table.rows.restore(delta);
              for (const [key, words] of watched) table.watch(key, words);
              break;
            }
          }
          for (const zone of ['n', 'e', 's', 'w']) {
            const found = [...rows.values()].filter((row) => row.zones.includes(zone)).map(({ id }) => id);
            expect(table.find([zone]).map(({ id }) => id)).toEqual(found.sort());
          }
          for (const id of ['1', '2', '3', '4']) expect(table.get(id)).toEqual(rows.get(id));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds a row once when several of the words find it, in the order of the keys', () => {
    const table = new BroadcastTable(spec);
    table.put({ id: '2', zones: ['n', 'e'], until: Infinity });
    table.put({ id: '1', zones: ['e'], until: Infinity });
    expect(table.find(['n', 'e', 's']).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('keeps what the rows of a key amount to where it folds, and tells those who watched what is gone', () => {
    const folding: TableSpec<Alert> = {
      ...spec,
      fold: (before, came) => {
        const { id, zones: more, until } = came as Alert;
        const left = (before?.zones ?? []).filter((zone) => !more.includes(`-${zone}`));
        return { id, zones: [...left, ...more.filter((zone) => !zone.startsWith('-'))], until };
      },
    };
    const table = new BroadcastTable(folding);
    table.watch('a', ['n']);
    table.watch('b', ['e']);
    const row = (zoneList: readonly string[]): Alert => ({ id: '1', zones: zoneList, until: 9 });
    expect(table.put(row(['n']))).toEqual(['a']);
    expect(table.put(row(['e']))).toEqual(['a', 'b']);
    expect(table.take(row([])).row.zones).toEqual(['n', 'e']);
    expect(table.put(row(['-n']))).toEqual(['a', 'b']);
    expect(table.find(['n'])).toEqual([]);
    const restored = new BroadcastTable(folding);
    restored.rows.restore(structuredClone(table.rows.delta()));
    restored.put(row(['w']));
    expect(restored.find(['e'])).toMatchObject([{ zones: ['e', 'w'] }]);
  });
});
