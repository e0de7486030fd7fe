import type { Review } from '../../domain/review/review.ts';
import { interval } from './charts.ts';
import { html, type Html, nothing } from './html.ts';
import { number, section } from './section.ts';
import { dayWords, plural, words } from './words.ts';

const units = {
  breach_rate: { name: 'breaches', says: (value: number) => `${(100 * value).toFixed(1)} pts` },
  minutes_late: { name: 'minutes late', says: (value: number) => `${value.toFixed(0)} min` },
  contact_rate: { name: 'customers who ask', says: (value: number) => `${(100 * value).toFixed(1)} pts` },
} as const;

/** Chance makes those alike who had the action and those who did not; people had reasons. */
const compared = { randomised: 'by chance', observational: 'as people chose', none: '' } as const;

const signed = (value: number, says: (value: number) => string): string =>
  `${value > 0 ? '+' : ''}${says(value).replace('-', '−')}`;

export const effectTable = ({ effects, learnedFrom }: Review): Html => {
  const reach = (outcome: keyof typeof units): number =>
    Math.max(
      1e-9,
      ...effects
        .filter((one) => one.outcome === outcome)
        .flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]),
    );
  return section(
    'What actions do (estimates)',
    `Estimated from cases of ${dayWords(learnedFrom.from)} to ${dayWords(learnedFrom.to)}, with 95 % intervals: a breach that was avoided cannot be observed. Less is better.`,
    [
      { text: 'category' },
      { text: 'action' },
      { text: 'on' },
      number('effect'),
      { text: '' },
      number('done / withheld'),
      { text: 'says' },
    ],
    effects.flatMap((row) => {
      const { category, actionType, outcome, effect, low, high, treated, withheld, says } = row;
      if (effect === null || low === null || high === null) return [];
      const unit = units[outcome];
      return [
        html`<tr>
          <td class="name">${words(category)}</td>
          <td class="name">${words(actionType)}</td>
          <td class="name">${unit.name}</td>
          <td class="n">
            ${signed(effect, unit.says)}<br /><span class="soft small"
              >${signed(low, unit.says)} to ${signed(high, unit.says)}</span
            >
          </td>
          <td>${interval({ value: effect, low, high }, reach(outcome), 'less')}</td>
          <td class="n">
            ${treated} / ${withheld}<br /><span class="soft small">${compared[row.evidence]}</span>
          </td>
          <td class="words">${says}</td>
        </tr>`,
      ];
    }),
    'Of no action can it be said yet what it does: it takes cases in which it was done and others in which it was not.',
    unknownEffects(effects),
  );
};

/** What nobody can tell yet, folded away: one line for each category and action that lacks the same. */
const unknownEffects = (effects: Review['effects']): Html => {
  const lines = new Map<string, { readonly first: Review['effects'][number]; readonly on: string[] }>();
  for (const one of effects) {
    if (one.effect !== null) continue;
    const key = JSON.stringify([one.category, one.actionType, one.says]);
    const line = lines.get(key) ?? { first: one, on: [] };
    line.on.push(units[one.outcome].name);
    lines.set(key, line);
  }
  if (lines.size === 0) return nothing;
  return html`<details>
    <summary class="soft small">
      ${plural(lines.size, 'comparison')} that nobody can make yet, and why
    </summary>
    <table>
      <tbody>
        ${[...lines.values()].map(
          ({ first, on }) =>
            html`<tr>
              <td class="name">${words(first.category)}</td>
              <td class="name">${words(first.actionType)}</td>
              <td class="words">${on.join(', ')}</td>
              <td class="n">${first.treated} / ${first.withheld}</td>
              <td class="words">${first.says}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
};
