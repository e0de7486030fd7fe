import { checkDestinations } from '../../sinks/outbox/check-destinations.ts';
import { checkExecutors } from '../../sinks/outbox/check-executors.ts';
import type { Interchanges } from '../../sinks/outbox/tms/x12/interchanges.ts';
import { createOutbox } from '../../sinks/outbox/outbox.ts';
import type { Rules } from '../../domain/rules.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { Config } from '../config/config.ts';
import type { LineLog } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { channelsOf, type ChannelSurroundings } from './channels.ts';
import { answersAnybody, type AnsweredSources, startAnswers } from './start-answers.ts';
import { startInterchanges } from './start-interchanges.ts';
import { executorOf, isTmsDestination } from './tms-destinations.ts';
import { wantedActions } from './wanted-actions.ts';

export type DestinationSettings = Config['destinations'];
export type Outbox = ReturnType<typeof createOutbox> & {
  /** Control numbers and acknowledgements, where a destination speaks EDI. */
  readonly interchanges: Interchanges | undefined;
};

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

/** What each destination can be asked for; FW101 when the rules want something else of it. Also after a change of rules. */
export const checkRulesAgainst = (
  rules: Rules,
  destinations: DestinationSettings,
  rulesFolder: string,
): void => {
  const executors = Object.entries(destinations).flatMap(([name, destination]) =>
    isTmsDestination(destination) ? [[name, executorOf(destination, rulesFolder)] as const] : [],
  );
  checkExecutors(wantedActions(rules), Object.fromEntries(executors));
};

/** The dispatcher with a channel for each configured destination. FW101 when a playbook names one that is not there, or cannot. */
export const startOutbox = async (options: {
  readonly log: LineLog;
  readonly rules: Rules;
  readonly rulesFolder: string;
  readonly destinations: DestinationSettings;
  /** Settings of the ingest sources: some want their documents acknowledged. */
  readonly sources: AnsweredSources;
  /** How they are read, for an acknowledgement says what became of them. */
  readonly decoding: DecoderSettings;
  readonly messages: ChannelSurroundings;
  readonly metrics: Pick<Metrics, 'deadLetter'>;
  readonly note: (line: string) => void;
  /** It sends nothing more. */
  readonly onFailure: (error: unknown) => void;
}): Promise<Outbox> => {
  const { log, rules, rulesFolder, destinations, sources, decoding, messages, metrics, note, onFailure } =
    options;
  checkDestinations(wantedDestinations(rules), Object.keys(destinations));
  checkRulesAgainst(rules, destinations, rulesFolder);
  const states = await log.lastStates('outbox/');
  const speaksEdi =
    Object.values(destinations).some(({ kind }) => kind === 'x12-214') ||
    answersAnybody(destinations, sources);
  const interchanges = speaksEdi ? await startInterchanges(log, note) : undefined;
  const outbox = createOutbox({
    log,
    destinations: channelsOf(destinations, { ...messages, log, interchanges: interchanges?.register }),
    clock: { now: () => log.closedUntil },
    // Jitter only spreads retries; no decision depends on it.
    random: Math.random,
    stateOf: (producer) => states.get(producer),
    onDeadLetter: ({ stage, code, reason }) => {
      metrics.deadLetter(stage, code);
      note(`outbox: ${code} ${reason}`);
    },
    onProblem: (error) => note(`outbox: ${error instanceof Error ? error.message : String(error)}`),
    onFailure,
  });
  await outbox.start();
  const register = interchanges?.register;
  const answers = await startAnswers({ log, destinations, sources, decoding, register, note });
  return {
    ...outbox,
    interchanges,
    drain: async (timeoutMs) => {
      await outbox.drain(timeoutMs);
      await answers?.stop();
      await interchanges?.stop();
    },
    stop: async () => {
      await outbox.stop();
      await answers?.stop();
      await interchanges?.stop();
    },
    holds: () => new Map([...outbox.holds(), ...(interchanges?.holds() ?? []), ...(answers?.holds() ?? [])]),
  };
};
