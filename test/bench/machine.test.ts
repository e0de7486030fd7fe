import { homedir, hostname } from 'node:os';
import { expect, it } from 'vitest';
import { describeMachine, formatMachine } from '../../bench/machine.ts';

it('says what the machine is, and not whose', () => {
  const machine = describeMachine();
  expect(machine.cores).toBeGreaterThan(0);
  expect(machine.node).toBe(process.version);
  const text = `${formatMachine(machine)} ${JSON.stringify(machine)}`;
  expect(text).not.toContain(homedir());
  // A one-word host name such as "x64" could be part of anything.
  if (hostname().length > 6) expect(text).not.toContain(hostname());
});
