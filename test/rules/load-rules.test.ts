import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRules, type LoadRulesOptions } from '../../runtime/rules/load-rules.ts';
import { rules, rulesFolder } from './shipped-rules.ts';

let parent = '';
let folder = '';

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'forewarn-rules-'));
  folder = join(parent, 'rules');
  cpSync(rulesFolder, folder, { recursive: true });
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

const edit = (file: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(join(folder, file), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, file), after);
};

const problem = (options?: LoadRulesOptions): string => {
  try {
    loadRules(folder, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no problem';
};

test('what ships loads, is frozen, and the same files have the same fingerprint', () => {
  const again = loadRules(folder);
  expect(again).toEqual(rules);
  expect(again.playbooks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['default', 'delay-predicted', 'weather', 'visibility-lost', 'refused', 'damage']),
  );
  expect(Object.isFrozen(again.playbooks[0]?.steps[0])).toBe(true);
  edit('sla.yaml', 'graceMin: 120', 'graceMin: 121');
  expect(loadRules(folder).fingerprint).not.toBe(rules.fingerprint);
});

const problems: [string, string | RegExp, string, string][] = [
  [
    'playbooks/damage.yaml',
    'action: request_documents',
    'action: requst_documents',
    'FW103 rules/playbooks/damage.yaml steps[1].action: "requst_documents" is not one of notify_customer, notify_consignee, notify_carrier, rebook, expedite, reroute, hold, reschedule_appointment, request_documents, open_claim, split_order, query_status, escalate; did you mean request_documents?',
  ],
  [
    'playbooks/damage.yaml',
    'authority: auto',
    'authority: atuo',
    'FW103 rules/playbooks/damage.yaml steps[0].authority: "atuo" is not one of auto, recommend; did you mean auto?',
  ],
  [
    'playbooks/damage.yaml',
    'within: 24h',
    'within: soon',
    'FW103 rules/playbooks/damage.yaml steps[2].authority.approve.within: "soon" has not the form /^[1-9]\\d{0,8}(ms|s|m|h|d)$/; write it so',
  ],
  [
    'playbooks/damage.yaml',
    'minValueMinor: 50000',
    'minValue: 50000',
    'FW103 rules/playbooks/damage.yaml steps[2].guard: "minValue" is not a key here; the keys are minSeverity, maxSeverity, minProbability, minLeadTimeMin, minValueMinor, maxValueMinor, tiers, modes, kinds, contents; did you mean minValueMinor?',
  ],
  [
    'playbooks/damage.yaml',
    'template: damage_reported',
    '',
    'FW103 rules/playbooks/damage.yaml steps[0].template: is missing; give a value of type string',
  ],
  [
    'playbooks/damage.yaml',
    'categories: [damage]',
    'categories: [damge]',
    'FW103 rules/playbooks/damage.yaml match.categories[0]: "damge" is not a category of taxonomy.yaml; did you mean damage?',
  ],
  [
    'playbooks/damage.yaml',
    /destination: customer-notifications\n/,
    '\n',
    'FW103 rules/playbooks/damage.yaml steps[0].destination: is missing, so nothing can execute notify_customer; name one or set authority: recommend',
  ],
  [
    'playbooks/damage.yaml',
    'id: ask_for_proof',
    'id: tell_customer',
    'FW103 rules/playbooks/damage.yaml steps[1].id: "tell_customer" is used twice; every step has an id of its own',
  ],
  [
    'playbooks/visibility-lost.yaml',
    'step: ask_carrier',
    'step: tell_customer',
    'FW103 rules/playbooks/visibility-lost.yaml steps[2].after.step: "tell_customer" is not an earlier step; name one that comes before',
  ],
  [
    'playbooks/refused.yaml',
    'categories: [refused]',
    'categories: [refused, damage]',
    'FW103 rules/playbooks/refused.yaml match: ranks equal with rules/playbooks/damage.yaml for what both match; narrow one of them by severity, tiers, modes or kind',
  ],
  [
    'playbooks/default.yaml',
    'match: {}',
    'match: { severity: { min: 0 } }',
    'FW103 rules/playbooks no playbook has an empty match; add a default one, such as default.yaml',
  ],
  [
    'playbooks/damage.yaml',
    'name: damage',
    'name: harm',
    'FW103 rules/playbooks/damage.yaml name: "harm" is not the name of the file; call the file harm.yaml',
  ],
  [
    'playbooks/refused.yaml',
    'expect: [tell_customer, new_appointment]',
    'expect: [tell_customer]',
    'FW103 rules/playbooks/refused.yaml examples[0].expect: expected [tell_customer] but the steps are [tell_customer, new_appointment]; mend the example or the guards',
  ],
  [
    'playbooks/refused.yaml',
    'given: { kind: detected, severity: 65',
    'given: { category: damage, kind: detected, severity: 65',
    'FW103 rules/playbooks/refused.yaml examples[0].given: is a case for playbook "damage"; mend the example or the match',
  ],
  [
    'playbooks/cold-chain.yaml',
    'mandatory: true',
    'mandatory: true\n    holdOut: 0.1',
    'FW103 rules/playbooks/cold-chain.yaml steps[0].holdOut: 0.1 of a mandatory step; take it away',
  ],
  [
    'playbooks/damage.yaml',
    'authority: auto',
    'authority: auto\n    holdOut: 0.1',
    'FW103 rules/playbooks/damage.yaml steps[0].holdOut: 0.1 of categories of safety, which chance never withholds; take it away',
  ],
  [
    'playbooks/refused.yaml',
    'expiresAfter: 48h',
    'holdOut: 0.2\n    expiresAfter: 48h',
    'FW103 rules/playbooks/refused.yaml steps[2].holdOut: 0.2 of a step that people decide, who would be asked in vain; take it away',
  ],
  [
    'playbooks/delay-predicted.yaml',
    'costMinor: 18000',
    'holdOut: 0.2\n    costMinor: 18000',
    'FW103 rules/playbooks/delay-predicted.yaml steps[2].holdOut: 0.2 of what is guaranteed, which chance never withholds; take it away',
  ],
  [
    'playbooks/missed-connection.yaml',
    '{ perCustomerPerDay: { count: 50 } }',
    '{ perDay: { costMinor: 5000 } }',
    'FW103 rules/playbooks/missed-connection.yaml steps[0].budget.perDay.costMinor: 5000 of a step that costs nothing; give its costMinor, or a count',
  ],
  [
    'playbooks/missed-connection.yaml',
    '{ perCustomerPerDay: { count: 50 } }',
    '{}',
    'FW103 rules/playbooks/missed-connection.yaml steps[0].budget: says nothing; give perDay or perCustomerPerDay',
  ],
  [
    'playbooks/missed-pickup.yaml',
    'within: 2h',
    'within: 24h',
    'FW103 rules/playbooks/missed-pickup.yaml steps[0].waitFor.within: 24h is not less than expiresAfter 24h, so it would never be due; wait less or expire later',
  ],
  [
    'playbooks/regulatory.yaml',
    'role: supervisor',
    'role: compliance',
    'FW103 rules/playbooks/regulatory.yaml steps[2].authority.approve.chain[0].role: "compliance" was asked before; name another role',
  ],
  [
    'playbooks/missed-pickup.yaml',
    'result: failed',
    'result: refused',
    'FW103 rules/playbooks/missed-pickup.yaml steps[3].after.result: "new_pickup" asks nobody, so nobody refuses it; name another result',
  ],
  [
    'sla.yaml',
    'graceMin: 120',
    'graceMin: -5',
    'FW103 rules/sla.yaml tiers.standard.graceMin: -5 is below the least that is allowed; give 0 or more',
  ],
  [
    'sla.yaml',
    'minBand: medium',
    'minBand: medium\n  minband: low',
    'FW103 rules/sla.yaml escalation: "minband" is not a key here; the keys are destination, minBand, chain; did you mean minBand?',
  ],
  [
    'sla.yaml',
    'country: US',
    'country: USA',
    'FW103 rules/sla.yaml calendars.us-office.country: "USA" is above the most that is allowed; give 2 or less',
  ],
  [
    'sla.yaml',
    'country: US',
    'country: US\n    state: IX',
    'FW103 rules/sla.yaml calendars.us-office.state: "IX" is not one of AL, AK, ',
  ],
  [
    'sla.yaml',
    'zone: America/Chicago',
    'zone: America/Chikago',
    'FW103 rules/sla.yaml calendars.us-office.zone: "America/Chikago": is no time zone; write an IANA name such as America/Chicago',
  ],
  [
    'sla.yaml',
    'defaultCalendar: us-office',
    'defaultCalendar: us-offices',
    'FW103 rules/sla.yaml defaultCalendar: "us-offices" is not one of the calendars us-office; did you mean us-office?',
  ],
  [
    'sla.yaml',
    'defaultCalendar: us-office',
    'sites: { CHI: plant }',
    'FW103 rules/sla.yaml sites.CHI: "plant" is not one of the calendars us-office; add it to them',
  ],
  [
    'taxonomy.yaml',
    'defaultSeverity: 84',
    'defaultSeverity: 184',
    'FW103 rules/taxonomy.yaml categories.damage.defaultSeverity: 184 is above the most that is allowed; give 100 or less',
  ],
  [
    'taxonomy.yaml',
    'family: cargo_condition\n    defaultSeverity: 84',
    'family: cargo\n    defaultSeverity: 84',
    'FW103 rules/taxonomy.yaml categories.damage.family: "cargo" is not one of',
  ],
  [
    'taxonomy.yaml',
    '\n  unclassified:',
    '\n  unclassed:',
    'FW103 rules/taxonomy.yaml categories.unclassified: is missing; add it, for what nobody can classify',
  ],
  [
    'taxonomy-codes.yaml',
    '  accident:',
    '  acident:',
    'FW103 rules/taxonomy-codes.yaml codes: "acident" is not a category of taxonomy.yaml; did you mean accident?',
  ],
  [
    'taxonomy-codes.yaml',
    '[A2, A5, A6]',
    '[A2, A5, A6, AF]',
    'FW103 rules/taxonomy-codes.yaml codes.address.x12-1651: "AF" stands under accident already; keep it in one category',
  ],
  [
    'taxonomy.yaml',
    'version: 1',
    'version: 1\nversion: 2',
    'FW103 rules/taxonomy.yaml line 12: Map keys must be unique',
  ],
];

test.each(problems)('%s with %s → %s', (file, from, to, message) => {
  edit(file, from, to);
  const said = problem();
  expect(said.slice(0, message.length)).toBe(message);
  expect(said).not.toContain('\n');
});

test('calendars have the holidays of their country written out, by local date', () => {
  expect(rules.calendars['us-office']?.closed).toMatchObject({
    '2026-01-01': "New Year's Day",
    '2026-11-26': 'Thanksgiving Day',
    '2036-12-25': 'Christmas Day',
  });
  edit('sla.yaml', 'country: US', "country: GB\n    state: ENG\n    closed: ['2026-03-02']");
  const { closed } = loadRules(folder).calendars['us-office']!;
  expect(closed).toMatchObject({ '2026-03-02': 'closed', '2026-12-28': 'Boxing Day (substitute day)' });
  expect(closed).not.toHaveProperty('2026-11-26');
});

test('a missing file or folder is named with its mend', () => {
  rmSync(join(folder, 'sla.yaml'));
  expect(problem()).toBe('FW103 rules/sla.yaml: cannot be read; put the file there or mend its rights');
  cpSync(join(rulesFolder, 'sla.yaml'), join(folder, 'sla.yaml'));
  rmSync(join(folder, 'playbooks'), { recursive: true });
  expect(problem()).toBe('FW103 rules/playbooks: cannot be read; put playbooks there, at least default.yaml');
});

test('destinations must be mapped where the map is known', () => {
  const all = ['customer-notifications', 'tms', 'desk'];
  expect(problem({ destinations: all })).toBe('no problem');
  expect(problem({ destinations: ['customer-notification', 'tms', 'desk'] })).toBe(
    'FW103 rules/playbooks/accident.yaml steps[3].destination: "customer-notifications" is not one of customer-notification, tms, desk in forewarn.yaml; did you mean customer-notification?',
  );
  expect(problem({ destinations: ['tms'] })).toContain('rules/sla.yaml escalation.destination: "desk"');
});

test('a later version of a playbook stands beside the earlier one, with a later date', () => {
  const text = readFileSync(join(folder, 'playbooks/damage.yaml'), 'utf8');
  const later = text.replace('version: 1', "version: 2\neffectiveFrom: '2027-01-01'");
  writeFileSync(join(folder, 'playbooks/damage.v2.yaml'), later);
  expect(problem()).toBe('no problem');
  writeFileSync(join(folder, 'playbooks/damage.v2.yaml'), text);
  expect(problem()).toContain('begins when rules/playbooks/damage.v2.yaml of the same name does');
});
