/** ln(1 + e^x) without overflow: the log-loss of log-odds −x where the label is 1. 0 → 0.693 · 1,000 → 1,000 */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
