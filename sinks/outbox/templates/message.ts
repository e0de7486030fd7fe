/** Who reads a message, as far as it changes what it says. */
export interface Reader {
  /** BCP 47; what there is in the nearest language is what is said. */
  readonly language: string;
  /** IANA zone in which times are told. */
  readonly zone: string;
  readonly name: string;
}

/** What is said, in the reader's language, with all facts in it. */
export interface Message {
  /** The language that it is in. */
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly short: string;
  readonly html: string;
}
