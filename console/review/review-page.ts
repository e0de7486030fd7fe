import type { Figures, Review } from '../../domain/review/review.ts';
import { actionTable, approvalTable, withheldTable } from './action-tables.ts';
import { categoryTable } from './category-table.ts';
import { effectTable } from './effect-table.ts';
import { html, Html } from './html.ts';
import { moneyTable } from './money-table.ts';
import { reviewStyle } from './review-style.ts';
import { staleTable, thresholdTable, unmappedTable } from './rules-tables.ts';
import { volumeTable } from './volume-table.ts';
import { dayWords, minuteWords, plural, shareOf, shareWords } from './words.ts';

/** The review as one page that needs nothing else: no script, no font, no picture from anywhere. */
export const reviewPage = (review: Review): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Review ${dayWords(review.from)} – ${dayWords(review.to)}</title>
        <style>
          ${new Html(reviewStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>Review, ${dayWords(review.from)} to ${dayWords(review.to)}</h1>
          <p class="soft">${sentence(review)}</p>
          <section class="tiles">${tilesOf(review)}</section>
          ${volumeTable('By category', 'What was raised, and how well it was seen to come. Precision: of what was predicted, what came true. Recall: of the broken promises, those predicted before the promise had passed.', review.categories)}
          ${volumeTable('By tier', 'Recall is of all broken promises of shipments that ended in the period.', review.tiers)}
          ${volumeTable('By carrier', 'Recall is of all broken promises of shipments that ended in the period.', review.carriers)}
          ${actionTable(review)} ${approvalTable(review)} ${withheldTable(review)} ${effectTable(review)}
          ${moneyTable(review)} ${thresholdTable(review)} ${staleTable(review)} ${categoryTable(review)}
          ${unmappedTable(review)}
          <footer>
            Period before: ${dayWords(review.before.from)} to ${dayWords(review.before.to)}. All times UTC.
            Shares of fewer than ten cases are given as counts. The figures of this page:
            <code>${review.id}</code>, review.json.
          </footer>
        </main>
      </body>
    </html> `.text;

const sentence = ({ figures }: Review): string => {
  const { total, endings } = figures;
  const ended = `${plural(endings.ended, 'shipment')} ended, ${endings.breached} of them after the promise`;
  return `${plural(total.raised, 'exception')} raised, ${total.predicted} before they were seen. ${ended}; of those the customer was told before it in ${shareWords(endings.toldBeforeBreach)}.`;
};

interface Tile {
  readonly name: string;
  readonly show: (figures: Figures) => string;
  /** For the comparison; null where there is nothing to compare. */
  readonly value: (figures: Figures) => number | null;
  /** Whether more of it is better, worse, or neither. */
  readonly more: 'better' | 'worse' | 'neither';
}

const breachShare = ({ endings }: Figures) => ({ hits: endings.breached, of: endings.ended });

const tiles: readonly Tile[] = [
  {
    name: 'raised',
    show: ({ total }) => String(total.raised),
    value: ({ total }) => total.raised,
    more: 'neither',
  },
  {
    name: 'precision',
    show: ({ total }) => shareWords(total.precision),
    value: ({ total }) => shareOf(total.precision),
    more: 'better',
  },
  {
    name: 'recall',
    show: ({ total }) => shareWords(total.recall),
    value: ({ total }) => shareOf(total.recall),
    more: 'better',
  },
  {
    name: 'median lead time',
    show: ({ total }) => minuteWords(total.medianLeadMin),
    value: ({ total }) => total.medianLeadMin,
    more: 'better',
  },
  {
    name: 'raised before the promise',
    show: ({ total }) => shareWords(total.beforePromise),
    value: ({ total }) => shareOf(total.beforePromise),
    more: 'better',
  },
  {
    name: 'promises broken',
    show: (figures) => shareWords(breachShare(figures)),
    value: (figures) => shareOf(breachShare(figures)),
    more: 'worse',
  },
  {
    name: 'told before the breach',
    show: ({ endings }) => shareWords(endings.toldBeforeBreach),
    value: ({ endings }) => shareOf(endings.toldBeforeBreach),
    more: 'better',
  },
  {
    name: 'customers who asked',
    show: ({ endings }) => shareWords(endings.asked),
    value: ({ endings }) => shareOf(endings.asked),
    more: 'worse',
  },
];

const tilesOf = ({ figures, before }: Review): readonly Html[] =>
  tiles.map(({ name, show, value, more }) => {
    const now = value(figures);
    const then = value(before.figures);
    const tone =
      now === null || then === null || show(figures) === show(before.figures) || more === 'neither'
        ? ''
        : now > then === (more === 'better')
          ? 'better'
          : 'worse';
    const was =
      then === null
        ? html`<div class="was">nothing to compare with</div>`
        : html`<div class="was">before: ${show(before.figures)} <span class="${tone}">${tone}</span></div>`;
    return html`<dl class="tile">
      <dt>${name}</dt>
      <dd>${show(figures)}</dd>
      ${was}
    </dl>`;
  });
