import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { quantiles } from '../../operators/aggregates/quantiles.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { hopping } from '../../runtime/window-spec.ts';

const hour = 3_600_000;
const call = z.object({ container: z.string(), port: z.string(), at: z.number() });

/** A container came off a vessel, and left the terminal; events come up to six hours late. */
export const discharged = topic('discharged', { schema: call, key: 'container', disorderMs: 6 * hour });
export const gatedOut = topic('gated-out', { schema: call, key: 'container', disorderMs: 6 * hour });

export const portDelays = topic('port-delays', {
  schema: z.object({
    port: z.string(),
    windowEnd: z.number(),
    containers: z.number(),
    medianHours: z.number(),
  }),
  key: 'port',
  at: 'windowEnd',
});

/** How long containers stand in each port: the median of the last day, said anew every hour. */
export const portDelay = pipeline('port-delay', { from: { discharged, gatedOut } }, (from) => {
  const stays = intervalJoin(from.discharged.keyBy('container'), from.gatedOut.keyBy('container'), {
    name: 'stay',
    after: '30d',
    where: (off, out) => off.port === out.port,
    select: (off, out) => ({ port: off.port, hours: (out.at - off.at) / hour }),
  });
  const daily = stays
    .rekey('ports', 'port')
    .window(hopping('1d', '1h'))
    .through(
      aggregate('by-port', { containers: count(), stay: quantiles('hours', { of: { median: 0.5 } }) }),
    );
  const enough = daily.through(
    where(({ containers }) => containers >= 3),
    map(({ port, windowEnd, containers, stay }) => ({
      port,
      windowEnd,
      containers,
      medianHours: stay.median ?? 0,
    })),
  );
  return [enough.to(portDelays)];
});
