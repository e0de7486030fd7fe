import { buttonElement } from './button-element.ts';
import type { EvidenceView, ExceptionView, History } from './contract.ts';
import { element } from './element.ts';
import { evidenceList } from './evidence-element.ts';
import { historyWords } from './history-words.ts';
import { lineWords } from './impact-words.ts';
import { severityWords } from './severity-words.ts';
import { momentWords } from './time-words.ts';

/** Asks the server for what the stream does not carry. */
export interface LookUp {
  readonly evidence: (exceptionId: string) => Promise<readonly EvidenceView[]>;
  readonly history: (exceptionId: string) => Promise<History>;
}

const linesShown = 12;

/** Everything that speaks for an exception, made when somebody looks. */
export const detailsElement = (exception: ExceptionView, lookUp: LookUp): HTMLElement => {
  const node = element('div', 'details');
  node.append(section('Severity', element('p', '', severityWords(exception))));
  const evidence = section('Evidence', evidenceList(exception, []));
  node.append(evidence);
  lookUp.evidence(exception.id).then(
    (said) => {
      if (said.length === 0) return;
      evidence.replaceChildren(element('h3', '', 'Evidence'), evidenceList(exception, said));
    },
    // The ids stay; what they say is not known now.
    () => undefined,
  );
  const { affectedLines: lines } = exception;
  if (lines.length > 0) {
    const list = element(
      'ul',
      '',
      ...lines.slice(0, linesShown).map((line) => element('li', '', lineWords(line))),
    );
    const more = lines.length - linesShown;
    if (more > 0) list.append(element('li', '', `and ${more} more`));
    node.append(section('Order lines', list));
  }
  node.append(
    section('Judged by', element('p', '', judgedWords(exception))),
    historySection(exception.id, lookUp),
  );
  return node;
};

const section = (title: string, ...content: readonly Node[]): HTMLElement =>
  element('section', '', element('h3', '', title), ...content);

const judgedWords = (e: ExceptionView): string =>
  [
    e.contractVersion === null ? 'no contract, the defaults of its tier' : `contract v${e.contractVersion}`,
    e.playbook === null ? 'no playbook yet' : `playbook ${e.playbook}`,
    `version ${e.version}, because of ${e.changedBy.replaceAll('_', ' ')}${e.changedRef === null ? '' : ` ${e.changedRef}`}`,
  ].join(' · ');

const historySection = (exceptionId: string, lookUp: LookUp): HTMLElement => {
  const list = element('ol', 'history');
  const show = async (): Promise<void> => {
    try {
      const { entries, complete } = await lookUp.history(exceptionId);
      list.replaceChildren(
        ...entries.map((entry) =>
          element(
            'li',
            '',
            element('time', '', momentWords(entry.at)),
            element('span', '', historyWords(entry)),
          ),
        ),
      );
      if (!complete) list.append(element('li', '', 'The tables do not answer: there may be more.'));
    } catch (error) {
      list.replaceChildren(
        element('li', 'error', error instanceof Error ? error.message : 'It did not work.'),
      );
    }
  };
  const button = buttonElement('link', 'Show all that happened', () => void show());
  return section('History', button, list);
};
