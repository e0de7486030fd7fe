const hourMs = 3_600_000;

/** The usual times to look away until, from now in log time; tomorrow is the browser's own. */
export const snoozeTimes = (now: number): readonly { readonly words: string; readonly until: number }[] => {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(8, 0, 0, 0);
  return [
    { words: '1 h', until: now + hourMs },
    { words: '4 h', until: now + 4 * hourMs },
    { words: 'Tomorrow 08:00', until: tomorrow.getTime() },
  ];
};

/** `2025-01-14T09:30` in the browser's zone, as its time field wants it. */
export const localField = (at: number): string => {
  const zoned = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return zoned.toISOString().slice(0, 16);
};
