import type { RowView } from './contract.ts';
import { element } from './element.ts';
import { plainWords } from './plain-words.ts';
import { spanWords } from './time-words.ts';

/** How one ended: `Delay predicted · S-17 · delivered 12 min late, told in time`. */
export const endWords = ({ exception, outcome }: RowView): string => {
  if (outcome === null) return exception.state === 'withdrawn' ? 'withdrawn: it was not so' : exception.state;
  const { result, minutesLate, breached, toldBeforeBreach } = outcome;
  const late =
    minutesLate === null
      ? ''
      : Math.round(minutesLate) === 0
        ? ' on time'
        : ` ${spanWords(minutesLate * 60_000)} ${minutesLate > 0 ? 'late' : 'early'}`;
  const told = breached ? (toldBeforeBreach ? ', customer told in time' : ', customer not told in time') : '';
  return `${plainWords(result).toLowerCase()}${late}${told}`;
};

export const recentElement = (row: RowView): HTMLElement => {
  const { exception, outcome } = row;
  const line = element(
    'li',
    'ended-row',
    element('span', '', plainWords(exception.category)),
    element('strong', '', exception.shipmentId),
    element('span', 'end', endWords(row)),
  );
  line.dataset['end'] = outcome === null ? 'none' : outcome.breached ? 'breached' : 'kept';
  return line;
};
