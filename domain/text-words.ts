/** Words in lower case without what differs from one shipment to the next: numbers, codes with digits, single letters. */
export const wordsOf = (text: string): readonly string[] =>
  (
    text
      .toLowerCase()
      .normalize('NFKC')
      .match(/\p{L}[\p{L}'-]+/gu) ?? []
  ).filter((word) => word.length > 1);

/** What two texts have in common that say the same: `Strike at depot 12!` and `strike at Depot 7` → `strike at depot`. */
export const sayingOf = (text: string): string => wordsOf(text).join(' ');
