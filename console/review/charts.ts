import { html, type Html } from './html.ts';

/** A share as a bar beside its figure; without enough cases it is pale. */
export const bar = (share: number | null, tone: 'accent' | 'ok' | 'bad', isSure = true): Html => {
  if (share === null) return html``;
  const width = Math.round(Math.min(1, Math.max(0, share)) * 64);
  return html`<svg
    class="bar ${tone}${isSure ? '' : ' unsure'}"
    viewBox="0 0 64 8"
    width="64"
    height="8"
    aria-hidden="true"
  >
    <rect class="track" width="64" height="8" rx="2" />
    <rect class="fill" width="${width}" height="8" rx="2" />
  </svg>`;
};

export interface Slice {
  readonly tone: string;
  readonly count: number;
  readonly label: string;
}

/** Parts of a whole side by side, on a scale that all rows share. */
export const stack = (slices: readonly Slice[], most: number): Html => {
  let x = 0;
  const rects = slices.map(({ tone, count, label }) => {
    const width = (count / Math.max(1, most)) * 400;
    const rect = html`<rect class="${tone}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="14"
      ><title>${count} ${label}</title></rect
    >`;
    x += width;
    return rect;
  });
  return html`<svg
    class="stack"
    viewBox="0 0 400 14"
    width="400"
    height="14"
    role="img"
    aria-label="${slices.map(({ count, label }) => `${count} ${label}`).join(', ')}"
  >
    ${rects}
  </svg>`;
};

/** An estimate with its interval, on a scale with zero in it: left of zero is good where less is better. */
export const interval = (
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
  reach: number,
  good: 'less' | 'more',
): Html => {
  const at = (x: number): string => (100 + (Math.max(-reach, Math.min(reach, x)) / reach) * 96).toFixed(1);
  const better = good === 'less' ? high < 0 : low > 0;
  const worse = good === 'less' ? low > 0 : high < 0;
  const tone = better ? 'ok' : worse ? 'bad' : 'open';
  return html`<svg class="interval ${tone}" viewBox="0 0 200 16" width="200" height="16" aria-hidden="true">
    <line class="zero" x1="100" x2="100" y1="0" y2="16" />
    <line class="range" x1="${at(low)}" x2="${at(high)}" y1="8" y2="8" />
    <circle cx="${at(value)}" cy="8" r="4" />
  </svg>`;
};
