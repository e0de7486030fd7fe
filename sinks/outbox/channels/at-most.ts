/** Cut where a receiver would cut or refuse it, with a sign that it was. `abcdef`, 4 → `abc…` */
export const atMost = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
