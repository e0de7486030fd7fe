import { z } from 'zod';
import { type Topic, topic } from '../../runtime/topic.ts';

/** The topic that results go to. */
export const answers = <T>(): Topic<T> =>
  topic<T>('answers', { schema: z.custom<T>(), key: () => '', at: () => 0 });
