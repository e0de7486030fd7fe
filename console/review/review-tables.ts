import type { Review, Volume } from '../../domain/review/review.ts';
import { bar, interval, type Slice, stack } from './charts.ts';
import { html, type Html, nothing } from './html.ts';
import { dayWords, ENOUGH_CASES, minuteWords, money, plural, shareOf, shareWords, words } from './words.ts';

export interface Heading {
  readonly text: string;
  readonly isNumber?: boolean;
}

/** A section with a table; `empty` stands there in words where it has no rows. */
const section = (
  title: string,
  about: string,
  headings: readonly Heading[],
  rows: readonly Html[],
  empty: string,
  below: Html = nothing,
): Html =>
  html`<section>
    <h2>${title}</h2>
    <p class="soft small">${about}</p>
    ${
      rows.length === 0
        ? html`<p class="none-yet">${empty}</p>`
        : html`<table>
            <thead>
              <tr>
                ${headings.map(
                  ({ text, isNumber = false }) =>
                    html`<th${isNumber ? html` class="n"` : html``}>${text}</th>`,
                )}
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>`
    }
    ${below}
  </section>`;

const number = (text: string): Heading => ({ text, isNumber: true });

const shareCell = (
  share: { readonly hits: number; readonly of: number },
  tone: 'accent' | 'ok' | 'bad',
): Html => {
  const isSure = share.of >= ENOUGH_CASES;
  return html`<td class="n${isSure ? '' : ' pale'}">
    ${shareWords(share)}${bar(shareOf(share), tone, isSure)}
  </td>`;
};

export const volumeTable = (title: string, about: string, volumes: readonly Volume[]): Html =>
  section(
    title,
    about,
    [
      { text: '' },
      number('raised'),
      number('predicted'),
      number('withdrawn'),
      number('precision'),
      number('recall'),
      number('median lead'),
      number('before the promise'),
    ],
    volumes.map(
      (row) =>
        html`<tr>
          <td class="name">${row.key === '' ? 'not known' : words(row.key)}</td>
          <td class="n">${row.raised}</td>
          <td class="n">${row.predicted}</td>
          <td class="n">${row.withdrawn}</td>
          ${shareCell(row.precision, 'ok')}${shareCell(row.recall, 'accent')}
          <td class="n">${minuteWords(row.medianLeadMin)}</td>
          ${shareCell(row.beforePromise, 'accent')}
        </tr>`,
    ),
    'Nothing was raised.',
  );

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

export const unmappedTable = ({ unmapped }: Review): Html =>
  section(
    'Codes that nobody has mapped',
    'By partner and code, the most frequent first. Each is an entry that is missing in rules/mappings.',
    [{ text: 'partner' }, { text: 'standard' }, { text: 'status' }, { text: 'reason' }, number('events')],
    unmapped.map(
      ({ feed, standard, status, reason, count }) =>
        html`<tr>
          <td class="name">${feed}</td>
          <td>${standard ?? '–'}</td>
          <td>${status === null ? '–' : html`<code>${status}</code>`}</td>
          <td>${reason === null ? '–' : html`<code>${reason}</code>`}</td>
          <td class="n">${count}</td>
        </tr>`,
    ),
    'Every code had a mapping.',
  );

const staleWords = {
  never_chosen: () => 'matched no exception',
  guard_never_held: (of: number) => `was chosen for ${plural(of, 'exception')}; the guard held for none`,
  never_approved: (of: number) => `was asked for ${of === 1 ? 'once' : `${of} times`} and never approved`,
} as const;

export const staleTable = ({ stale }: Review): Html =>
  section(
    'Playbooks that did nothing',
    'What of the rules had no use in this period.',
    [{ text: 'playbook' }, { text: 'step' }, { text: '' }],
    stale.map(
      ({ playbook, step, finding, of }) =>
        html`<tr>
          <td class="name">${playbook}</td>
          <td class="name">${step ?? 'all of it'}</td>
          <td class="words">${staleWords[finding](of)}</td>
        </tr>`,
    ),
    'Every playbook was used.',
  );

export const thresholdTable = ({ thresholds, proposals, learnedFrom }: Review): Html =>
  section(
    'Thresholds',
    `Looked at over outcomes of ${dayWords(learnedFrom.from)} to ${dayWords(learnedFrom.to)}. The gain is over those cases, as an estimate on cases that the threshold was not chosen by, with its 95 % interval.`,
    [
      { text: 'threshold' },
      number('now'),
      number('proposed'),
      number('gain'),
      number('cases / breaches'),
      { text: 'says' },
    ],
    thresholds.map((look) => {
      const own = proposals.find(({ subject }) => subject === look.subject);
      const says = (value: number): string =>
        typeof own?.currency === 'string' ? money(Math.round(value), own.currency) : value.toFixed(3);
      const gain =
        own === undefined
          ? html`<td class="n pale">–</td>`
          : html`<td class="n">
              ${says(own.gain)}<br /><span class="soft small">${says(own.low)} to ${says(own.high)}</span>
            </td>`;
      const id = own === undefined ? html`` : html`<br /><code>${own.id.slice(0, 8)}</code>`;
      return html`<tr>
        <td><code>${look.subject}</code></td>
        <td class="n">${look.current.toFixed(2)}</td>
        <td class="n">${look.proposed === null ? '–' : html`<b>${look.proposed.toFixed(2)}</b>`}${id}</td>
        ${gain}
        <td class="n">${look.cases} / ${look.breaches}</td>
        <td class="words">${look.says}</td>
      </tr>`;
    }),
    'No threshold could be looked at: nothing that was predicted has ended yet.',
  );

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
