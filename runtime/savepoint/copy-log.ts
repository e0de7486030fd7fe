import { mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import {
  decodeRun,
  encodeFrame,
  type Frame,
  frameOfRead,
  type FrameOutline,
  outlineFrame,
  SEGMENT_MAGIC,
} from '../log/frame.ts';

export interface CopyLogOptions {
  readonly from: string;
  readonly to: string;
  /** Ends by `topic/partition`: what lies before them is copied as it is. */
  readonly cut: ReadonlyMap<string, number>;
  /** Producers of which nothing is copied, such as those that fill tables. */
  readonly leavesOut: (producer: string) => boolean;
  /** Frames that come last, made when the begins and ends of all partitions are known. */
  readonly last: (begins: ReadonlyMap<string, number>) => readonly Frame[];
  readonly segmentBytes?: number;
}

/**
 * A journal as if what tasks made after a cut had never been: up to the cut every frame, behind it only what came from
 * outside, with the log times at which it was heard. Tasks that start from state of the cut read on from there and
 * decide anew. Offsets are given out again, so those of topics that come from outside stay as they were.
 */
export const copyLog = async (options: CopyLogOptions): Promise<{ readonly left: number }> => {
  await mkdir(options.to, { recursive: true });
  const writer = await SegmentWriter.open(options.to, options.segmentBytes ?? 64 << 20);
  const begins = new Map<string, number>();
  const ends = new Map<string, number>();
  let isBehind = false;
  let left = 0;
  const names = (await readdir(options.from)).filter((name) => name.endsWith('.log')).sort();
  for (const [index, name] of names.entries()) {
    const bytes = await readFile(join(options.from, name));
    let at = bytes.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)
      ? SEGMENT_MAGIC.length
      : bytes.length;
    for (;;) {
      const read = outlineFrame(bytes, at);
      if (read === undefined) break;
      const { frame, next } = read;
      isBehind ||= frame.runs.some(
        (run) => run.count > 0 && run.baseOffset >= (options.cut.get(`${run.topic}/${run.partition}`) ?? 0),
      );
      if (options.leavesOut(frame.producer) || (isBehind && frame.kind === 'commit')) left += 1;
      else {
        const raw = bytes.subarray(at, next);
        const whole =
          isBehind || hasStateOf(options.leavesOut, frame) ? rebased(frame, raw, ends, options) : raw;
        for (const { topic, partition, baseOffset, count } of outlineFrame(whole, 0)!.frame.runs) {
          const place = `${topic}/${partition}`;
          if (!begins.has(place)) begins.set(place, baseOffset);
          ends.set(place, baseOffset + count);
        }
        await writer.write(whole);
      }
      at = next;
    }
    if (at < bytes.length && index < names.length - 1)
      throw new ForewarnError(
        'FW301',
        `log segment ${name} is damaged at byte ${at}; restore it from a copy`,
      );
  }
  for (const frame of options.last(begins)) await writer.write(encodeFrame(frame));
  await writer.close();
  await syncFolder(options.to);
  return { left };
};

/** The opening frame of a segment tells where the offsets of every partition stand, of those that are left out too. */
const hasStateOf = (leavesOut: (producer: string) => boolean, frame: FrameOutline): boolean =>
  frame.kind === 'tick' && frame.runs.some(({ topic }) => isLeftOut(topic, leavesOut));

const isLeftOut = (topic: string, leavesOut: (producer: string) => boolean): boolean =>
  topic.startsWith(STATE) && leavesOut(topic.slice(STATE.length));

const STATE = '~state/';

/** A frame with the offsets that its records have here. */
const rebased = (
  { kind, time, producer, epoch, frontier, runs }: FrameOutline,
  bytes: Buffer,
  ends: ReadonlyMap<string, number>,
  { leavesOut }: CopyLogOptions,
): Buffer =>
  encodeFrame({
    kind,
    time,
    producer,
    epoch,
    frontier,
    runs: runs
      .filter(({ topic }) => !isLeftOut(topic, leavesOut))
      .map(({ topic, partition, baseOffset, count, start }) => ({
        topic,
        partition,
        baseOffset: ends.get(`${topic}/${partition}`) ?? baseOffset,
        records: decodeRun(bytes, start, count, baseOffset, producer).map(frameOfRead),
      })),
  });

/** Segments that are closed when they have grown past their size; on the disk when `close` resolves. */
class SegmentWriter {
  readonly #folder: string;
  readonly #segmentBytes: number;
  #file: FileHandle;
  #base = 0;
  #size = 0;

  private constructor(folder: string, segmentBytes: number, file: FileHandle) {
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
    this.#file = file;
  }

  static async open(folder: string, segmentBytes: number): Promise<SegmentWriter> {
    const writer = new SegmentWriter(folder, segmentBytes, await open(pathOf(folder, 0), 'wx'));
    await writer.#append(SEGMENT_MAGIC);
    return writer;
  }

  /**
   * A segment begins with a frame that says where offsets stand, or retention could drop the others and lose count:
   * the copy is one segment per segment's worth only behind such a frame.
   */
  async write(frame: Buffer): Promise<void> {
    const { kind, runs } = outlineFrame(frame, 0)!.frame;
    if (this.#size >= this.#segmentBytes && kind === 'tick' && runs.length > 0) {
      await this.#end();
      this.#base += this.#size;
      this.#size = 0;
      this.#file = await open(pathOf(this.#folder, this.#base), 'wx');
      await this.#append(SEGMENT_MAGIC);
    }
    await this.#append(frame);
  }

  close(): Promise<void> {
    return this.#end();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes);
    this.#size += bytes.length;
  }

  async #end(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }
}

const pathOf = (folder: string, base: number): string =>
  join(folder, `${String(base).padStart(16, '0')}.log`);
