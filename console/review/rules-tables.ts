import type { Review } from '../../domain/review/review.ts';
import { html, type Html } from './html.ts';
import { number, section } from './section.ts';
import { dayWords, money, plural } from './words.ts';

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
