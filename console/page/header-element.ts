import type { Progress, Totals } from './contract.ts';
import { element, setText } from './element.ts';
import { momentWords, spanWords } from './time-words.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const count = (n: number): string => number.format(n);

/** A number with its name and, below it, what makes it up. Returns the way to write it. */
const figure = (
  list: HTMLElement,
  name: string,
  className = '',
): ((value: string, note?: string) => void) => {
  const value = element('dd', 'value');
  const note = element('dd', 'note');
  list.append(element('div', className, element('dt', '', name), value, note));
  return (text, noteText = '') => {
    setText(value, text);
    setText(note, noteText);
  };
};

/** The five numbers that say how the day goes. */
export const totalsElement = (list: HTMLElement): ((totals: Totals) => void) => {
  const open = figure(list, 'Open exceptions');
  const waiting = figure(list, 'Wait for approval', 'waiting');
  const sent = figure(list, 'Actions sent');
  const ended = figure(list, 'Shipments ended');
  const told = figure(list, 'Told before the breach');
  return (totals) => {
    open(count(totals.open), `${count(totals.predicted)} foreseen, ${count(totals.detected)} seen`);
    waiting(count(totals.waiting), totals.waiting === 0 ? 'nothing to decide' : 'need a decision');
    sent(count(totals.actionsSent), `for ${count(totals.raised)} exceptions`);
    ended(count(totals.outcomes), `${count(totals.breaches)} missed the promise`);
    const share =
      totals.breaches === 0 ? '–' : `${Math.round((100 * totals.toldInTime) / totals.breaches)} %`;
    told(share, `${count(totals.toldInTime)} of ${count(totals.breaches)} breaches`);
  };
};

/** The line as a machine: small, for whoever wonders whether it still runs. What `totals` says is not said again. */
export const progressElement = (list: HTMLElement): ((progress: Progress) => void) => {
  const at = figure(list, 'Time');
  const records = figure(list, 'Records/s');
  const shipments = figure(list, 'Open shipments');
  const lag = figure(list, 'Watermark behind by');
  return (progress) => {
    at(`${momentWords(progress.at)} UTC`);
    records(count(progress.recordsPerSec));
    shipments(count(progress.openShipments));
    const { watermarkLagSec: sec } = progress;
    lag(sec < 60 ? `${sec.toFixed(1)} s` : spanWords(sec * 1_000));
  };
};
