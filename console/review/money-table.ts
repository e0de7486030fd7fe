import type { Review } from '../../domain/review/review.ts';
import { html, type Html } from './html.ts';
import { number, section } from './section.ts';
import { money } from './words.ts';

export const moneyTable = ({ figures, before }: Review): Html => {
  const currencies = new Set([...figures.money, ...before.figures.money].map(({ currency }) => currency));
  const of = (all: Review['figures']['money'], currency: string) =>
    all.find((one) => one.currency === currency) ?? {
      actionsMinor: 0,
      penaltiesMinor: 0,
      breachedValueMinor: 0,
    };
  return section(
    'Money',
    'What was spent on actions that left, and what broken promises cost by contract; in brackets the period before.',
    [
      { text: 'currency' },
      number('actions'),
      number('penalties'),
      number('value of shipments with a broken promise'),
    ],
    [...currencies].toSorted().map((currency) => {
      const now = of(figures.money, currency);
      const then = of(before.figures.money, currency);
      const cell = (minor: number, was: number): Html =>
        html`<td class="n">
          ${money(minor, currency)} <span class="soft small">(${money(was, currency)})</span>
        </td>`;
      return html`<tr>
        <td class="name">${currency}</td>
        ${cell(now.actionsMinor, then.actionsMinor)}${cell(now.penaltiesMinor, then.penaltiesMinor)}${cell(now.breachedValueMinor, then.breachedValueMinor)}
      </tr>`;
    }),
    'No shipment has ended, and nothing was spent.',
  );
};
