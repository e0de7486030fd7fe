import { asData } from './describe/data.ts';
import { asMermaid } from './describe/mermaid.ts';
import { asSvg } from './describe/svg.ts';
import { asText } from './describe/text.ts';
import type { Pipeline } from './graph.ts';

export const describeFormats = ['text', 'mermaid', 'json', 'svg'] as const;
export type DescribeFormat = (typeof describeFormats)[number];

/** The graph of a pipeline for people (text, SVG), for documents (Mermaid) and for programs (JSON). */
export const describe = (pipeline: Pipeline, format: DescribeFormat): string => {
  switch (format) {
    case 'text':
      return asText(pipeline);
    case 'mermaid':
      return asMermaid(pipeline);
    case 'json':
      return JSON.stringify(asData(pipeline), null, 2);
    case 'svg':
      return asSvg(pipeline);
  }
};
