package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Primitive;

/** The greatest element or the mean of windows of images. */
final class Pooling {
  private static final int GRAIN = 1 << 15;

  /** Sizes of a pooling; images and channels are planes alike. */
  private record Plan(int planes, int height, int width, int oh, int ow, Window window) {
    boolean isPairs() {
      return window.height() == 2 && window.stride() == 2 && window.padding() == 0;
    }
  }

  /** What is done with a row of windows that cover some rows of images. */
  private interface Visit {
    void windows(int to, int top, int bottom);
  }

  private Pooling() {}

  private static Plan plan(String name, int[] s, int size, int stride, int padding) {
    Window window = new Window(size, size, stride, padding, 1);
    boolean isValid = s.length == 4 && window.isValid() && padding <= size / 2;
    if (!isValid || window.outHeight(s[2]) == 0 || window.outWidth(s[3]) == 0) {
      throw new ShapeException(
          name
              + " of shape "
              + ShapeException.text(s)
              + " with "
              + window.text()
              + ": (batch, channels, height, width) is expected, with a window that fits and a"
              + " padding of at most half of it");
    }
    return new Plan(s[0] * s[1], s[2], s[3], window.outHeight(s[2]), window.outWidth(s[3]), window);
  }

  /** Whether images have their channels last, in the one type that has pools of such. */
  private static boolean isTurned(Tensor x) {
    return x.dtype() == DType.FLOAT32 && ChannelsLast.isIn(x);
  }

  private static Tensor turned(Tensor images) {
    return requireNonNull(ChannelsLast.turned(images));
  }

  private static ChannelPooling pooling(int[] turned, Plan plan) {
    return new ChannelPooling(turned, plan.window);
  }

  private static int[] shape(int[] s, Plan plan) {
    return new int[] {s[0], s[1], plan.oh, plan.ow};
  }

  private static void walk(Plan plan, Visit visit) {
    Window window = plan.window;
    int area = plan.oh * plan.ow;
    Parallel.ranges(
        plan.planes,
        GRAIN / (area * window.height() * window.width()),
        (from, end) -> {
          for (int plane = from; plane < end; plane++) {
            for (int i = 0; i < plan.oh; i++) {
              int y = i * window.stride() - window.padding();
              int top = Math.max(0, y);
              int bottom = Math.min(plan.height, y + window.height());
              visit.windows(
                  plane * area + i * plan.ow,
                  plane * plan.height + top,
                  plane * plan.height + bottom);
            }
          }
        });
  }

  static Tensor max(Tensor x, int size, int stride, int padding) {
    int[] s = x.dimensions();
    Plan plan = plan("maxPool2d", s, size, stride, padding);
    int[] shape = shape(s, plan);
    DType.requireFloatingPoint("maxPool2d", x);
    if (isTurned(x)) {
      Tensor turned = turned(x);
      return ChannelsLast.back(pooling(turned.dimensions(), plan).max(turned));
    }
    Buffer to = new Buffer(x.dtype(), Shapes.count(shape));
    Buffer from = x.buffer();
    if (from.isFloat32()) {
      walk(plan, (k, top, bottom) -> greatest(plan, from.floats, to.floats, k, top, bottom));
    } else {
      walk(plan, (k, top, bottom) -> greatest(plan, from.doubles, to.doubles, k, top, bottom));
    }
    return new Tensor(shape, to);
  }

  private static void greatest(Plan plan, float[] x, float[] y, int k, int top, int bottom) {
    int width = plan.width;
    int size = plan.window.width();
    int stride = plan.window.stride();
    if (plan.isPairs()) {
      pairs(x, top * width, width, y, k, plan.ow);
      return;
    }
    for (int j = 0; j < plan.ow; j++) {
      int start = j * stride - plan.window.padding();
      int left = Math.max(0, start);
      int right = Math.min(width, start + size);
      float value = Float.NEGATIVE_INFINITY;
      for (int i = top; i < bottom; i++) {
        for (int at = i * width + left; at < i * width + right; at++) {
          value = Math.max(value, x[at]);
        }
      }
      y[k + j] = value;
    }
  }

  private static void greatest(Plan plan, double[] x, double[] y, int k, int top, int bottom) {
    int width = plan.width;
    int size = plan.window.width();
    int stride = plan.window.stride();
    if (plan.isPairs()) {
      pairs(x, top * width, width, y, k, plan.ow);
      return;
    }
    for (int j = 0; j < plan.ow; j++) {
      int start = j * stride - plan.window.padding();
      int left = Math.max(0, start);
      int right = Math.min(width, start + size);
      double value = Double.NEGATIVE_INFINITY;
      for (int i = top; i < bottom; i++) {
        for (int at = i * width + left; at < i * width + right; at++) {
          value = Math.max(value, x[at]);
        }
      }
      y[k + j] = value;
    }
  }

  /** The cotangent goes to each window's first greatest element, or first NaN. */
  @Primitive(PullbackRules.class)
  static Tensor maxBack(Tensor x, int size, int stride, int padding, Tensor y, Tensor dy) {
    int[] s = x.dimensions();
    Plan plan = plan("maxPool2d", s, size, stride, padding);
    if (isTurned(x)) {
      Tensor turned = turned(x);
      ChannelPooling pooling = pooling(turned.dimensions(), plan);
      return ChannelsLast.back(pooling.maxBack(turned, turned(y), turned(dy)));
    }
    Buffer to = new Buffer(x.dtype(), x.size());
    Buffer from = x.buffer();
    Buffer of = y.buffer();
    Buffer d = dy.buffer();
    if (from.isFloat32()) {
      walk(plan, (k, t, b) -> scatter(plan, from.floats, of.floats, d.floats, to.floats, k, t, b));
    } else {
      walk(
          plan,
          (k, t, b) -> scatter(plan, from.doubles, of.doubles, d.doubles, to.doubles, k, t, b));
    }
    return new Tensor(s, to);
  }

  /** The tangent of each window's first greatest element, or first NaN. */
  @Primitive(PullbackRules.class)
  static Tensor maxAlong(Tensor x, int size, int stride, int padding, Tensor y, Tensor dx) {
    int[] s = x.dimensions();
    Plan plan = plan("maxPool2d", s, size, stride, padding);
    Buffer from = x.buffer();
    Buffer of = y.buffer();
    Buffer tangents = dx.buffer();
    Buffer to = new Buffer(dx.dtype(), y.size());
    walk(
        plan,
        (k, top, bottom) -> {
          for (int j = 0; j < plan.ow; j++) {
            int start = j * stride - padding;
            int left = Math.max(0, start);
            int right = Math.min(plan.width, start + size);
            long bits = Double.doubleToLongBits(of.get(k + j) + 0.0);
            int best = top * plan.width + left;
            for (int i = bottom - 1; i >= top; i--) {
              for (int at = i * plan.width + right - 1; at >= i * plan.width + left; at--) {
                best = Double.doubleToLongBits(from.get(at) + 0.0) == bits ? at : best;
              }
            }
            to.set(k + j, tangents.get(best));
          }
        });
    return new Tensor(y.dimensions(), to);
  }

  /** Goes backwards without a branch, so that the first of equal elements is found last. */
  private static void scatter(
      Plan plan, float[] x, float[] y, float[] dy, float[] dx, int k, int top, int bottom) {
    int width = plan.width;
    int size = plan.window.width();
    int stride = plan.window.stride();
    if (plan.isPairs()) {
      pairs(x, top * width, width, y, dy, dx, k, plan.ow);
      return;
    }
    for (int j = 0; j < plan.ow; j++) {
      int start = j * stride - plan.window.padding();
      int left = Math.max(0, start);
      int right = Math.min(width, start + size);
      int bits = Float.floatToIntBits(y[k + j] + 0f); // of all NaNs alike, and 0 for -0
      int best = top * width + left;
      for (int i = bottom - 1; i >= top; i--) {
        for (int at = i * width + right - 1; at >= i * width + left; at--) {
          best = Float.floatToIntBits(x[at] + 0f) == bits ? at : best;
        }
      }
      dx[best] += dy[k + j];
    }
  }

  private static void scatter(
      Plan plan, double[] x, double[] y, double[] dy, double[] dx, int k, int top, int bottom) {
    int width = plan.width;
    int size = plan.window.width();
    int stride = plan.window.stride();
    if (plan.isPairs()) {
      pairs(x, top * width, width, y, dy, dx, k, plan.ow);
      return;
    }
    for (int j = 0; j < plan.ow; j++) {
      int start = j * stride - plan.window.padding();
      int left = Math.max(0, start);
      int right = Math.min(width, start + size);
      long bits = Double.doubleToLongBits(y[k + j] + 0.0);
      int best = top * width + left;
      for (int i = bottom - 1; i >= top; i--) {
        for (int at = i * width + right - 1; at >= i * width + left; at--) {
          best = Double.doubleToLongBits(x[at] + 0.0) == bits ? at : best;
        }
      }
      dx[best] += dy[k + j];
    }
  }

  /** Windows of two by two side by side, the usual ones, without inner loops. */
  private static void pairs(float[] x, int row, int width, float[] y, int k, int count) {
    for (int j = 0; j < count; j++) {
      int a = row + 2 * j;
      int b = a + width;
      y[k + j] = Math.max(Math.max(x[a], x[a + 1]), Math.max(x[b], x[b + 1]));
    }
  }

  private static void pairs(
      float[] x, int row, int width, float[] y, float[] dy, float[] dx, int k, int count) {
    for (int j = 0; j < count; j++) {
      int a = row + 2 * j;
      int b = a + width;
      int best = x[b + 1] == y[k + j] ? b + 1 : a;
      best = x[b] == y[k + j] ? b : best;
      best = x[a + 1] == y[k + j] ? a + 1 : best;
      best = x[a] == y[k + j] ? a : best;
      if (Float.isNaN(y[k + j])) {
        best = firstNaN(x, a, b);
      }
      dx[best] += dy[k + j];
    }
  }

  private static int firstNaN(float[] x, int a, int b) {
    int last = Float.isNaN(x[b]) ? b : b + 1;
    return Float.isNaN(x[a]) ? a : Float.isNaN(x[a + 1]) ? a + 1 : last;
  }

  /** Windows of two by two side by side, the usual ones, without inner loops. */
  private static void pairs(double[] x, int row, int width, double[] y, int k, int count) {
    for (int j = 0; j < count; j++) {
      int a = row + 2 * j;
      int b = a + width;
      y[k + j] = Math.max(Math.max(x[a], x[a + 1]), Math.max(x[b], x[b + 1]));
    }
  }

  private static void pairs(
      double[] x, int row, int width, double[] y, double[] dy, double[] dx, int k, int count) {
    for (int j = 0; j < count; j++) {
      int a = row + 2 * j;
      int b = a + width;
      int best = x[b + 1] == y[k + j] ? b + 1 : a;
      best = x[b] == y[k + j] ? b : best;
      best = x[a + 1] == y[k + j] ? a + 1 : best;
      best = x[a] == y[k + j] ? a : best;
      if (Double.isNaN(y[k + j])) {
        best = firstNaN(x, a, b);
      }
      dx[best] += dy[k + j];
    }
  }

  private static int firstNaN(double[] x, int a, int b) {
    int last = Double.isNaN(x[b]) ? b : b + 1;
    return Double.isNaN(x[a]) ? a : Double.isNaN(x[a + 1]) ? a + 1 : last;
  }

  /** Means over whole windows: padding counts as zeros. */
  static Tensor mean(Tensor x, int size, int stride, int padding) {
    int[] s = x.dimensions();
    Plan plan = plan("meanPool2d", s, size, stride, padding);
    int[] shape = shape(s, plan);
    DType.requireFloatingPoint("meanPool2d", x);
    if (isTurned(x)) {
      Tensor turned = turned(x);
      return ChannelsLast.back(pooling(turned.dimensions(), plan).mean(turned));
    }
    Buffer to = new Buffer(x.dtype(), Shapes.count(shape));
    Buffer from = x.buffer();
    walk(
        plan,
        (k, top, bottom) -> {
          for (int j = 0; j < plan.ow; j++) {
            int start = j * stride - padding;
            int left = Math.max(0, start);
            int right = Math.min(plan.width, start + size);
            double sum = 0;
            for (int i = top; i < bottom; i++) {
              for (int at = i * plan.width + left; at < i * plan.width + right; at++) {
                sum += from.get(at);
              }
            }
            to.set(k + j, sum / (size * size));
          }
        });
    return new Tensor(shape, to);
  }

  @Primitive(PullbackRules.class)
  static Tensor meanBack(int[] s, int size, int stride, int padding, Tensor dy) {
    Plan plan = plan("meanPool2d", s, size, stride, padding);
    int[] turned = ChannelsLast.turned(s);
    if (isTurned(dy) && turned != null) {
      return ChannelsLast.back(pooling(turned, plan).meanBack(turned(dy)));
    }
    Buffer from = dy.buffer();
    Buffer to = new Buffer(dy.dtype(), Shapes.count(s));
    walk(
        plan,
        (k, top, bottom) -> {
          for (int j = 0; j < plan.ow; j++) {
            int start = j * stride - padding;
            int left = Math.max(0, start);
            int right = Math.min(plan.width, start + size);
            double share = from.get(k + j) / (size * size);
            for (int i = top; i < bottom; i++) {
              for (int at = i * plan.width + left; at < i * plan.width + right; at++) {
                to.add(at, share);
              }
            }
          }
        });
    return new Tensor(s, to);
  }
}
