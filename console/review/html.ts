/** Text that is HTML already; everything else is escaped where it is put in. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const textOf = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
};

/** A template whose parts are escaped: html`<b>${'<'}</b>` → `<b>&lt;</b>`. */
export const html = (words: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(
    words.reduce((all, word, index) => all + word + (index < parts.length ? textOf(parts[index]!) : ''), ''),
  );

export const nothing = new Html('');
