/** One way to take a file apart, ours or a library's. */
export interface Contender {
  readonly name: string;
  /** What comes out: the same work is compared with the same, and ours goes on from there. */
  readonly makes: 'elements' | 'events';
  readonly isOurs: boolean;
  /** How many messages it found in the file; throws where it cannot read it. */
  readonly read: (bytes: Uint8Array) => number | Promise<number>;
}

/** A file that is not as the standard has it, as partners send them. */
export interface OddFile {
  readonly what: string;
  readonly messages: number;
  readonly bytes: Uint8Array;
}

/** A format, and who reads it. Another format is another one of these, named in `decoders.ts`. */
export interface Contest {
  readonly format: string;
  /** A file as the standard has it: every contender must find all its messages. */
  readonly sound: { readonly messages: number; readonly bytes: Uint8Array };
  readonly odd: readonly OddFile[];
  readonly contenders: readonly Contender[];
}
