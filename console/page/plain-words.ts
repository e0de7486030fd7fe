/** A code as a person would write it: `port_terminal` → `Port terminal`. */
export const plainWords = (code: string): string => {
  const words = code.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A lane as its two ends: `CHI-DAL` → `CHI → DAL`; anything with other than two parts stays as it is. */
export const laneWords = (lane: string): string => {
  const ends = lane.split(/-|>|→/);
  return ends.length === 2 ? ends.map((end) => end.trim()).join(' → ') : lane;
};

/** What a state of an action means for somebody who looks at it. */
const actionStateWords: Readonly<Record<string, string>> = {
  proposed: 'proposed',
  awaiting_approval: 'waits for approval',
  due: 'being sent',
  sent: 'sent',
  uncertain: 'sent, no answer',
  failed: 'failed',
  expired: 'too late to help',
  confirmed: 'confirmed',
  cancelled: 'no longer needed',
  refused: 'refused',
  held_out: 'held out, to compare',
  suppressed: 'not sent',
};

export const actionStateOf = (state: string): string => actionStateWords[state] ?? plainWords(state);

/** Minor units with their currency: 4500, USD → `$45.00`. */
export const moneyWords = (minor: number, currency: string | null): string => {
  if (currency === null) return (minor / 100).toFixed(2);
  const format = formatOf(currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
};

const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (currency: string): Intl.NumberFormat => {
  let format = formats.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat('en', { style: 'currency', currency });
    formats.set(currency, format);
  }
  return format;
};
