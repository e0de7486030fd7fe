/**
 * The bits of an AIS payload, six a character (ITU-R M.1371, NMEA 0183 armour: `0`–`W` are 0–39, `` ` ``–`w` 40–63).
 * Null where a character is none of these.
 */
export class SixBits {
  /** Bits that are there, without those that only fill the last character. */
  readonly length: number;
  readonly #values: Uint8Array;

  private constructor(values: Uint8Array, length: number) {
    this.#values = values;
    this.length = length;
  }

  static of(payload: string, fillBits: number): SixBits | null {
    const values = new Uint8Array(payload.length);
    for (let i = 0; i < payload.length; i += 1) {
      const code = payload.charCodeAt(i);
      const isArmour = (code >= 48 && code <= 87) || (code >= 96 && code <= 119);
      if (!isArmour) return null;
      values[i] = code < 88 ? code - 48 : code - 56;
    }
    return new SixBits(values, Math.max(0, payload.length * 6 - fillBits));
  }

  /** `count` bits from `start` as a number without sign; at most 32. What lies behind the end reads as 0. */
  unsigned(start: number, count: number): number {
    let value = 0;
    for (let bit = start; bit < start + count; bit += 1) {
      const six = this.#values[Math.floor(bit / 6)] ?? 0;
      value = value * 2 + ((six >> (5 - (bit % 6))) & 1);
    }
    return value;
  }

  /** In two's complement. */
  signed(start: number, count: number): number {
    const value = this.unsigned(start, count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** Six-bit ASCII, of which `@` ends the text; null for an empty one. */
  text(start: number, characters: number): string | null {
    let text = '';
    for (let n = 0; n < characters; n += 1) {
      const six = this.unsigned(start + n * 6, 6);
      if (six === 0) break;
      text += String.fromCharCode(six < 32 ? six + 64 : six);
    }
    const trimmed = text.trim();
    return trimmed === '' ? null : trimmed;
  }
}
