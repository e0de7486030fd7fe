import { join } from 'node:path';
import { type Disk, type DiskFile, nodeDisk } from '../disk.ts';
import { makeFolder, writeAll } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { outlineFrame, SEGMENT_MAGIC, type FrameOutline } from './frame.ts';

export interface JournalOptions {
  readonly folder: string;
  /** A segment is closed when it has grown past this. */
  readonly segmentBytes?: number;
  /** Latest bytes kept in memory for readers that are caught up. */
  readonly tailBytes?: number;
  readonly disk?: Disk;
}

interface Segment {
  readonly base: number;
  readonly file: DiskFile;
  size: number;
}

interface TailChunk {
  readonly position: number;
  readonly bytes: Buffer;
}

const WINDOW = 1 << 20;

/**
 * An append-only file in segments: bytes go in at the end and are durable when `write` resolves; a position is the
 * count of bytes before it, over all segments. One fsync covers whatever is written in one call. A torn end of the
 * last segment is cut off on opening; damage anywhere else is FW301.
 */
export class Journal {
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #tailBytes: number;
  readonly #disk: Disk;
  readonly #segments: Segment[] = [];
  readonly #tail: TailChunk[] = [];
  #tailSize = 0;
  #window: { position: number; bytes: Buffer } | undefined;

  private constructor(options: JournalOptions) {
    this.#folder = options.folder;
    this.#segmentBytes = options.segmentBytes ?? 64 << 20;
    this.#tailBytes = options.tailBytes ?? 32 << 20;
    this.#disk = options.disk ?? nodeDisk;
  }

  /** Opens the folder and hands every frame that is in it to `visit`, in order, with its position. */
  static async open(
    options: JournalOptions,
    visit: (frame: FrameOutline, position: number, bytes: Buffer) => void,
  ): Promise<Journal> {
    const journal = new Journal(options);
    const disk = journal.#disk;
    await makeFolder(options.folder, disk);
    // A process that was killed may have left names and bytes that only the system's memory has: what is read here is
    // shown to others, so it is made durable first.
    await disk.syncFolder(options.folder);
    const names = (await disk.readdir(options.folder)).filter((name) => name.endsWith('.log')).sort();
    for (const [index, name] of names.entries()) {
      await journal.#scan(name, index === names.length - 1, visit);
    }
    if (journal.#segments.length === 0) await journal.#roll(0);
    return journal;
  }

  get end(): number {
    const last = this.#segments.at(-1)!;
    return last.base + last.size;
  }

  get begin(): number {
    return this.#segments[0]!.base;
  }

  get needsRoll(): boolean {
    return this.#segments.at(-1)!.size >= this.#segmentBytes;
  }

  /** Whether the last segment has no frame yet: what is written next is its first one. */
  get isAtBeginOfSegment(): boolean {
    return this.#segments.at(-1)!.size === SEGMENT_MAGIC.length;
  }

  /** Starts a new segment; what is written next is its first frame. */
  async roll(): Promise<void> {
    await this.#roll(this.end);
  }

  /** Appends and makes durable. Returns the position of the first byte. */
  async write(buffers: readonly Buffer[]): Promise<number> {
    const segment = this.#segments.at(-1)!;
    const position = segment.base + segment.size;
    const bytes = buffers.length === 1 ? buffers[0]! : Buffer.concat(buffers);
    try {
      await writeAll(segment.file, bytes, segment.size);
      await segment.file.datasync();
    } catch (error) {
      // What was refused must not be found after a restart; where even this fails, the next opening cuts it off or
      // takes it whole.
      await cutOff(segment.file, segment.size).catch(() => undefined);
      throw error;
    }
    segment.size += bytes.length;
    this.#tail.push({ position, bytes });
    this.#tailSize += bytes.length;
    while (this.#tailSize > this.#tailBytes && this.#tail.length > 1) {
      this.#tailSize -= this.#tail.shift()!.bytes.length;
    }
    return position;
  }

  /** The bytes [position, position + length), which must have been written. */
  async read(position: number, length: number): Promise<Buffer> {
    const chunk = this.#tailChunk(position);
    if (chunk !== undefined)
      return chunk.bytes.subarray(position - chunk.position, position - chunk.position + length);
    const window = this.#window;
    if (
      window !== undefined &&
      position >= window.position &&
      position + length <= window.position + window.bytes.length
    ) {
      return window.bytes.subarray(position - window.position, position - window.position + length);
    }
    const segment = this.#segmentAt(position);
    const wanted = Math.min(Math.max(length, WINDOW), segment.base + segment.size - position);
    const bytes = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await segment.file.read(bytes, 0, wanted, position - segment.base);
    if (bytesRead < length) {
      throw new ForewarnError(
        'FW301',
        `log position ${position}: ${bytesRead} bytes where ${length} were written`,
      );
    }
    this.#window = { position, bytes: bytes.subarray(0, bytesRead) };
    return bytes.subarray(0, length);
  }

  /**
   * Deletes the segments that end at or before `position`; the last one stays. Returns the new beginning. The oldest
   * one is gone for good before the next one goes: a crash never leaves a gap.
   */
  async dropBefore(position: number): Promise<number> {
    while (this.#segments.length > 1 && this.#segments[1]!.base <= position) {
      const segment = this.#segments.shift()!;
      await segment.file.close();
      await this.#disk.unlink(this.#path(segment.base));
      await this.#disk.syncFolder(this.#folder);
    }
    return this.begin;
  }

  async close(): Promise<void> {
    for (const segment of this.#segments) await segment.file.close();
    this.#segments.length = 0;
  }

  #path(base: number): string {
    return join(this.#folder, `${String(base).padStart(16, '0')}.log`);
  }

  async #roll(base: number): Promise<void> {
    const file = await this.#disk.open(this.#path(base), 'wx+');
    await writeAll(file, SEGMENT_MAGIC, 0);
    await file.sync();
    await this.#disk.syncFolder(this.#folder);
    this.#segments.push({ base, file, size: SEGMENT_MAGIC.length });
  }

  async #scan(
    name: string,
    last: boolean,
    visit: (frame: FrameOutline, position: number, bytes: Buffer) => void,
  ): Promise<void> {
    const base = Number(name.slice(0, -4));
    const before = this.#segments.at(-1);
    if (before !== undefined && before.base + before.size !== base) {
      throw new ForewarnError(
        'FW301',
        `log segment ${name} does not follow the one before it: bytes [${before.base + before.size}; ${base}) are missing; restore them from a copy`,
      );
    }
    const file = await this.#disk.open(join(this.#folder, name), 'r+');
    const bytes = await file.readFile();
    if (!bytes.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) {
      if (!last || bytes.length > SEGMENT_MAGIC.length) {
        throw new ForewarnError(
          'FW301',
          `log segment ${name} does not begin like one of ours; restore it or remove the data folder`,
        );
      }
      // A crash between making the file and writing its first bytes.
      await file.truncate(0);
      await writeAll(file, SEGMENT_MAGIC, 0);
      await file.sync();
      this.#segments.push({ base, file, size: SEGMENT_MAGIC.length });
      return;
    }
    let at = SEGMENT_MAGIC.length;
    for (;;) {
      const read = outlineFrame(bytes, at);
      if (read === undefined) break;
      visit(read.frame, base + at, bytes.subarray(at, read.next));
      at = read.next;
    }
    if (at < bytes.length) {
      if (!last)
        throw new ForewarnError(
          'FW301',
          `log segment ${name} is damaged at byte ${at}; restore it from a copy`,
        );
      await file.truncate(at);
    }
    if (last) await file.sync();
    this.#segments.push({ base, file, size: at });
  }

  #segmentAt(position: number): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#segments[middle]!.base <= position) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low]!;
  }

  #tailChunk(position: number): TailChunk | undefined {
    const first = this.#tail[0];
    if (first === undefined || position < first.position) return undefined;
    let low = 0;
    let high = this.#tail.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#tail[middle]!.position <= position) low = middle;
      else high = middle - 1;
    }
    return this.#tail[low]!;
  }
}

const cutOff = async (file: DiskFile, length: number): Promise<void> => {
  await file.truncate(length);
  await file.datasync();
};
