import type { EvidenceView, ExceptionView } from './contract.ts';
import { element } from './element.ts';
import { momentWords } from './time-words.ts';

const kinds = [
  ['events', 'event', 'events'],
  ['alerts', 'weather alert', 'weather alerts'],
  ['ports', 'port report', 'port reports'],
  ['predictions', 'prediction', 'predictions'],
] as const;

/** `3 events, 1 weather alert`, for the folded line. */
export const evidenceWords = (evidence: ExceptionView['evidence']): string => {
  const parts = kinds
    .filter(([kind]) => evidence[kind].length > 0)
    .map(([kind, one, many]) => `${evidence[kind].length} ${evidence[kind].length === 1 ? one : many}`);
  return parts.length === 0 ? 'No evidence yet' : `Evidence: ${parts.join(', ')}`;
};

type Shown = 'evidence' | 'modelVersion' | 'contributions' | 'unexplained';

/** The ids behind it, the reasons of the model, each of which can be looked up, and what they say where that is known. */
export const evidenceList = (
  { evidence, modelVersion, contributions, unexplained }: Pick<ExceptionView, Shown>,
  said: readonly EvidenceView[],
): HTMLElement => {
  const words = new Map(said.map((each) => [each.id, each]));
  const list = element('dl', 'ids');
  const add = (name: string, ids: readonly string[]): void => {
    if (ids.length === 0) return;
    list.append(element('dt', '', name));
    for (const id of ids) {
      const known = words.get(id);
      const at = known === undefined || known.at === null ? '' : `${momentWords(known.at)}: `;
      list.append(
        element(
          'dd',
          '',
          ...(known === undefined ? [] : [element('span', 'says', `${at}${known.says} `)]),
          element('code', '', id),
        ),
      );
    }
  };
  for (const [kind, one, many] of kinds) add(evidence[kind].length === 1 ? one : many, evidence[kind]);
  add('model', modelVersion === null ? [] : [modelVersion]);
  add(
    contributions.length === 1 ? 'reason' : 'reasons',
    contributions.map(({ feature }) => feature),
  );
  if (unexplained !== null)
    list.append(element('dt', '', 'reasons'), element('dd', '', `not told: ${unexplained}`));
  return list;
};
