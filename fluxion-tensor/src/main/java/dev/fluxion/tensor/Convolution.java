package dev.fluxion.tensor;

/**
 * Convolution of images as matrix products of patches laid out in columns (im2col), image by image,
 * so that the columns stay in a core's cache; images are shared out to the cores.
 */
final class Convolution {
  /** Sizes of a convolution, with the groups that channels fall into. */
  private record Plan(
      int batch, int channels, int height, int width, int out, int groups, Window window) {
    int outHeight() {
      return window.outHeight(height);
    }

    int outWidth() {
      return window.outWidth(width);
    }

    int area() {
      return outHeight() * outWidth();
    }

    int inner() {
      return channels / groups * window.height() * window.width();
    }

    int imageSize() {
      return channels * height * width;
    }

    int outSize() {
      return out * area();
    }

    /** Whether a patch is one pixel, so that an image is its own matrix of columns. */
    boolean isPointwise() {
      return window.height() == 1
          && window.width() == 1
          && window.stride() == 1
          && window.padding() == 0;
    }

    int[] outShape() {
      return new int[] {batch, out, outHeight(), outWidth()};
    }
  }

  private Convolution() {}

  private static Plan plan(int[] x, int[] k, int stride, int padding, int dilation, int groups) {
    boolean isValid = x.length == 4 && k.length == 4 && groups > 0;
    if (isValid) {
      Window window = new Window(k[2], k[3], stride, padding, dilation);
      isValid =
          window.isValid()
              && x[1] == k[1] * groups
              && k[0] % groups == 0
              && window.outHeight(x[2]) > 0
              && window.outWidth(x[3]) > 0;
      if (isValid) {
        return new Plan(x[0], x[1], x[2], x[3], k[0], groups, window);
      }
    }
    throw new ShapeException(
        "conv2d of images "
            + ShapeException.text(x)
            + " with kernels "
            + ShapeException.text(k)
            + ", stride "
            + stride
            + ", padding "
            + padding
            + ", dilation "
            + dilation
            + ", groups "
            + groups
            + ": (batch, channels, height, width) and (out, channels / groups, kh, kw) are"
            + " expected, with kernels no larger than the padded images");
  }

  static Tensor forward(
      Tensor x, Tensor kernel, int stride, int padding, int dilation, int groups) {
    Plan plan = plan(x.dimensions(), kernel.dimensions(), stride, padding, dilation, groups);
    DType.requireSame("conv2d", x, kernel);
    Buffer to = new Buffer(x.dtype(), Shapes.count(plan.outShape()));
    int outs = plan.out / groups;
    int inner = plan.inner();
    int area = plan.area();
    images(
        plan,
        (from, end) -> {
          Buffer columns = columns(plan, x.dtype());
          for (int image = from; image < end; image++) {
            for (int g = 0; g < groups; g++) {
              multiply(
                  plan,
                  new Block(kernel.buffer(), g * outs * inner, inner, false),
                  patches(plan, x.buffer(), image, g, columns),
                  new Block(to, image * plan.outSize() + g * outs * area, area, false),
                  outs,
                  area,
                  inner);
            }
          }
        });
    return new Tensor(plan.outShape(), to);
  }

  /** The cotangent of the kernels: a sum over images, with a partial sum for each core. */
  static Tensor inKernel(
      Tensor x, int[] kernel, Tensor dy, int stride, int padding, int dilation, int groups) {
    Plan plan = plan(x.dimensions(), kernel, stride, padding, dilation, groups);
    int size = Shapes.count(kernel);
    int outs = plan.out / groups;
    int inner = plan.inner();
    int area = plan.area();
    int pieces = isShared(plan) ? Math.min(Parallel.CORES, plan.batch) : 1;
    Buffer[] sums = new Buffer[pieces];
    Parallel.tasks(
        pieces,
        piece -> {
          Buffer sum = new Buffer(x.dtype(), size);
          Buffer columns = columns(plan, x.dtype());
          int end = (int) ((long) plan.batch * (piece + 1) / pieces);
          for (int image = (int) ((long) plan.batch * piece / pieces); image < end; image++) {
            for (int g = 0; g < groups; g++) {
              Block patches = patches(plan, x.buffer(), image, g, columns);
              multiply(
                  plan,
                  new Block(dy.buffer(), image * plan.outSize() + g * outs * area, area, false),
                  new Block(patches.buffer(), patches.offset(), patches.stride(), true),
                  new Block(sum, g * outs * inner, inner, false),
                  outs,
                  inner,
                  area);
            }
          }
          sums[piece] = sum;
        });
    for (int i = 1; i < pieces; i++) {
      sums[0].scatterAdd(sums[i], 0, 0, 1, size);
    }
    return new Tensor(kernel, sums[0]);
  }

  /** The cotangent of the images: columns of cotangents, added up where patches overlap. */
  static Tensor inImages(
      int[] images, Tensor kernel, Tensor dy, int stride, int padding, int dilation, int groups) {
    Plan plan = plan(images, kernel.dimensions(), stride, padding, dilation, groups);
    Buffer to = new Buffer(dy.dtype(), Shapes.count(images));
    int outs = plan.out / groups;
    int inner = plan.inner();
    int area = plan.area();
    images(
        plan,
        (from, end) -> {
          Buffer columns = columns(plan, dy.dtype());
          for (int image = from; image < end; image++) {
            for (int g = 0; g < groups; g++) {
              int start = image * plan.imageSize() + g * (plan.imageSize() / groups);
              Block target =
                  plan.isPointwise()
                      ? new Block(to, start, area, false)
                      : new Block(columns, 0, area, false);
              if (!plan.isPointwise()) {
                columns.fill(0, columns.size(), 0);
              }
              multiply(
                  plan,
                  new Block(kernel.buffer(), g * outs * inner, inner, true),
                  new Block(dy.buffer(), image * plan.outSize() + g * outs * area, area, false),
                  target,
                  inner,
                  area,
                  outs);
              if (!plan.isPointwise()) {
                walk(plan, columns, to, start, false);
              }
            }
          }
        });
    return new Tensor(images, to);
  }

  private static boolean isShared(Plan plan) {
    long work = (long) plan.outSize() * plan.inner() / plan.groups * plan.batch;
    return plan.batch > 1 && work > 500_000;
  }

  private static void images(Plan plan, Parallel.Range work) {
    Parallel.ranges(plan.batch, isShared(plan) ? 1 : Math.max(1, plan.batch), work);
  }

  /** With a single image all cores share its product, else each has images of its own. */
  private static void multiply(
      Plan plan, Block a, Block b, Block c, int rows, int columns, int inner) {
    if (plan.batch == 1) {
      MatrixProduct.multiply(a, b, c, rows, columns, inner);
    } else {
      MatrixProduct.multiplyHere(a, b, c, rows, columns, inner);
    }
  }

  private static Buffer columns(Plan plan, DType type) {
    return new Buffer(type, plan.isPointwise() ? 0 : plan.inner() * plan.area());
  }

  /** The patches of one image and group as columns: (channels kh kw, oh ow). */
  private static Block patches(Plan plan, Buffer x, int image, int group, Buffer columns) {
    int start = image * plan.imageSize() + group * (plan.imageSize() / plan.groups);
    if (plan.isPointwise()) {
      return new Block(x, start, plan.area(), false);
    }
    walk(plan, columns, x, start, true);
    return new Block(columns, 0, plan.area(), false);
  }

  /** Copies an image to columns, or adds columns to an image. */
  private static void walk(Plan plan, Buffer columns, Buffer x, int start, boolean toColumns) {
    Window window = plan.window;
    int oh = plan.outHeight();
    int ow = plan.outWidth();
    int row = 0;
    for (int c = 0; c < plan.channels / plan.groups; c++) {
      for (int p = 0; p < window.height(); p++) {
        int top = window.first(p);
        int bottom = window.end(p, plan.height, oh);
        for (int q = 0; q < window.width(); q++) {
          int left = window.first(q);
          int right = window.end(q, plan.width, ow);
          int count = right - left;
          int line = row++ * oh * ow;
          if (toColumns && (count <= 0 || bottom <= top)) {
            columns.fill(line, line + oh * ow, 0);
            continue;
          }
          if (toColumns) {
            columns.fill(line, line + top * ow, 0);
            columns.fill(line + Math.max(top, bottom) * ow, line + oh * ow, 0);
          }
          for (int i = top; i < bottom && count > 0; i++) {
            int y = i * window.stride() + p * window.dilation() - window.padding();
            int at =
                start
                    + (c * plan.height + y) * plan.width
                    + left * window.stride()
                    + q * window.dilation()
                    - window.padding();
            int to = line + i * ow;
            if (toColumns) {
              columns.fill(to, to + left, 0);
              columns.gather(x, at, window.stride(), to + left, count);
              columns.fill(to + right, to + ow, 0);
            } else {
              x.scatterAdd(columns, to + left, at, window.stride(), count);
            }
          }
        }
      }
    }
  }
}
