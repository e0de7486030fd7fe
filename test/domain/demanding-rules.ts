import { playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';
import { rules } from '../rules/shipped-rules.ts';

/** One playbook for all delays that asks for everything a playbook can ask for. */
const demanding = playbook.parse({
  name: 'demanding',
  version: 1,
  match: { categories: ['delay'] },
  currency: 'USD',
  steps: [
    {
      id: 'tell',
      action: 'notify_customer',
      destination: 'customer-notifications',
      template: 'delay_expected',
      authority: 'auto',
      news: 'late',
    },
    {
      id: 'ask_later',
      action: 'notify_carrier',
      destination: 'tms',
      template: 'where_is_it',
      authority: 'auto',
      waitFor: { for: '30m' },
      guard: { minSeverity: 55 },
    },
    {
      id: 'at_the_door',
      action: 'notify_consignee',
      destination: 'customer-notifications',
      template: 'it_comes',
      authority: 'auto',
      waitFor: { status: ['out_for_delivery'], within: '4h', otherwise: 'drop' },
    },
    {
      id: 'if_it_stands',
      action: 'notify_carrier',
      destination: 'tms',
      template: 'why_does_it_stand',
      authority: 'auto',
      waitFor: { unless: ['departed', 'in_transit'], within: '3h' },
    },
    {
      id: 'move_slot',
      action: 'reschedule_appointment',
      destination: 'tms',
      template: 'later',
      authority: { approve: { role: 'service', within: '1h' } },
      waitFor: { for: '2h' },
    },
    {
      id: 'expedite',
      action: 'expedite',
      destination: 'tms',
      template: 'expedite',
      authority: {
        approve: {
          role: 'planner',
          within: '30m',
          persons: 2,
          chain: [{ role: 'manager', within: '1h' }],
          otherwise: 'escalate',
        },
      },
      costMinor: 18_000,
      compensate: { action: 'notify_carrier', destination: 'tms', template: 'expedite_not_needed' },
    },
    {
      id: 'reroute',
      action: 'reroute',
      destination: 'tms',
      template: 'reroute',
      authority: 'auto',
      holdOut: 0.5,
      costMinor: 9_000,
    },
    {
      id: 'owed',
      action: 'request_documents',
      destination: 'tms',
      template: 'papers',
      authority: 'auto',
      holdOut: 0.5,
      mandatory: true,
    },
  ],
  allClear: { template: 'never_mind' },
  examples: [{ given: {}, expect: [] }],
});

export const demandingRules: Rules = {
  ...rules,
  playbooks: [
    ...rules.playbooks.filter(({ match }) => match.categories?.includes('delay') !== true),
    demanding,
  ],
};
