import { textOf } from './element-text.ts';
import { firstSegments, isFirstSegment } from './first-segments.ts';

/** A segment cut at its separators: `L11*BL-9 *BM` → id `L11`, value(1) `BL-9`, value(2) `BM`, value(3) empty. */
export class Segment {
  readonly id: string;
  private readonly elements: readonly string[];

  constructor(elements: readonly string[]) {
    this.id = elements[0] ?? '';
    this.elements = elements;
  }

  value(i: number): string {
    const raw = this.elements[i];
    return raw === undefined || raw === '' ? '' : textOf(raw);
  }
}

export type Cut = { readonly segments: readonly Segment[] } | { readonly broken: string };

/**
 * The segments that `wanted` names, in order; all others only have to look like segments, so that what was damaged is
 * told and what nobody reads costs nothing. Of `first`, which begins the content of most sets, there is exactly one: a second one,
 * one that is too wide, or that of another set, shows that two transactions have run together.
 */
export const cutSegments = (
  raw: readonly string[],
  separator: string,
  wanted: ReadonlySet<string>,
  first: string | null,
): Cut => {
  const segments: Segment[] = [];
  let begun = false;
  for (const text of raw) {
    const end = text.indexOf(separator);
    const id = end === -1 ? text : text.slice(0, end);
    if (!wanted.has(id)) {
      if (firstSegments.has(id))
        return { broken: `it has a ${id}, which begins another set; two transactions may have run together` };
      if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id))
        return { broken: `"${text.slice(0, 40)}" is no segment; it was damaged` };
      continue;
    }
    if (id === first) {
      if (begun) return { broken: `it has two ${first}; two transactions may have run together` };
      begun = true;
    }
    const elements = text.split(separator);
    if (id === first && !isFirstSegment(elements))
      return {
        broken: `its ${first} is damaged, "${text.slice(0, 60)}"; two transactions may have run together`,
      };
    segments.push(new Segment(elements));
  }
  return begun || first === null
    ? { segments }
    : { broken: `it has no ${first}, so nothing says which shipment it is about` };
};
