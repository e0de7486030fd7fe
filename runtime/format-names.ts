/** Names of all formats that decoders read, as `partners.<source>.format` may say them. */
export const formatNames = [
  'x12',
  'nws',
  'fedex',
  'ups',
  'usps',
  'dhl',
  'canada-post',
  'a1',
  'prestige',
  'lasership',
  'stamps',
  'aftership',
  'shippo',
  'shipengine',
  'easypost',
  'visibility',
  'canonical',
  'canonical-lines',
] as const;
export type FormatName = (typeof formatNames)[number];
