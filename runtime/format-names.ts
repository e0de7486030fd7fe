/** Names of all formats that decoders read, as `partners.<source>.format` may say them. */
export const formatNames = ['x12', 'nws', 'debezium', 'csv', 'canonical', 'canonical-lines'] as const;
export type FormatName = (typeof formatNames)[number];
