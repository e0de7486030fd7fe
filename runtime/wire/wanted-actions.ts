import type { ActionType } from '../../domain/action.ts';
import type { Rules } from '../../domain/rules.ts';
import type { WantedAction } from '../../sinks/outbox/check-executors.ts';

const messages: ReadonlySet<ActionType> = new Set(['notify_customer', 'notify_consignee', 'notify_carrier']);

/** All that the rules may send to where: steps, what makes them good, all-clears after messages, and the escalation. */
export const wantedActions = ({ sla, playbooks }: Rules): readonly WantedAction[] => [
  {
    destination: sla.escalation.destination,
    type: 'escalate',
    template: 'escalation',
    place: 'rules/sla.yaml escalation',
  },
  ...playbooks.flatMap(({ name, steps, allClear }) =>
    steps.flatMap((step): WantedAction[] => {
      const place = `playbook "${name}" step "${step.id}"`;
      const { destination, action: type, template, compensate, authority } = step;
      if (destination === undefined || authority === 'recommend') return [];
      return [
        { destination, type, template, place },
        ...(allClear !== undefined && messages.has(type)
          ? [{ destination, type, template: allClear.template, place: `${place} allClear` }]
          : []),
        ...(compensate === undefined
          ? []
          : [
              {
                destination: compensate.destination,
                type: compensate.action,
                template: compensate.template,
                place: `${place} compensate`,
              },
            ]),
      ];
    }),
  ),
];
