import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/shipped-rules.ts';
import { actionOf, exceptionOf } from './named-words.ts';
import { outcomeOf } from './outcome-of.ts';
import { sharedNames, shipmentsOf } from './own-names.ts';
import { type Played, playScenarios } from './play-scenarios.ts';
import { readScenario, type Scenario, scenarioNames, scenariosFolder } from './scenario.ts';

const scenarios = scenarioNames.map(readScenario);
const HOUR_MS = 3_600_000;
/** After all of them, so that what time alone brings about has come. */
const end = Math.max(...scenarios.map(({ meaning }) => Date.parse(meaning.until))) + HOUR_MS;

let played: Played;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-'));
  try {
    played = await playScenarios(folder, scenarios, end);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const undone: ReadonlySet<unknown> = new Set(['cancelled', 'expired', 'held_out', 'suppressed']);

/** How many steps of a playbook stand for a shipment in the end. */
const stepsTaken = (scenario: Scenario, playbook: string, shipment: string): number =>
  outcomeOf(scenario, played).actions.filter(
    (action) =>
      action['playbook'] === playbook && action['shipment'] === shipment && !undone.has(action['state']),
  ).length;

describe('scenarios', () => {
  it('are there for every playbook that ships', () => {
    const names = new Set(rules.playbooks.map(({ name }) => name));
    expect([...names].filter((name) => !scenarioNames.includes(name))).toEqual([]);
  });

  it('have names of their own, and nothing in them that a step could not use', () => {
    expect(sharedNames(scenarios)).toEqual([]);
    expect(played.letters).toEqual([]);
  });

  it('speak only of exceptions and actions that there are', () => {
    const known = new Set([...played.exceptions, ...played.actions].map(({ id }) => id));
    const words = scenarios.flatMap(({ lines }) =>
      lines.flatMap((line) => (line.kind === 'word' ? [line.word.of] : [])),
    );
    expect(words.length).toBeGreaterThan(0);
    const wrong = words.filter((of) => !known.has(of.step === undefined ? exceptionOf(of) : actionOf(of)));
    expect(wrong).toEqual([]);
  });

  it.each(rules.playbooks.map(({ name }) => name))('show where %s acts, and where it does not', (name) => {
    const scenario = scenarios.find((one) => one.name === name)!;
    const steps = [...shipmentsOf(scenario)].map((shipment) => stepsTaken(scenario, name, shipment));
    expect(Math.max(...steps)).toBeGreaterThan(0);
    expect(Math.min(...steps)).toBeLessThan(Math.max(...steps));
  });

  /** What a neighbour has all the same, because its carrier reported it by a code. */
  const reportedBesides: Readonly<Record<string, number>> = { 'detect-customs-ageing': 1 };
  it.each(scenarios.filter(({ name }) => name.startsWith('detect-')).map((one) => [one.name, one] as const))(
    '%s: one exception, and none in the case beside it',
    (name, scenario) => {
      const open = outcomeOf(scenario, played).exceptions.filter(({ state }) => state === 'open');
      const found = [...shipmentsOf(scenario)].map(
        (subject) => open.filter(({ shipment }) => shipment === subject).length,
      );
      const beside = reportedBesides[name] ?? 0;
      expect(found.toSorted((a, b) => b - a)).toEqual([1, beside, ...found.slice(2).map(() => 0)]);
    },
  );

  // After a change that is meant: `UPDATE_GENERATED=1 npx vitest run test/scenarios && npx oxfmt test/scenarios`.
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    const outcome = { ...scenario.meaning, ...outcomeOf(scenario, played) };
    if (process.env['UPDATE_GENERATED'] === '1')
      await writeFile(join(scenariosFolder, name, 'expected.json'), JSON.stringify(outcome, null, 2));
    else expect(outcome).toEqual(scenario.expected);
  });
});
