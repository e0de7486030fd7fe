import type { GraphNode, Pipeline } from '../graph.ts';
import { type Box, type Frame, layout, type Line, LINE } from './layout.ts';
import { nameOf } from './words.ts';

/** Dark on light, and light on dark where the reader's system is dark. */
const STYLE = `
  svg { background: #ffffff; }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1c2430; }
  .more { fill: #5a6675; }
  .stage { fill: #f6f8fa; stroke: #d3dae2; }
  .stage-name { font-size: 13px; font-weight: 700; }
  .box { fill: #ffffff; stroke: #8794a4; }
  .topic { fill: #e7f1fb; stroke: #3b7dbd; }
  .state { fill: #fdf1dc; stroke: #b9791b; stroke-width: 1.6; }
  .async { stroke-dasharray: 5 3; }
  .line { fill: none; stroke: #6b7889; stroke-width: 1.3; }
  .passage { stroke: #3b7dbd; stroke-dasharray: 4 4; }
  .tip { fill: #6b7889; }
  @media (prefers-color-scheme: dark) {
    svg { background: #12171d; }
    text { fill: #e4eaf1; }
    .more { fill: #9fadbd; }
    .stage { fill: #1a212a; stroke: #36424f; }
    .box { fill: #232c37; stroke: #7d8b9b; }
    .topic { fill: #16304a; stroke: #5aa0e0; }
    .state { fill: #3d2f14; stroke: #d9a043; }
    .line { stroke: #93a1b1; }
    .passage { stroke: #5aa0e0; }
    .tip { fill: #93a1b1; }
  }`;

/** A picture of the graph that stands alone: no script, no outside font, readable on light and on dark ground. */
export const asSvg = (pipeline: Pipeline): string => {
  const { width, height, frames, boxes, lines } = layout(pipeline, linesOf);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + LEGEND}" viewBox="0 0 ${width} ${height + LEGEND}" role="img">`,
    `<title>${escaped(`pipeline ${pipeline.name}`)}</title>`,
    `<style>${STYLE}\n</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs>',
    ...frames.map(frameOf),
    ...lines.map(lineOf),
    ...boxes.map(boxOf),
    legend(height),
    '</svg>',
  ].join('\n');
};

const LEGEND = 34;

/** The first line is what it is called, the second what it does. */
const linesOf = (node: GraphNode): readonly string[] => {
  switch (node.kind) {
    case 'source':
      return [nameOf(node), node.topic.broadcast ? 'read whole, in every task' : 'read'];
    case 'sink':
      return [nameOf(node), 'write'];
    case 'key':
    case 'side':
      return [nameOf(node)];
    case 'step': {
      const { verb, name, detail } = node.step;
      const more = [name === null ? '' : verb, detail].filter((part) => part !== '').join(' · ');
      return more === '' ? [nameOf(node)] : [nameOf(node), more];
    }
  }
};

const classOf = (node: GraphNode): string => {
  if (node.kind === 'source' || node.kind === 'sink') return 'box topic';
  if (node.kind === 'key' || node.kind === 'side') return 'box';
  return ['box', ...(node.step.stateful ? ['state'] : []), ...(node.step.async ? ['async'] : [])].join(' ');
};

const frameOf = ({ name, x, y, width, height }: Frame): string =>
  `<rect class="stage" x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="8"/>` +
  `<text class="stage-name" x="${short(x + 12)}" y="${short(y + 19)}">${escaped(name)}</text>`;

const boxOf = ({ node, lines, x, y, width, height }: Box): string => {
  const rounding = node.kind === 'source' || node.kind === 'sink' ? Math.min(16, height / 2) : 5;
  const top = y - ((lines.length - 1) * LINE) / 2 + 4;
  const words = lines.map(
    (line, index) =>
      `<text${index === 0 ? '' : ' class="more"'} x="${short(x)}" y="${short(top + index * LINE)}" text-anchor="middle">${escaped(line)}</text>`,
  );
  const left = short(x - width / 2);
  return `<g><rect class="${classOf(node)}" x="${left}" y="${short(y - height / 2)}" width="${width}" height="${height}" rx="${rounding}"/>${words.join('')}</g>`;
};

/** Smooth through the middle of each stretch. */
const lineOf = ({ points, isPassage }: Line): string => {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const path = [`M${short(first.x)} ${short(first.y)}`];
  for (const [index, { x, y }] of rest.entries()) {
    const next = rest[index + 1];
    if (next === undefined) path.push(`L${short(x)} ${short(y)}`);
    else path.push(`Q${short(x)} ${short(y)} ${short((x + next.x) / 2)} ${short((y + next.y) / 2)}`);
  }
  return `<path class="line${isPassage ? ' passage' : ''}" d="${path.join(' ')}" marker-end="url(#tip)"/>`;
};

const legend = (top: number): string => {
  const marks = [
    ['box topic', 'topic of the log'],
    ['box state', 'keeps state'],
    ['box async', 'asynchronous'],
  ] as const;
  let x = 24;
  return marks
    .map(([style, words]) => {
      const at = x;
      x += 34 + words.length * 7.3 + 20;
      return `<rect class="${style}" x="${at}" y="${top + 4}" width="24" height="14" rx="4"/><text class="more" x="${at + 32}" y="${top + 15}">${words}</text>`;
    })
    .join('');
};

const short = (value: number): string => String(Math.round(value * 10) / 10);

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
