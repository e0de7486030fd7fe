import { expect, it } from 'vitest';
import { discharged, gatedOut, portDelay } from '../../docs/examples/port-delays.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';

const hour = 3_600_000;

it('the example of the README says how long containers stand in a port', () => {
  const said: unknown[] = [];
  const run = new MemoryRun(portDelay, {
    partitions: 3,
    onRows: (_, { size, body }) => {
      for (let index = 0; index < size; index++) said.push(body.row(index));
    },
  });
  for (const [container, hours] of [
    ['A', 10],
    ['B', 20],
    ['C', 60],
    ['D', 5],
  ] as const) {
    run.push(discharged.name, { container, port: 'USLAX', at: 0 });
    run.push(gatedOut.name, { container, port: container === 'D' ? 'USOAK' : 'USLAX', at: hours * hour });
  }
  run.end();
  // A window of a day with all three of them does not exist: C left two days after A.
  expect(said).toEqual([]);
  const second = new MemoryRun(portDelay, {
    onRows: (_, { size, body }) => {
      for (let index = 0; index < size; index++) said.push(body.row(index));
    },
  });
  for (const [container, hours] of [
    ['A', 10],
    ['B', 12],
    ['C', 17],
  ] as const) {
    second.push(discharged.name, { container, port: 'USLAX', at: 0 });
    second.push(gatedOut.name, { container, port: 'USLAX', at: hours * hour });
  }
  second.end();
  expect(said).toHaveLength(17);
  expect(said[0]).toMatchObject({ port: 'USLAX', windowEnd: 18 * hour, containers: 3 });
  expect((said[0] as { medianHours: number }).medianHours).toBeCloseTo(12, 0);
});
