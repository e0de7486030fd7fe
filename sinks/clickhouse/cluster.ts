import type { ClickHouseSettings } from '@clickhouse/client';

/** Servers that hold the tables together. */
export interface ClickHouseCluster {
  /** As the servers call it in `remote_servers`. Each of them has the macros `shard` and `replica`. */
  readonly name: string;
  /** More than one shard: rows lie in a table of each, and the table that is asked is `Distributed` over them. */
  readonly sharded: boolean;
  /** Replicas that must have an insert before it is answered: `auto` is more than half of them, 0 is the one asked. */
  readonly quorum: 'auto' | number;
}

/** Less than our request may take, so that the server says what it waited for. */
const WAIT_SEC = 20;

/**
 * What holds for every statement to a cluster. A statement on the cluster does not fail because a replica is away: it
 * finds the statement in the queue when it is back. An insert that too few replicas have is no success: it comes again
 * under its token, and what was in is recognised.
 */
export const clusterSettings = ({ sharded, quorum }: ClickHouseCluster): ClickHouseSettings => ({
  distributed_ddl_task_timeout: String(WAIT_SEC),
  distributed_ddl_output_mode: 'null_status_on_timeout',
  insert_quorum: String(quorum),
  insert_quorum_parallel: 1,
  insert_quorum_timeout: WAIT_SEC * 1_000,
  ...(sharded
    ? {
        // The answer comes when every shard has its rows, not when they wait in a queue.
        distributed_foreground_insert: 1,
        // A join of two tables asks all shards for both, wherever their rows lie.
        distributed_product_mode: 'global',
      }
    : {}),
});
