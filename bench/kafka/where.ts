/** Where the records of a bench lie. */
export interface Where {
  readonly brokers: readonly string[];
  /** First part of the names of all its topics. */
  readonly prefix: string;
  readonly partitions: number;
}
