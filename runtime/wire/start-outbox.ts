import { checkDestinations } from '../../sinks/outbox/check-destinations.ts';
import { createOutbox } from '../../sinks/outbox/outbox.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Config } from '../config/config.ts';
import type { EmbeddedLog } from '../log/embedded-log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { channelsOf, type ChannelSurroundings } from './channels.ts';

export type Outbox = ReturnType<typeof createOutbox>;
export type DestinationSettings = Config['destinations'];

/** Every destination that a playbook or the escalation names. */
export const wantedDestinations = (
  rules: Rules,
): readonly { readonly destination: string; readonly place: string }[] => [
  { destination: rules.sla.escalation.destination, place: 'rules/sla.yaml' },
  ...rules.sla.escalation.chain.map(({ destination }) => ({ destination, place: 'rules/sla.yaml' })),
  ...rules.playbooks.flatMap((playbook) =>
    playbook.steps.flatMap(({ id, destination, compensate }) =>
      [destination, compensate?.destination].flatMap((name) =>
        name === undefined ? [] : [{ destination: name, place: `playbook "${playbook.name}" step "${id}"` }],
      ),
    ),
  ),
];

/** The dispatcher with a channel for each configured destination. FW101 when a playbook names one that is not. */
export const startOutbox = async (options: {
  readonly log: EmbeddedLog;
  readonly rules: Rules;
  readonly destinations: DestinationSettings;
  readonly messages: ChannelSurroundings;
  readonly metrics: Pick<Metrics, 'deadLetter'>;
  readonly note: (line: string) => void;
}): Promise<Outbox> => {
  const { log, rules, destinations, messages, metrics, note } = options;
  checkDestinations(wantedDestinations(rules), Object.keys(destinations));
  const states = await log.lastStates('outbox/');
  const outbox = createOutbox({
    log,
    destinations: channelsOf(destinations, messages),
    clock: { now: () => log.closedUntil },
    // Jitter only spreads retries; no decision depends on it.
    random: Math.random,
    stateOf: (producer) => states.get(producer),
    onDeadLetter: ({ stage, code, reason }) => {
      metrics.deadLetter(stage, code);
      note(`outbox: ${code} ${reason}`);
    },
    onProblem: (error) => note(`outbox: ${error instanceof Error ? error.message : String(error)}`),
  });
  await outbox.start();
  return outbox;
};
