import { raw } from '../../pipelines/topics.ts';
import type { Transport } from '../../sinks/outbox/tms/deliver-interchange.ts';
import {
  answersProducer,
  createAnswers,
  type Answers,
  type OwedAnswer,
} from '../../sinks/outbox/tms/answers.ts';
import { oweAperak } from '../../sinks/outbox/tms/edifact/owe-aperak.ts';
import type { InterchangeRegister } from '../../sinks/outbox/tms/x12/interchange-register.ts';
import { oweAcknowledgements } from '../../sinks/outbox/tms/x12/owe-acknowledgements.ts';
import { formatOf } from '../../sources/decoders/content-type.ts';
import type { DecoderSettings, RawDocument } from '../../sources/decoders/decoder.ts';
import { answerInterchanges } from '../../sources/decoders/edifact/answer-interchanges.ts';
import { answerGroups } from '../../sources/decoders/x12/answer-groups.ts';
import type { Config } from '../config/config.ts';
import type { LineLog } from '../log/log.ts';
import type { DestinationSettings } from './start-outbox.ts';
import { answeredPartners, transportOf } from './tms-destinations.ts';

/** Sources whose EDIFACT is answered. */
export type AnsweredSources = Pick<Config, 'partners'>['partners'];

/** Whether any partner is answered, so that control numbers are needed. */
export const answersAnybody = (destinations: DestinationSettings, sources: AnsweredSources): boolean =>
  answeredPartners(destinations).length > 0 ||
  Object.values(sources).some(({ aperak }) => aperak !== undefined);

/**
 * Acknowledges what partners send: X12 with a 997 or 999 where a destination `acknowledges`, EDIFACT with APERAKs where its source has
 * `aperak`. Undefined where neither is set, for its state holds the log.
 */
export const startAnswers = async (options: {
  readonly log: LineLog;
  readonly destinations: DestinationSettings;
  readonly sources: AnsweredSources;
  readonly decoding: DecoderSettings;
  readonly register: InterchangeRegister | undefined;
  readonly note: (line: string) => void;
}): Promise<Answers | undefined> => {
  const { log, destinations, sources, decoding, register, note } = options;
  if (register === undefined || !answersAnybody(destinations, sources)) return undefined;
  const partners = answeredPartners(destinations);
  const aperakOf = new Map<string, Transport>();
  for (const [source, { aperak }] of Object.entries(sources))
    if (aperak !== undefined)
      aperakOf.set(source, transportOf(`partners.${source}.aperak`, aperak, 'application/edifact'));

  const owedFor = (document: RawDocument): readonly OwedAnswer[] => {
    const set = decoding.partners[document.source]?.format;
    const format = formatOf(document.contentType, document.bytes, set)?.name;
    if (format === 'x12' && partners.length > 0) return oweAcknowledgements(partners, answerGroups(document));
    const transport = aperakOf.get(document.source);
    if (format !== 'edifact' || transport === undefined) return [];
    return oweAperak(document.source, transport, answerInterchanges(document, decoding));
  };

  const states = await log.lastStates(answersProducer);
  const answers = createAnswers({
    log,
    register,
    owedFor: (record) => owedFor(raw.read(record)),
    transports: [...partners.map(({ transport }) => transport), ...aperakOf.values()],
    random: Math.random,
    state: states.get(answersProducer),
    onProblem: (error) => note(`EDI: ${error instanceof Error ? error.message : String(error)}`),
  });
  await answers.start();
  return answers;
};
