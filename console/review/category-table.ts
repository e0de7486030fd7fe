import type { CategoryChange } from '../../domain/review/category-finding.ts';
import type { Review } from '../../domain/review/review.ts';
import { html, type Html } from './html.ts';
import { number, section } from './section.ts';
import { percent } from './words.ts';

/** What rises and has no category: how much, in whose words, and what accepting it does. */
export const categoryTable = ({ newCategories }: Review): Html =>
  section(
    'New categories',
    'Codes and texts that nothing understands and that came more often in the last 7 days of the period than chance explains. Accepted, one becomes a category, and its code or its texts mean it from now on; what was heard before stays as it is. To accept: forewarn proposals apply, with its id, --name, --family and --severity.',
    [
      { text: 'what came' },
      number('lately / before'),
      number('times as often'),
      number('came late'),
      { text: 'in their words' },
      { text: 'proposal' },
    ],
    newCategories.map(
      ({ id, finding }) =>
        html`<tr>
          <td class="name">
            ${whatCame(finding)}<br /><span class="soft small">from ${finding.feeds.join(', ')}</span>
          </td>
          <td class="n">${finding.lately} / ${finding.before}</td>
          <td class="n">${finding.factor === null ? 'new' : finding.factor.toFixed(1)}</td>
          <td class="n">${lateWords(finding)}</td>
          <td class="words">${finding.examples.map((text) => html`<q>${text}</q><br />`)}</td>
          <td>
            <code>${id.slice(0, 8)}</code><br /><span class="soft small">${finding.suggestedName}</span>
          </td>
        </tr>`,
    ),
    'Nothing without a category is on the rise.',
  );

const whatCame = ({ kind, standard, status, reason, words }: CategoryChange['finding']): Html =>
  kind === 'text'
    ? html`texts with ${words.join(', ')}`
    : html`${reason === null ? 'status' : 'reason'} <code>${reason ?? status ?? ''}</code> of
        ${standard ?? 'no standard'}`;

/** Share of its shipments that came late, of those that have ended. */
const lateWords = ({ breachRate }: CategoryChange['finding']): string =>
  breachRate === null ? '–' : percent(breachRate);
