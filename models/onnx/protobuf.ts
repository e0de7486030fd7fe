/**
 * Just enough of the protobuf wire format to write ONNX.
 *
 *   message := field*
 *   field   := varint(number << 3 | wire) payload
 *   payload := varint              wire 0: int32, int64, enum, bool
 *            | length bytes        wire 2: string, bytes, message, packed repeated
 *            | 4 bytes             wire 5: float, little-endian (here packed only)
 *   varint  := 7 bits a byte, least significant first, high bit set on all but the last;
 *              negative numbers as 64-bit two's complement
 */
export type Field = readonly Uint8Array[];

export const message = (...fields: readonly Field[]): Uint8Array => Buffer.concat(fields.flat());

export const int = (number: number, value: number): Field => [varint(number << 3), varint(value)];

export const bytes = (number: number, value: Uint8Array): Field => [
  varint((number << 3) | 2),
  varint(value.length),
  value,
];

export const string = (number: number, value: string): Field => bytes(number, Buffer.from(value, 'utf8'));

export const packedInts = (number: number, values: readonly number[]): Field =>
  bytes(number, Buffer.concat(values.map(varint)));

/** The machine's byte order is little-endian wherever Node runs. */
export const packedFloats = (number: number, values: readonly number[]): Field =>
  bytes(number, new Uint8Array(Float32Array.from(values).buffer));

const varint = (value: number): Uint8Array => {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
};
