import type { Volume } from '../../domain/review/review.ts';
import { bar } from './charts.ts';
import { html, type Html } from './html.ts';
import { number, section } from './section.ts';
import { ENOUGH_CASES, minuteWords, shareOf, shareWords, words } from './words.ts';

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
