import type { S3Client } from '@aws-sdk/client-s3';
import { chunksOf } from '../../durable-file.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import type { S3Sdk } from './load-s3.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Changes with the content. */
  readonly version: string;
}

/** S3 takes no part of less than 5 MiB but the last one. */
const PART_BYTES = 8 << 20;

/** What snapshots need of an object store; whatever else it says is FW418. */
export class S3Objects {
  readonly #sdk: S3Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(sdk: S3Sdk, client: S3Client, bucket: string) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Undefined when there is none. */
  async get(key: string): Promise<StoredObject | undefined> {
    try {
      const { Body, ETag } = await this.#client.send(
        new this.#sdk.GetObjectCommand({ Bucket: this.#bucket, Key: key }),
      );
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(0), version: ETag ?? '' };
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw this.#failed(key, error);
    }
  }

  /**
   * Puts an object where `expected` is what is there, null for nothing. Answers its version, or undefined when something
   * else is there, also when that is our own of an attempt whose answer was lost.
   */
  async putWhere(key: string, content: string, expected: string | null): Promise<string | undefined> {
    try {
      const { ETag } = await this.#client.send(
        new this.#sdk.PutObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          Body: content,
          ...(expected === null ? { IfNoneMatch: '*' } : { IfMatch: expected }),
        }),
      );
      return ETag;
    } catch (error) {
      if (refusals.has(nameOf(error))) return undefined;
      throw this.#failed(key, error);
    }
  }

  /** An object under a key that nobody else uses; past the size of a part in parts, one after the other. */
  async upload(key: string, content: readonly Uint8Array[]): Promise<void> {
    const place = { Bucket: this.#bucket, Key: key };
    const parts = chunksOf(content, PART_BYTES)[Symbol.iterator]();
    const first: Uint8Array = parts.next().value ?? new Uint8Array(0);
    try {
      if (first.length < PART_BYTES)
        await this.#client.send(new this.#sdk.PutObjectCommand({ ...place, Body: first }));
      else await this.#uploadParts(place, first, { [Symbol.iterator]: () => parts });
    } catch (error) {
      throw this.#failed(key, error);
    }
  }

  /** Whether or not it is there. What cannot be deleted is left, and costs space only. */
  async delete(key: string): Promise<void> {
    await this.#client
      .send(new this.#sdk.DeleteObjectCommand({ Bucket: this.#bucket, Key: key }))
      .catch(() => undefined);
  }

  async #uploadParts(
    place: { readonly Bucket: string; readonly Key: string },
    first: Uint8Array,
    others: Iterable<Uint8Array>,
  ): Promise<void> {
    const { UploadId } = await this.#client.send(new this.#sdk.CreateMultipartUploadCommand(place));
    const upload = { ...place, UploadId };
    const done: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
    const send = async (Body: Uint8Array): Promise<void> => {
      const PartNumber = done.length + 1;
      const { ETag } = await this.#client.send(
        new this.#sdk.UploadPartCommand({ ...upload, PartNumber, Body }),
      );
      done.push({ PartNumber, ETag });
    };
    try {
      await send(first);
      for (const part of others) if (part.length > 0) await send(part);
      await this.#client.send(
        new this.#sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }),
      );
    } catch (error) {
      // Parts of an upload that nobody ends are paid for until the bucket's rules remove them.
      await this.#client.send(new this.#sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  #failed(key: string, cause: unknown): ForewarnError {
    const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return new ForewarnError(
      'FW418',
      `s3://${this.#bucket}/${key}: ${said}; see that snapshots.s3 names a bucket that is there and that the keys in the environment may read and write it`,
      { cause },
    );
  }
}

/** 412, and 409 while another conditional write of the key is under way; 404 where what was expected is gone. */
const refusals: ReadonlySet<string> = new Set([
  'PreconditionFailed',
  'ConditionalRequestConflict',
  'NoSuchKey',
]);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
