import type { Review } from '../../domain/review/review.ts';
import { type Slice, stack } from './charts.ts';
import { html, type Html } from './html.ts';
import { number, section } from './section.ts';
import { minuteWords, words } from './words.ts';

const tones: readonly (readonly [tone: string, states: readonly string[]])[] = [
  ['done', ['confirmed', 'sent']],
  ['open', ['due', 'proposed', 'awaiting_approval']],
  ['lost', ['failed', 'uncertain', 'expired', 'refused']],
  ['none', ['cancelled', 'suppressed', 'held_out']],
];

const slicesOf = (states: Readonly<Record<string, number>>): readonly Slice[] =>
  tones.flatMap(([tone, own]) =>
    own.flatMap((state) => {
      const count = states[state] ?? 0;
      return count === 0 ? [] : [{ tone, count, label: words(state) }];
    }),
  );

export const actionTable = ({ figures }: Review): Html => {
  const lines = figures.actions.map(({ type, states }) => ({
    type,
    slices: slicesOf(states),
    all: Object.values(states).reduce((sum, count) => sum + count, 0),
  }));
  const most = Math.max(...lines.map(({ all }) => all));
  return html`<section>
    <h2>Actions by result</h2>
    <p class="soft small">
      <i class="key done"></i>left<i class="key open"></i>under way<i class="key lost"></i>came to nothing<i
        class="key none"
      ></i
      >not begun
    </p>
    ${
      lines.length === 0
        ? html`<p class="none-yet">No action was planned.</p>`
        : html`<table>
            <thead>
              <tr>
                <th></th>
                <th class="n">planned</th>
                <th></th>
                <th></th>
              </tr>
            </thead>
            <tbody>
              ${lines.map(
                ({ type, slices, all }) =>
                  html`<tr>
                    <td class="name">${words(type)}</td>
                    <td class="n">${all}</td>
                    <td>${stack(slices, most)}</td>
                    <td class="words">${slices.map(({ count, label }) => `${count} ${label}`).join(', ')}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
};

export const approvalTable = ({ approvals }: Review): Html => {
  const { asked, approved, refused, lapsed, medianMin, slowestMin, refusedBecause } = approvals;
  const rows =
    asked === 0
      ? []
      : [
          html`<tr>
            <td class="n">${asked}</td>
            <td class="n">${approved}</td>
            <td class="n">${refused}</td>
            <td class="n">${lapsed}</td>
            <td class="n">${minuteWords(medianMin)}</td>
            <td class="n">${minuteWords(slowestMin)}</td>
            <td class="words">
              ${refusedBecause.map(({ reason, count }) => `${count} ${words(reason)}`).join(', ') || '–'}
            </td>
          </tr>`,
        ];
  return section(
    'Approvals',
    'Actions that a person was asked about: what was said, and how long it took.',
    [
      number('asked'),
      number('approved'),
      number('refused'),
      number('nobody decided'),
      number('median time'),
      number('slowest'),
      { text: 'refused because' },
    ],
    rows,
    'Nobody was asked.',
  );
};

export const withheldTable = ({ withheld }: Review): Html =>
  section(
    'Not sent, and why',
    "Withheld for the customer's sake, or by the hold-out that makes effects measurable.",
    [{ text: 'action' }, { text: 'because' }, number('times')],
    withheld.map(
      ({ type, reason, count }) =>
        html`<tr>
          <td class="name">${words(type)}</td>
          <td>${words(reason)}</td>
          <td class="n">${count}</td>
        </tr>`,
    ),
    'Nothing was withheld.',
  );
