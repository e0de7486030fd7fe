/**
 * Reads the protobuf wire format as far as ONNX needs it; the grammar is in `models/onnx/protobuf.ts`. A field that occurs
 * several times is a list, packed or not. Throws a RangeError where the bytes end too early.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Calls `each` for every field; it must read the field's value, or nothing at all. */
  fields(each: (number: number, reader: ProtobufReader) => void): void {
    while (this.#at < this.#bytes.length) {
      const tag = Number(this.varint());
      const from = this.#at;
      this.#wire = tag & 7;
      each(tag >>> 3, this);
      if (this.#at === from) this.#skip();
    }
  }

  #wire = 0;

  /** Of 64 bits, two's complement. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#view.getUint8(this.#at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
  }

  bytes(): Uint8Array {
    const length = Number(this.varint());
    const from = this.#at;
    if (length < 0 || from + length > this.#bytes.length)
      throw new RangeError('the file ends within a field');
    this.#at = from + length;
    return this.#bytes.subarray(from, this.#at);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  /** One number, or a packed run of them. */
  ints(into: number[]): void {
    if (this.#wire !== 2) into.push(Number(this.varint()));
    else {
      const packed = new ProtobufReader(this.bytes());
      while (packed.#at < packed.#bytes.length) into.push(Number(packed.varint()));
    }
  }

  /** One float, or a packed run of them. */
  floats(into: number[]): void {
    if (this.#wire !== 2) {
      into.push(this.#view.getFloat32(this.#at, true));
      this.#at += 4;
      return;
    }
    const { buffer, byteOffset, byteLength } = this.bytes();
    const view = new DataView(buffer, byteOffset, byteLength);
    for (let at = 0; at < byteLength; at += 4) into.push(view.getFloat32(at, true));
  }

  #skip(): void {
    if (this.#wire === 0) this.varint();
    else if (this.#wire === 1) this.#at += 8;
    else if (this.#wire === 2) this.bytes();
    else if (this.#wire === 5) this.#at += 4;
    else throw new RangeError(`wire type ${this.#wire} is not known`);
  }
}
