import { open, stat } from 'node:fs/promises';

const BLOCK = 1 << 20;
/** A line that is longer is cut, and will not be read: nothing sound is so long. */
const LONGEST_LINE = 16 << 20;
const LINE_FEED = 10;

export interface FileLine {
  /** With the end of its line. */
  readonly bytes: Uint8Array;
  readonly share: number;
}

/**
 * Lines of a file, one at a time, however large it is. With a quote, an end of line between two of them is no end:
 * `a,"x\ny"` is one. A quote too many would join everything after it, so what grows too long is cut at its last line.
 */
export async function* readLines(path: string, quote: string | null): AsyncGenerator<FileLine> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  const quoteByte = quote === null ? -1 : quote.charCodeAt(0);
  try {
    let held = Buffer.alloc(0);
    let scanned = 0;
    let inside = false;
    let read = 0;
    let lastEnd = -1;
    for (;;) {
      const block = Buffer.alloc(BLOCK);
      const { bytesRead } = await file.read(block, 0, BLOCK);
      if (bytesRead === 0) break;
      read += bytesRead;
      held = Buffer.concat([held, block.subarray(0, bytesRead)]);
      let begin = 0;
      for (; scanned < held.length; scanned += 1) {
        const byte = held[scanned];
        if (byte === quoteByte) inside = !inside;
        else if (byte === LINE_FEED) {
          lastEnd = scanned;
          if (inside && scanned - begin < LONGEST_LINE) continue;
          inside = false;
          yield { bytes: held.subarray(begin, scanned + 1), share: read / size };
          begin = scanned + 1;
        }
      }
      held = held.subarray(begin);
      scanned -= begin;
      if (held.length > LONGEST_LINE && lastEnd < begin) {
        yield { bytes: held, share: read / size };
        held = Buffer.alloc(0);
        scanned = 0;
        inside = false;
      }
      lastEnd = -1;
    }
    if (held.length > 0) yield { bytes: held, share: 1 };
  } finally {
    await file.close();
  }
}
