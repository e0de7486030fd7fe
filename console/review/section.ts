import { html, type Html, nothing } from './html.ts';

export interface Heading {
  readonly text: string;
  readonly isNumber?: boolean;
}

/** A section with a table; `empty` stands there in words where it has no rows. */
export const section = (
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

/** The heading of a column of numbers. */
export const number = (text: string): Heading => ({ text, isNumber: true });
