/** Writes AIS messages for tests: the counterpart of the decoder, made from ITU-R M.1371-5 by itself. */
class Bits {
  #bits = '';

  put(value: number, count: number): this {
    const whole = value < 0 ? 2 ** count + value : value;
    this.#bits += Math.round(whole).toString(2).padStart(count, '0');
    return this;
  }

  text(words: string, characters: number): this {
    for (const letter of words.padEnd(characters, '@').slice(0, characters)) {
      const code = letter.charCodeAt(0);
      this.put(code >= 64 ? code - 64 : code, 6);
    }
    return this;
  }

  /** Payload and the bits that only fill its last character. */
  armoured(): { readonly payload: string; readonly fill: number } {
    const fill = (6 - (this.#bits.length % 6)) % 6;
    const padded = this.#bits.padEnd(this.#bits.length + fill, '0');
    const sixes = padded.match(/.{6}/g) ?? [];
    const payload = sixes.map((six) => {
      const value = Number.parseInt(six, 2);
      return String.fromCharCode(value < 40 ? value + 48 : value + 56);
    });
    return { payload: payload.join(''), fill };
  }
}

const withSum = (body: string): string => {
  let sum = 0;
  for (const letter of body) sum ^= letter.charCodeAt(0);
  return `!${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
};

export interface Position {
  readonly mmsi: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly speedKn?: number;
  readonly navigation?: number;
  readonly type?: 1 | 2 | 3;
}

export const positionSentence = ({
  mmsi,
  latitude,
  longitude,
  speedKn = 0,
  navigation = 1,
  type = 1,
}: Position): string => {
  const { payload, fill } = new Bits()
    .put(type, 6)
    .put(0, 2)
    .put(mmsi, 30)
    .put(navigation, 4)
    .put(0, 8)
    .put(speedKn * 10, 10)
    .put(1, 1)
    .put(Math.round(longitude * 600_000), 28)
    .put(Math.round(latitude * 600_000), 27)
    .put(510, 12)
    .put(511, 9)
    .put(7, 6)
    .put(0, 25)
    .armoured();
  return withSum(`AIVDM,1,1,,A,${payload},${fill}`);
};

/** In two sentences, as it comes over the air. */
export const voyageSentences = (
  voyage: {
    readonly mmsi: number;
    readonly imo: number;
    readonly name: string;
    readonly destination: string;
  },
  sequence = 3,
): readonly [string, string] => {
  const { payload, fill } = new Bits()
    .put(5, 6)
    .put(0, 2)
    .put(voyage.mmsi, 30)
    .put(0, 2)
    .put(voyage.imo, 30)
    .text('CALL', 7)
    .text(voyage.name, 20)
    .put(70, 8)
    .put(0, 30)
    .put(1, 4)
    .put(0, 20)
    .put(90, 8)
    .text(voyage.destination, 20)
    .put(0, 2)
    .armoured();
  return [
    withSum(`AIVDM,2,1,${sequence},B,${payload.slice(0, 56)},0`),
    withSum(`AIVDM,2,2,${sequence},B,${payload.slice(56)},${fill}`),
  ];
};
