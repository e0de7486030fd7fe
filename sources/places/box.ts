import type { Geometry, Position } from 'geojson';

type Box = [minX: number, minY: number, maxX: number, maxY: number];

/** The smallest box, in degrees, that holds a shape. */
export const boxOf = (shape: Geometry): Box => {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  grow(box, shape.type === 'GeometryCollection' ? [] : shape.coordinates);
  return box;
};

type Nested = Position | readonly Nested[];

const grow = (box: Box, coordinates: Nested): void => {
  const [x, y] = coordinates;
  if (typeof x === 'number' && typeof y === 'number') {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
    return;
  }
  for (const inner of coordinates) if (typeof inner !== 'number') grow(box, inner);
};
