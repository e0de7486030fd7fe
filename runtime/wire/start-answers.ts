import { raw } from '../../pipelines/topics.ts';
import { answersProducer, createAnswers, type Answers } from '../../sinks/outbox/tms/x12/answers.ts';
import type { InterchangeRegister } from '../../sinks/outbox/tms/x12/interchange-register.ts';
import { formatOf } from '../../sources/decoders/content-type.ts';
import { answerGroups } from '../../sources/decoders/x12/answer-groups.ts';
import type { EmbeddedLog } from '../log/embedded-log.ts';
import type { DestinationSettings } from './start-outbox.ts';
import { answeredPartners } from './tms-destinations.ts';

/** Acknowledges what partners send; undefined where no destination says `acknowledges`, for its state holds the log. */
export const startAnswers = async (options: {
  readonly log: EmbeddedLog;
  readonly destinations: DestinationSettings;
  readonly register: InterchangeRegister | undefined;
  readonly note: (line: string) => void;
}): Promise<Answers | undefined> => {
  const { log, destinations, register, note } = options;
  const partners = answeredPartners(destinations);
  if (partners.length === 0 || register === undefined) return undefined;
  const states = await log.lastStates(answersProducer);
  const answers = createAnswers({
    log,
    register,
    partners,
    answersTo: (record) => {
      const document = raw.read(record);
      const format = formatOf(document.contentType, document.bytes);
      return format?.name === 'x12' ? answerGroups(document) : [];
    },
    random: Math.random,
    state: states.get(answersProducer),
    onProblem: (error) => note(`EDI: ${error instanceof Error ? error.message : String(error)}`),
  });
  await answers.start();
  return answers;
};
