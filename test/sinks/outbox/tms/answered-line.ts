import type { LogRecord } from '../../../../runtime/log/log.ts';
import type { SendOutcome } from '../../../../sinks/outbox/channel.ts';
import { type Answers, createAnswers, type OwedAnswer } from '../../../../sinks/outbox/tms/answers.ts';
import type { Transport } from '../../../../sinks/outbox/tms/deliver-interchange.ts';
import { createInterchanges } from '../../../../sinks/outbox/tms/x12/interchanges.ts';
import { MemoryLog } from '../../../support/memory-log.ts';
import { manualTimers } from '../manual-timers.ts';

export const newLog = (): MemoryLog =>
  new MemoryLog({ topics: { raw: 2, 'edi-interchanges': 1, acknowledgements: 1, 'action-results': 2 } });

export interface AnsweredLine {
  readonly log: MemoryLog;
  readonly answers: Answers;
  readonly sent: string[];
  readonly problems: string[];
  readonly timers: ReturnType<typeof manualTimers>;
  readonly receive: (text: string, documentId: string) => Promise<unknown>;
}

/** A line that acknowledges what one source sends, by a way whose replies the test gives. */
export const answeredLine = async (options: {
  readonly source: string;
  readonly contentType: string;
  readonly owed: (record: LogRecord, transport: Transport) => readonly OwedAnswer[];
  readonly log?: MemoryLog;
  readonly reply?: () => SendOutcome;
  /** What was committed last, unless it is given. */
  readonly state?: Uint8Array | undefined;
}): Promise<AnsweredLine> => {
  const { source, contentType, owed, log = newLog(), reply = () => ({ kind: 'sent' }) } = options;
  const sent: string[] = [];
  const problems: string[] = [];
  const timers = manualTimers();
  const onProblem = (error: unknown): void => void problems.push(String(error));
  const interchanges = createInterchanges({
    log,
    clock: { now: () => log.closedUntil },
    timers,
    random: () => 0,
    state: log.statesOf('edi/0').at(-1),
    onProblem,
  });
  await interchanges.start();
  const transport: Transport = {
    deliver: async (text) => {
      sent.push(text);
      return reply();
    },
    close: () => undefined,
  };
  const answers = createAnswers({
    log,
    register: interchanges.register,
    owedFor: (record) => owed(record, transport),
    transports: [transport],
    timers,
    random: () => 0.5,
    state: 'state' in options ? options.state : log.statesOf('edi-answers/0').at(-1),
    onProblem,
  });
  await answers.start();
  return {
    log,
    answers,
    sent,
    problems,
    timers,
    receive: (text, documentId) =>
      log.append('raw', {
        key: source,
        value: new TextEncoder().encode(text),
        headers: { source, contentType, documentId },
      }),
  };
};
