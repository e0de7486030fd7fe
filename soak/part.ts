export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Something that is proven at length: minutes where a test has seconds. */
export interface Part {
  readonly name: string;
  readonly about: string;
  /** Tells in lines what goes wrong, and how to have it again. */
  run(print: (line: string) => void): Promise<Outcome>;
}
