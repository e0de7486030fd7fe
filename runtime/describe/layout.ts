import { Graph, layout as place, type Point } from '@dagrejs/dagre';
import { type GraphNode, inputsOf, type Pipeline } from '../graph.ts';
import { passages } from './words.ts';

/** Sizes in CSS pixels. The font is monospaced, so that a box is as wide as its words in any browser. */
export const LETTER = 7.3;
export const LINE = 17;
const PADDING_X = 14;
const PADDING_Y = 9;
const MARGIN = 24;
/** Room for the name of a stage above its boxes. */
export const TITLE = 30;

export interface Box {
  readonly node: GraphNode;
  readonly lines: readonly string[];
  /** Its centre. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly points: readonly Point[];
  /** Through the log, from one stage to the next. */
  readonly isPassage: boolean;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

interface Placed {
  width: number;
  height: number;
  x?: number;
  y?: number;
}

const sizeOf = (lines: readonly string[]): Placed => ({
  width: Math.ceil(Math.max(...lines.map((line) => line.length)) * LETTER) + 2 * PADDING_X,
  height: lines.length * LINE + 2 * PADDING_Y,
});

/** Places the nodes of a pipeline from left to right, a frame around each stage. The same graph is always placed the same. */
export const layout = (pipeline: Pipeline, linesOf: (node: GraphNode) => readonly string[]): Drawing => {
  const graph = new Graph<object, Placed, { points?: Point[] }>({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 16,
    ranksep: 44,
    edgesep: 12,
    marginx: MARGIN,
    marginy: MARGIN + TITLE,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of pipeline.nodes) graph.setNode(`n${node.id}`, sizeOf(linesOf(node)));
  for (const stage of pipeline.stages) {
    graph.setNode(stage.name, { width: 0, height: 0 });
    for (const node of stage.nodes) graph.setParent(`n${node.id}`, stage.name);
  }
  const edges = [
    ...pipeline.nodes.flatMap((node) =>
      inputsOf(node).map((input) => ({ from: input, to: node.id, isPassage: false })),
    ),
    ...passages(pipeline).map(([from, to]) => ({ from, to, isPassage: true })),
  ];
  for (const { from, to } of edges) graph.setEdge(`n${from}`, `n${to}`, {});
  place(graph as never);

  const boxes = pipeline.nodes.map((node): Box => {
    const { x = 0, y = 0, width, height } = graph.node(`n${node.id}`);
    return { node, lines: linesOf(node), x, y, width, height };
  });
  const frames = pipeline.stages.map((stage): Frame => {
    const own = new Set(stage.nodes.map(({ id }) => id));
    return frameAround(
      stage.name,
      boxes.filter(({ node }) => own.has(node.id)),
    );
  });
  const lines = edges.map(({ from, to, isPassage }): Line => ({
    points: graph.edge(`n${from}`, `n${to}`).points ?? [],
    isPassage,
  }));
  const right = Math.max(...frames.map(({ x, width }) => x + width));
  const bottom = Math.max(...frames.map(({ y, height }) => y + height));
  return { width: Math.ceil(right + MARGIN), height: Math.ceil(bottom + MARGIN), frames, boxes, lines };
};

const frameAround = (name: string, boxes: readonly Box[]): Frame => {
  const left = Math.min(...boxes.map(({ x, width }) => x - width / 2)) - MARGIN / 2;
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2)) - TITLE;
  const right = Math.max(...boxes.map(({ x, width }) => x + width / 2)) + MARGIN / 2;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height / 2)) + MARGIN / 2;
  // A short stage still has room for its name.
  return {
    name,
    x: left,
    y: top,
    width: Math.max(right - left, name.length * 8.5 + MARGIN),
    height: bottom - top,
  };
};
