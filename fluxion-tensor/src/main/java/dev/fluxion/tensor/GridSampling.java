package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;

/** Elements of images between pixels, where a grid says (Jaderberg et al., 2015). */
final class GridSampling {
  private GridSampling() {}

  /**
   * @param grid (batch, height, width, 2): x and y from -1 to 1, the corners' outer edges
   */
  static Tensor of(Tensor images, Tensor grid, boolean border) {
    int[] shape = images.dimensions();
    int[] places = grid.dimensions();
    if (shape.length != 4 || places.length != 4 || places[0] != shape[0] || places[3] != 2) {
      throw new ShapeException(
          "gridSample of "
              + ShapeException.text(shape)
              + " at "
              + ShapeException.text(places)
              + ": images (batch, channels, height, width) and a grid (batch, rows, columns, 2) are"
              + " expected");
    }
    DType.requireFloatingPoint("gridSample", images);
    DType.requireFloatingPoint("gridSample at places", grid);
    Tensor x = pixels(grid.slice(3, 0, 1), shape[3], border);
    Tensor y = pixels(grid.slice(3, 1, 2), shape[2], border);
    Tensor left = x.floor();
    Tensor top = y.floor();
    Tensor right = x.minus(left);
    Tensor down = y.minus(top);
    Tensor sum = tap(images, left, top, 0, 0, right.neg().plus(1).times(down.neg().plus(1)));
    sum = sum.plus(tap(images, left, top, 1, 0, right.times(down.neg().plus(1))));
    sum = sum.plus(tap(images, left, top, 0, 1, right.neg().plus(1).times(down)));
    return sum.plus(tap(images, left, top, 1, 1, right.times(down)));
  }

  private static Tensor pixels(Tensor places, int size, boolean border) {
    Tensor pixels = places.plus(1).times(size * 0.5).minus(0.5);
    return border ? pixels.clamp(0, size - 1) : pixels;
  }

  /** A neighbour of all places, by weight: (batch, channels, rows, columns). */
  private static Tensor tap(
      Tensor images, Tensor left, Tensor top, int right, int down, Tensor weights) {
    int[] places = left.dimensions();
    int[] shape = {images.size(0), images.size(1), places[1], places[2]};
    int[] positions = positions(images, left, top, right, down);
    Tensor weight = weights.reshape(places[0], 1, places[1], places[2]);
    return Entries.elements(images, positions, shape).times(weight);
  }

  @Primitive(ReductionRules.class)
  static int[] positions(Tensor images, Tensor left, Tensor top, int right, int down) {
    int[] shape = images.dimensions();
    int area = left.size() / Math.max(1, shape[0]);
    Buffer columns = left.buffer();
    Buffer rows = top.buffer();
    int[] positions = new int[shape[0] * shape[1] * area];
    for (int i = 0; i < positions.length; i++) {
      int place = i / (shape[1] * area) * area + i % area;
      double column = columns.get(place) + right;
      double row = rows.get(place) + down;
      boolean isInside = column >= 0 && column < shape[3] && row >= 0 && row < shape[2];
      positions[i] =
          isInside ? (i / area * shape[2] + (int) row) * shape[3] + (int) column : Entries.NOTHING;
    }
    return positions;
  }
}
