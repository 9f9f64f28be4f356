package dev.fluxion.tensor;

/**
 * Patches of kernels that step by one pixel. In an image with its padding, what a kernel's weight
 * sees as the kernel steps through a row, and on through the next rows, lies together: each row of
 * the matrix is one long copy. The price is a few columns at the end of every row, where the kernel
 * would reach over the edge, whose results are dropped and whose cotangents are zero.
 */
final class Runs implements Patches {
  /** So many elements of patches stay in a core's cache. */
  private static final int ROOM = 1 << 17;

  private final ConvolutionPlan plan;
  private final Window window;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int rows;
  private final int stride;
  private final Buffer padded;
  private final Buffer columns;
  private final Buffer wide;

  Runs(ConvolutionPlan plan, DType type) {
    this.plan = plan;
    this.window = plan.window();
    this.height = plan.height() + 2 * window.padding();
    this.width = plan.width() + 2 * window.padding();
    this.outHeight = plan.outHeight();
    this.outWidth = plan.outWidth();
    this.rows = Math.clamp(ROOM / ((long) plan.inner() * width), 1, outHeight);
    this.stride = rows * width;
    this.padded = new Buffer(type, plan.ins() * height * width);
    this.columns = new Buffer(type, plan.inner() * stride);
    this.wide = new Buffer(type, plan.outs() * stride);
  }

  @Override
  public int strips() {
    return Math.ceilDiv(outHeight, rows);
  }

  private int first(int strip) {
    return strip * rows;
  }

  private int count(int strip) {
    return Math.min(rows, outHeight - first(strip));
  }

  @Override
  public int columns(int strip) {
    return (count(strip) - 1) * width + outWidth;
  }

  /** A row of the image in the padded image, whose borders stay zero. */
  private int inside(int channel, int row) {
    return (channel * height + row + window.padding()) * width + window.padding();
  }

  /** Where the run of a weight starts in the padded image. */
  private int start(int strip, int channel, int p, int q) {
    int row = first(strip) + p * window.dilation();
    return (channel * height + row) * width + q * window.dilation();
  }

  @Override
  public Block load(Buffer x, int image, int group, int strip) {
    if (strip == 0) {
      int from = plan.input(image, group);
      for (int c = 0; c < plan.ins(); c++) {
        for (int i = 0; i < plan.height(); i++) {
          padded.copy(x, from, inside(c, i), plan.width());
          from += plan.width();
        }
      }
    }
    int length = columns(strip);
    int to = 0;
    for (int c = 0; c < plan.ins(); c++) {
      for (int p = 0; p < window.height(); p++) {
        for (int q = 0; q < window.width(); q++) {
          columns.copy(padded, start(strip, c, p, q), to, length);
          to += stride;
        }
      }
    }
    return new Block(columns, 0, stride, false);
  }

  @Override
  public Block results(Buffer y, int image, int group, int strip) {
    wide.fill(0, wide.size(), 0);
    return new Block(wide, 0, stride, false);
  }

  @Override
  public void store(Buffer y, int image, int group, int strip) {
    for (int o = 0; o < plan.outs(); o++) {
      int to = plan.output(image, group) + (o * outHeight + first(strip)) * outWidth;
      for (int i = 0; i < count(strip); i++) {
        y.copy(wide, o * stride + i * width, to + i * outWidth, outWidth);
      }
    }
  }

  /** What lies between the rows is zero from the start, and stays so. */
  @Override
  public Block cotangents(Buffer dy, int image, int group, int strip) {
    for (int o = 0; o < plan.outs(); o++) {
      int from = plan.output(image, group) + (o * outHeight + first(strip)) * outWidth;
      for (int i = 0; i < count(strip); i++) {
        wide.copy(dy, from + i * outWidth, o * stride + i * width, outWidth);
      }
    }
    return new Block(wide, 0, stride, false);
  }

  @Override
  public Block spare(Buffer dx, int image, int group, int strip) {
    columns.fill(0, columns.size(), 0);
    return new Block(columns, 0, stride, false);
  }

  @Override
  public void add(Buffer dx, int image, int group, int strip) {
    if (strip == 0) {
      padded.fill(0, padded.size(), 0);
    }
    int length = columns(strip);
    int from = 0;
    for (int c = 0; c < plan.ins(); c++) {
      for (int p = 0; p < window.height(); p++) {
        for (int q = 0; q < window.width(); q++) {
          padded.scatterAdd(columns, from, start(strip, c, p, q), 1, length);
          from += stride;
        }
      }
    }
    if (strip == strips() - 1) {
      int to = plan.input(image, group);
      for (int c = 0; c < plan.ins(); c++) {
        for (int i = 0; i < plan.height(); i++) {
          dx.copy(padded, inside(c, i), to, plan.width());
          to += plan.width();
        }
      }
    }
  }
}
