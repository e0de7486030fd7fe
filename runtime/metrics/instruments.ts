import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Upper bounds in seconds, for what should take milliseconds: a disk, a model, an insert. */
export const shortSec = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Upper bounds in seconds, for what passes several hops: ingest to exception, due to sent. */
export const longSec = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800];

type Labels<L extends string> = Readonly<Record<L, string | number>>;

/**
 * Counter, gauge and histogram of one registry, with their labels in the type. `remove` takes out those that this call's
 * makers have made: what runs in one process at a time says nothing in the others.
 */
export const instrumentsOf = (registry: Registry) => {
  const registers = [registry];
  const made: string[] = [];
  const own = (name: string): string => {
    made.push(name);
    return name;
  };
  return {
    counter: <L extends string = never>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
      new Counter({ name: own(name), help, labelNames, registers }),
    gauge: <L extends string = never>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
      new Gauge({ name: own(name), help, labelNames, registers }),
    /** A gauge that `collect` sets whenever somebody asks. */
    reading: <L extends string>(
      name: string,
      help: string,
      labelNames: L[],
      collect: (gauge: Gauge<L>) => void,
    ): void => {
      const gauge: Gauge<L> = new Gauge({
        name: own(name),
        help,
        labelNames,
        registers,
        collect: () => collect(gauge),
      });
    },
    /** A counter whose sums are kept elsewhere: `collect` tells each of them whenever somebody asks. */
    counted: <L extends string>(
      name: string,
      help: string,
      labelNames: L[],
      collect: (tell: (labels: Labels<L>, sum: number) => void) => void,
    ): void => {
      const counter: Counter<L> = new Counter({
        name: own(name),
        help,
        labelNames,
        registers,
        collect: () => {
          counter.reset();
          collect((labels, sum) => counter.inc(labels, sum));
        },
      });
    },
    histogram: <L extends string = never>(
      name: string,
      help: string,
      buckets: number[],
      ...labelNames: L[]
    ): Histogram<L> => new Histogram({ name: own(name), help, buckets, labelNames, registers }),
    remove: (): void => {
      for (const name of made.splice(0)) registry.removeSingleMetric(name);
    },
  };
};

/** A counter that exists before its first event: an alert on a rate sees the step from 0 to 1. */
export const startAtZero = <L extends string>(counter: Counter<L>, series: readonly Labels<L>[]): void => {
  for (const labels of series) counter.inc(labels, 0);
};
