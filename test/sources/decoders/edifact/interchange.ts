/** An interchange around messages, as a carrier writes it; each message is its segments between UNH and UNT. */
export const interchange = (
  messages: readonly (readonly string[])[],
  changes: {
    readonly una?: string;
    readonly syntax?: string;
    readonly id?: string;
    readonly sender?: string;
    readonly test?: boolean;
    readonly separator?: string;
  } = {},
): string => {
  const { una = "UNA:+.? '", syntax = 'UNOC:3', id = 'IFTSTA:D:96A:UN', sender = 'KLINE:ZZ' } = changes;
  const body = messages.flatMap((segments, i) => [
    `UNH+${i + 1}+${id}`,
    ...segments,
    `UNT+${segments.length + 2}+${i + 1}`,
  ]);
  const all = [
    `UNB+${syntax}+${sender}+FOREWARN:ZZ+250602:0800+4711${changes.test === true ? '++++++1' : ''}`,
    ...body,
    `UNZ+${messages.length}+4711`,
  ];
  return una + all.map((segment) => `${segment}'${changes.separator ?? ''}`).join('');
};

/** A consignment that left Hamburg, late for the weather: 9011 24, 9013 63. */
export const departed = (waybill: string, sts = 'STS+1+24+63'): string[] => [
  'BGM+23+REP77+9',
  'DTM+137:202506020730:203',
  'NAD+CA+KLNE:172:20',
  `CNI+1+${waybill}`,
  sts,
  'DTM+334:202506011815:203',
  'LOC+175+DEHAM:139:6:HAMBURG',
];
