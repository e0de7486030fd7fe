import { z } from 'zod';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const position = z.array(z.number()).min(2);

/** What is used of a road event. Version 4 writes a part of it under `core_details`, version 3 all beside each other. */
const properties = z.object({
  data_source_id: z.string().nullish(),
  event_type: z.string(),
  road_names: z.array(z.string()).min(1),
  direction: z.string().nullish(),
  description: z.string().nullish(),
  update_date: time.nullish(),
  creation_date: time.nullish(),
  start_date: time,
  end_date: time,
  vehicle_impact: z.string().nullish(),
});

const flat = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'core_details' in value
    ? { ...value, ...(value.core_details as object) }
    : value;

const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('LineString'), coordinates: z.array(position).min(1) }),
  z.object({ type: z.literal('MultiPoint'), coordinates: z.array(position).min(1) }),
]);

/** A feature of a WZDx feed, as much of it as is used; a feature of either version comes out alike. */
export const roadEvent = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  properties: z.preprocess(flat, properties),
  geometry: geometry.nullish(),
});
export type RoadEvent = z.infer<typeof roadEvent>;

const head = z.object({ publisher: z.string().min(1), update_date: time.nullish() });

/** `feed_info` since 4.2 names the feed; `road_event_feed_info` did before. */
export const feedInfo = z
  .union([
    z.object({ feed_info: head }).transform(({ feed_info: info }) => info),
    z.object({ road_event_feed_info: head }).transform(({ road_event_feed_info: info }) => info),
  ])
  .transform(({ publisher, update_date: updatedAt }) => ({ publisher, updatedAt: updatedAt ?? null }));
