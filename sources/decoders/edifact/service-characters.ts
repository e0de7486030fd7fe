/** How one interchange is cut: its UNA says so, else its UNB shows it (ISO 9735-1). */
export interface ServiceCharacters {
  readonly component: string;
  readonly element: string;
  /** Null where UNA gives a blank: nothing is escaped. */
  readonly release: string | null;
  readonly segment: string;
}

/** Level A, and what nearly everyone writes: `:` `+` `?` `'`. */
export const usual: ServiceCharacters = { component: ':', element: '+', release: '?', segment: "'" };
/** A UNB is shorter than this, and what follows it has begun. */
const SHOWN = 700;
/** Level B of the early syntax versions: the separators of ISO 646, which no text can hold. */
const control: ServiceCharacters = {
  component: '\u001F',
  element: '\u001D',
  release: null,
  segment: '\u001C',
};

/**
 * UNA and its six characters: component, element, decimal mark, release, repetition or reserved, terminator:
 * `UNA:+.? '` → `:` `+` `?` `'`. A terminator that was lost in a line break is that break. Null where they cannot be meant.
 */
export const readUna = (
  text: string,
  at: number,
): { readonly characters: ServiceCharacters; readonly end: number } | null => {
  const [component, element, , release, , segment] = text.slice(at + 3, at + 9);
  if (component === undefined || element === undefined || release === undefined || segment === undefined)
    return null;
  const cuts = [component, element, segment];
  if (new Set(cuts).size < 3 || cuts.some((one) => /[A-Za-z0-9 ]/.test(one))) return null;
  return {
    characters: { component, element, release: release === ' ' ? null : release, segment },
    end: at + 9,
  };
};

/**
 * What a UNB, UNG or UNH without UNA is cut with: `UNB+UNOC:3+` → the usual ones; `UNB|UNOA^1|…~UNH` → element `|`,
 * component `^`, segment `~`, the last character before UNH.
 */
export const guessCharacters = (text: string, at: number): ServiceCharacters => {
  const element = text[at + 3];
  const shown = text.slice(at, at + SHOWN);
  if (element === undefined || (element === usual.element && shown.includes(usual.segment))) return usual;
  if (element === control.element) return control;
  const component = /^UNB.UN[A-Z]{2}([^A-Za-z0-9\s])/i.exec(shown)?.[1] ?? usual.component;
  const next = shown.slice(4).search(/UN[GH]/i);
  const before = next === -1 ? '' : shown.slice(4, 4 + next).trimEnd();
  const last = before.at(-1) ?? usual.segment;
  // Where nothing stands between the last element and UNH but a line break, that is the terminator.
  const segment = /[A-Za-z0-9]/.test(last) ? (text[at + 4 + before.length] ?? '\n') : last;
  return { component, element, release: usual.release, segment: segment === '\r' ? '\n' : segment };
};
