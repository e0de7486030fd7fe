import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises';

/** An open file. Positions and lengths are bytes; Node's own `FileHandle` is one. */
export interface DiskFile {
  /** May take fewer bytes than it was given, as the system's call may. */
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  read(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  /** All of it. */
  readFile(): Promise<Buffer>;
  truncate(length: number): Promise<void>;
  /** Content and length are on the disk when this resolves; the name of a new file need not be. */
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What the log, the state files and the data folder ask of a disk, and nothing else. Guarantee: a file's bytes are
 * durable after `datasync` or `sync` of it, its name after `syncFolder` of the folder that it stands in; whatever was
 * done before either may be lost with the machine, wholly or in part, and in any order.
 */
export interface Disk {
  /** `r` reads, `r+` also writes, `w` makes or empties, `wx+` makes and fails with EEXIST where there is one. */
  open(path: string, flags: 'r' | 'r+' | 'w' | 'wx+'): Promise<DiskFile>;
  /** Names in a folder, in no order. */
  readdir(path: string): Promise<readonly string[]>;
  /** Makes a folder and those above it. Answers the topmost one that was missing, or undefined where none was. */
  mkdir(path: string): Promise<string | undefined>;
  /** Takes the place of a file that has the name already. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Names made, changed and removed in a folder are on the disk when this resolves. */
  syncFolder(path: string): Promise<void>;
}

/** The disk of this machine. */
export const nodeDisk: Disk = {
  open: (path, flags) => open(path, flags),
  readdir: (path) => readdir(path),
  mkdir: (path) => mkdir(path, { recursive: true }),
  rename: (from, to) => rename(from, to),
  unlink: (path) => unlink(path),
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};
