const formats = new Map<string, Intl.DateTimeFormat | null>();

const formatOf = (zone: string): Intl.DateTimeFormat | null => {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch {
      format = null;
    }
    formats.set(zone, format);
  }
  return format;
};

/**
 * How far the clocks of an IANA zone are ahead of UTC at a time, in minutes; null for a zone that nobody knows.
 * `Europe/Berlin`: 60 in January, 120 in July.
 */
export const zoneOffsetMin = (zone: string, at: number): number | null => {
  const said = formatOf(zone)
    ?.formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  if (said === undefined) return null;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(said) ?? [];
  if (hours === undefined || minutes === undefined) return 0;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
};
