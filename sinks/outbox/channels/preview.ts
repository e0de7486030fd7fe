import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stableId } from '../../../domain/stable-id.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { Channel } from '../channel.ts';

export interface PreviewOptions {
  /** The destination's name: of its folder, and for errors. */
  readonly name: string;
  /** Folder of all previews. */
  readonly folder: string;
}

/** A name for a file, whatever the id: ids of ours are taken as they are. */
const fileName = (id: string): string => (/^[\w-]{1,120}$/.test(id) ? id : stableId(id));

/**
 * Writes what a channel would send to `<folder>/<destination>/<action id>.<ext>`, without secrets, and sends nothing; a second and
 * further recipient has `-2`, `-3` behind the id. It counts as sent: the playbook goes on as if it had been. Guarantee: the same
 * action writes the same files again.
 */
export const preview = (channel: Channel, { name, folder }: PreviewOptions): Channel => {
  const draft = channel.draft?.bind(channel);
  if (draft === undefined)
    throw new ForewarnError(
      'FW101',
      `destinations.${name}.preview: this kind cannot be previewed; take preview out`,
    );
  const own = join(folder, fileName(name));
  return {
    deduplicates: true,
    draft,
    send: async (action) => {
      try {
        const drafts = await draft(action);
        if (drafts.length === 0) return { kind: 'refused', error: 'nobody to tell has an address for it' };
        await mkdir(own, { recursive: true });
        for (const [index, { extension, content }] of drafts.entries()) {
          const suffix = index === 0 ? '' : `-${index + 1}`;
          await writeFile(join(own, `${fileName(action.id)}${suffix}.${extension}`), content);
        }
        return { kind: 'sent' };
      } catch (cause) {
        const error = cause instanceof Error ? cause.message : String(cause);
        // A full disk may have room again; a template stays as it is.
        return { kind: cause instanceof ForewarnError ? 'refused' : 'retry', error };
      }
    },
    close: () => channel.close?.(),
  };
};
