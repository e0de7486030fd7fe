/** One contender's run over all records. */
export interface Measured {
  /** From the connection to the end, whatever the contender does first. */
  readonly seconds: number;
  /** Of them, until it was ready to work. */
  readonly openSeconds: number;
  readonly cpuSeconds: number;
}
