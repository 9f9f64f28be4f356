package dev.fluxion.tensor;

import java.util.Arrays;

/**
 * {@link Pooling} of float32 images of (batch, height, width, channels): a window is done for all
 * channels at a time.
 */
final class ChannelPooling {
  private static final int GRAIN = 1 << 15;

  private final int images;
  private final int height;
  private final int width;
  private final int channels;
  private final Window window;
  private final int outHeight;
  private final int outWidth;

  /** Windows that fit into images of a shape. */
  ChannelPooling(int[] shape, Window window) {
    this.images = shape[0];
    this.height = shape[1];
    this.width = shape[2];
    this.channels = shape[3];
    this.window = window;
    this.outHeight = window.outHeight(height);
    this.outWidth = window.outWidth(width);
  }

  /** What is done with the channels of a pixel of a window's, which begin at an index. */
  private interface Pixel {
    void at(int index);
  }

  /** What is done for a window, whose result's channels begin at an index. */
  private interface Visit {
    void window(int to, int row, int column);
  }

  private void each(int image, Visit visit) {
    for (int row = 0; row < outHeight; row++) {
      for (int column = 0; column < outWidth; column++) {
        int to = ((image * outHeight + row) * outWidth + column) * channels;
        visit.window(to, row, column);
      }
    }
  }

  /** The pixels of a window that lie in the image, the last first. */
  private void backwards(int image, int row, int column, Pixel pixel) {
    int y = row * window.stride() - window.padding();
    int x = column * window.stride() - window.padding();
    for (int i = Math.min(height, y + window.height()) - 1; i >= Math.max(0, y); i--) {
      for (int j = Math.min(width, x + window.width()) - 1; j >= Math.max(0, x); j--) {
        pixel.at(((image * height + i) * width + j) * channels);
      }
    }
  }

  private void forEachImage(Parallel.Piece work) {
    int size = Math.max(1, outHeight * outWidth * channels * window.height() * window.width());
    Parallel.ranges(
        images,
        GRAIN / size,
        (from, end) -> {
          for (int image = from; image < end; image++) {
            work.run(image);
          }
        });
  }

  private int[] shape(int rows, int columns) {
    return new int[] {images, rows, columns, channels};
  }

  private Tensor tensor(int rows, int columns, float[] elements) {
    return new Tensor(shape(rows, columns), new Buffer(elements).counted());
  }

  private float[] room(int rows, int columns) {
    return new float[Shapes.count(shape(rows, columns))];
  }

  Tensor max(Tensor of) {
    float[] x = of.buffer().floats;
    float[] y = room(outHeight, outWidth);
    forEachImage(
        image ->
            each(
                image,
                (to, row, column) -> {
                  Arrays.fill(y, to, to + channels, Float.NEGATIVE_INFINITY);
                  backwards(image, row, column, at -> raise(x, at, y, to, channels));
                }));
    return tensor(outHeight, outWidth, y);
  }

  private static void raise(float[] x, int at, float[] y, int to, int count) {
    for (int k = 0; k < count; k++) {
      y[to + k] = Math.max(y[to + k], x[at + k]);
    }
  }

  /** The cotangent goes to each window's first greatest element, or first NaN. */
  Tensor maxBack(Tensor of, Tensor result, Tensor cotangent) {
    float[] x = of.buffer().floats;
    float[] y = result.buffer().floats;
    float[] dy = cotangent.buffer().floats;
    float[] dx = room(height, width);
    forEachImage(
        image -> {
          int[] best = new int[channels];
          each(
              image,
              (to, row, column) -> {
                backwards(image, row, column, at -> choose(x, at, y, to, best));
                for (int k = 0; k < best.length; k++) {
                  dx[best[k] + k] += dy[to + k];
                }
              });
        });
    return tensor(height, width, dx);
  }

  /** Of equal elements the first is found last; of all NaNs alike, and 0 for -0. */
  private static void choose(float[] x, int at, float[] y, int to, int[] best) {
    for (int k = 0; k < best.length; k++) {
      boolean isBest = Float.floatToIntBits(x[at + k] + 0f) == Float.floatToIntBits(y[to + k] + 0f);
      best[k] = isBest ? at : best[k];
    }
  }

  /** Means over whole windows: padding counts as zeros. */
  Tensor mean(Tensor of) {
    float[] x = of.buffer().floats;
    float[] y = room(outHeight, outWidth);
    int count = window.height() * window.width();
    forEachImage(
        image -> {
          double[] sums = new double[channels];
          each(
              image,
              (to, row, column) -> {
                Arrays.fill(sums, 0);
                backwards(image, row, column, at -> add(x, at, sums));
                for (int k = 0; k < sums.length; k++) {
                  y[to + k] = (float) (sums[k] / count);
                }
              });
        });
    return tensor(outHeight, outWidth, y);
  }

  private static void add(float[] x, int at, double[] sums) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += x[at + k];
    }
  }

  Tensor meanBack(Tensor cotangent) {
    float[] dy = cotangent.buffer().floats;
    float[] dx = room(height, width);
    float count = window.height() * window.width();
    forEachImage(
        image ->
            each(
                image,
                (to, row, column) ->
                    backwards(image, row, column, at -> share(dy, to, count, dx, at, channels))));
    return tensor(height, width, dx);
  }

  private static void share(float[] dy, int to, float parts, float[] dx, int at, int count) {
    for (int k = 0; k < count; k++) {
      dx[at + k] += dy[to + k] / parts;
    }
  }
}
