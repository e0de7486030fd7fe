import { expect, test } from 'vitest';
import { choosePlaybook, equalRank, type MatchFacts } from '../../domain/choose-playbook.ts';
import type { ActionState } from '../../domain/lifecycle.ts';
import { planSteps, type PlaybookFacts } from '../../domain/plan-steps.ts';
import { playbook, type Playbook } from '../../domain/playbook.ts';

const now = Date.parse('2026-06-01T12:00:00Z');

const bookOf = (change: Partial<Playbook>): Playbook =>
  playbook.parse({
    name: 'book',
    version: 1,
    match: {},
    steps: [{ id: 'tell', action: 'escalate', destination: 'desk', template: 't', authority: 'auto' }],
    examples: [{ given: {}, expect: ['tell'] }],
    ...change,
  });

const facts: PlaybookFacts = {
  exceptionId: 'e1',
  category: 'weather',
  severity: 60,
  tier: 'priority',
  mode: 'ltl',
  kind: 'predicted',
  now,
  probability: 0.7,
  promisedAt: now + 10 * 3_600_000,
  valueMinor: 100,
  contentsClass: 'general',
  isSafety: false,
  told: ['customer'],
  history: new Map(),
};

const stepOf = (change: Partial<Playbook['steps'][number]>): Playbook['steps'][number] => ({
  id: 'tell',
  action: 'expedite',
  destination: 'tms',
  template: 't',
  authority: 'auto',
  mandatory: false,
  holdOut: 0,
  costMinor: 0,
  ...change,
});
const planned = (steps: Playbook['steps'], change: Partial<PlaybookFacts> = {}): string[] =>
  planSteps(bookOf({ steps }), { ...facts, ...change }).map(({ step }) => step);

const ranked = [
  bookOf({ name: 'category', match: { categories: ['weather'] } }),
  bookOf({
    name: 'severity',
    match: { severity: { min: 50, max: 100 }, tiers: ['priority'], modes: ['ltl'], kind: 'predicted' },
  }),
  bookOf({ name: 'tier', match: { tiers: ['priority'], modes: ['ltl'], kind: 'predicted' } }),
  bookOf({ name: 'mode', match: { modes: ['ltl'], kind: 'predicted' } }),
  bookOf({ name: 'kind', match: { kind: 'predicted' } }),
  bookOf({ name: 'default', match: {} }),
];

test('a category outranks everything below it, then severity, tier, mode and kind, in any order of files', () => {
  for (const [index, { name }] of ranked.entries()) {
    const rest = ranked.slice(index);
    expect(choosePlaybook(rest, facts)?.name).toBe(name);
    expect(choosePlaybook(rest.toReversed(), facts)?.name).toBe(name);
  }
});

test.each([
  ['another category', { category: 'damage' }, 'severity'],
  ['severity below the range', { category: 'damage', severity: 49.9 }, 'tier'],
  ['both ends of the range belong to it', { category: 'damage', severity: 50 }, 'severity'],
  ['no mode while the plan is unknown', { category: 'damage', severity: 0, mode: null }, 'kind'],
  ['detected', { category: 'damage', kind: 'detected' }, 'default'],
] satisfies [string, Partial<MatchFacts>, string][])('%s: %o → %s', (_, change, name) => {
  expect(choosePlaybook(ranked, { ...facts, ...change })?.name).toBe(name);
});

test('without a match there is none', () => {
  expect(choosePlaybook([], facts)).toBeNull();
});

test('a version is in force from the start of its day until the next one begins', () => {
  const versions = [
    bookOf({ version: 1 }),
    bookOf({ version: 3, effectiveFrom: '2026-08-01' }),
    bookOf({ version: 2, effectiveFrom: '2026-07-01' }),
  ];
  const at = (text: string): number | undefined =>
    choosePlaybook(versions, { ...facts, now: Date.parse(text) })?.version;
  expect(at('2026-06-30T23:59:59.999Z')).toBe(1);
  expect(at('2026-07-01T00:00:00Z')).toBe(2);
  expect(at('2027-01-01T00:00:00Z')).toBe(3);
});

test('equal rank is a conflict only where both could be chosen', () => {
  const a = bookOf({ name: 'a', match: { categories: ['weather'], tiers: ['priority', 'standard'] } });
  const conflict = (match: Playbook['match'], effectiveFrom?: string): boolean => {
    const b = bookOf({ name: 'b', match, ...(effectiveFrom === undefined ? {} : { effectiveFrom }) });
    return equalRank(a, b, [a, b]) && equalRank(b, a, [a, b]);
  };
  expect(conflict({ categories: ['weather', 'delay'], tiers: ['priority'] })).toBe(true);
  expect(conflict({ categories: ['weather'], tiers: ['guaranteed'] })).toBe(false);
  expect(conflict({ categories: ['delay'], tiers: ['priority'] })).toBe(false);
  expect(conflict({ categories: ['weather'] })).toBe(false);
});

test('every guard must hold', () => {
  const guard = { minSeverity: 50, minProbability: 0.6, minLeadTimeMin: 600, tiers: ['priority' as const] };
  const steps = [stepOf({ guard })];
  expect(planned(steps)).toEqual(['tell']);
  expect(planned(steps, { severity: 49 })).toEqual([]);
  expect(planned(steps, { probability: null })).toEqual([]);
  expect(planned(steps, { probability: null, kind: 'detected' })).toEqual(['tell']);
  expect(planned(steps, { promisedAt: now + 599 * 60_000 })).toEqual([]);
  expect(planned(steps, { promisedAt: null })).toEqual([]);
  expect(planned(steps, { tier: 'guaranteed' })).toEqual([]);
});

test('only those are told whom the terms name', () => {
  const steps = [stepOf({ action: 'notify_customer' }), stepOf({ id: 'them', action: 'notify_consignee' })];
  expect(planned(steps)).toEqual(['tell']);
});

test('a step that follows another waits for its result', () => {
  const steps = [stepOf({}), stepOf({ id: 'then', after: { step: 'tell', result: 'failed' } })];
  expect(planned(steps)).toEqual(['tell']);
  const after = (result: ActionState): string[] =>
    planned(steps, { history: new Map([['tell', { result, planned: 1, neverBegun: 1 }]]) });
  expect(after('sent')).toEqual(['tell']);
  expect(after('failed')).toEqual(['tell', 'then']);
});

test('an approval never lasts longer than what is to be approved', () => {
  const authority = {
    approve: { role: 'planner', within: '30m', persons: 1, chain: [], otherwise: 'escalate' as const },
  };
  const [patient] = planSteps(bookOf({ steps: [stepOf({ authority, expiresAfter: '4h' })] }), facts);
  expect(patient).toMatchObject({ approvalDueAt: now + 30 * 60_000, expiresAt: now + 4 * 3_600_000 });
  const soon = { ...facts, promisedAt: now + 60_000 };
  const [hurried] = planSteps(bookOf({ steps: [stepOf({ authority, expiresAfter: 'promise' })] }), soon);
  expect(hurried).toMatchObject({ approvalDueAt: now + 60_000, expiresAt: now + 60_000 });
});

test('ids depend on exception, playbook, step and occurrence, and on nothing else', () => {
  const idOf = (change: Partial<PlaybookFacts>, book = bookOf({})): string | undefined =>
    planSteps(book, { ...facts, ...change })[0]?.id;
  const id = idOf({});
  expect(idOf({ now: now + 1, severity: 99, probability: 0.1, tier: 'standard' })).toBe(id);
  expect(idOf({}, bookOf({ version: 9 }))).toBe(id);
  expect(idOf({ exceptionId: 'e2' })).not.toBe(id);
  const again = new Map([['tell', { result: 'cancelled', planned: 1, neverBegun: 1 }] as const]);
  expect(idOf({ history: again })).not.toBe(id);
  expect(idOf({}, bookOf({ name: 'other' }))).not.toBe(id);
});
