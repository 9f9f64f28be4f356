package dev.fluxion.tensor;

/** The greatest element or the mean of windows of images. */
final class Pooling {
  private static final int GRAIN = 1 << 15;

  /** Sizes of a pooling; images and channels are planes alike. */
  private record Plan(int planes, int height, int width, int oh, int ow, Window window) {}

  /** What is done with a window: it ends before its last row and column. */
  private interface Visit {
    void window(int index, int top, int bottom, int left, int right);
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
              for (int j = 0; j < plan.ow; j++) {
                int x = j * window.stride() - window.padding();
                int right = Math.min(plan.width, x + window.width());
                visit.window(
                    plane * area + i * plan.ow + j,
                    plane * plan.height + top,
                    plane * plan.height + bottom,
                    Math.max(0, x),
                    right);
              }
            }
          }
        });
  }

  static Tensor max(Tensor x, int size, int stride, int padding) {
    int[] s = x.dimensions();
    Plan plan = plan("maxPool2d", s, size, stride, padding);
    int[] shape = shape(s, plan);
    Buffer to = new Buffer(x.dtype(), Shapes.count(shape));
    Buffer from = x.buffer();
    if (from.floats != null) {
      walk(
          plan,
          (k, t, b, l, r) -> to.floats[k] = from.floats[greatest(from.floats, s[3], t, b, l, r)]);
    } else {
      walk(
          plan,
          (k, t, b, l, r) ->
              to.doubles[k] = from.doubles[greatest(from.doubles, s[3], t, b, l, r)]);
    }
    return new Tensor(shape, to);
  }

  /**
   * The cotangent goes to each window's first greatest element; windows of a plane share no core.
   */
  static Tensor maxBack(Tensor x, int size, int stride, int padding, Tensor dy) {
    int[] s = x.dimensions();
    Plan plan = plan("maxPool2d", s, size, stride, padding);
    Buffer to = new Buffer(x.dtype(), x.size());
    Buffer from = x.buffer();
    Buffer d = dy.buffer();
    if (from.floats != null) {
      walk(
          plan,
          (k, t, b, l, r) -> to.floats[greatest(from.floats, s[3], t, b, l, r)] += d.floats[k]);
    } else {
      walk(
          plan,
          (k, t, b, l, r) -> to.doubles[greatest(from.doubles, s[3], t, b, l, r)] += d.doubles[k]);
    }
    return new Tensor(s, to);
  }

  /** The index of a window's first greatest element, or of a NaN in it. */
  private static int greatest(float[] x, int width, int top, int bottom, int left, int right) {
    int best = top * width + left;
    float value = x[best];
    for (int i = top; i < bottom; i++) {
      for (int at = i * width + left; at < i * width + right; at++) {
        if (x[at] > value || x[at] != x[at]) {
          best = at;
          value = x[at];
        }
      }
    }
    return best;
  }

  private static int greatest(double[] x, int width, int top, int bottom, int left, int right) {
    int best = top * width + left;
    double value = x[best];
    for (int i = top; i < bottom; i++) {
      for (int at = i * width + left; at < i * width + right; at++) {
        if (x[at] > value || x[at] != x[at]) {
          best = at;
          value = x[at];
        }
      }
    }
    return best;
  }

  /** Means over whole windows: padding counts as zeros. */
  static Tensor mean(Tensor x, int size, int stride, int padding) {
    int[] s = x.dimensions();
    Plan plan = plan("meanPool2d", s, size, stride, padding);
    int[] shape = shape(s, plan);
    Buffer to = new Buffer(x.dtype(), Shapes.count(shape));
    Buffer from = x.buffer();
    walk(
        plan,
        (k, top, bottom, left, right) -> {
          double sum = 0;
          for (int i = top; i < bottom; i++) {
            for (int at = i * s[3] + left; at < i * s[3] + right; at++) {
              sum += from.get(at);
            }
          }
          to.set(k, sum / (size * size));
        });
    return new Tensor(shape, to);
  }

  static Tensor meanBack(int[] s, int size, int stride, int padding, Tensor dy) {
    Plan plan = plan("meanPool2d", s, size, stride, padding);
    Buffer to = new Buffer(dy.dtype(), Shapes.count(s));
    walk(
        plan,
        (k, top, bottom, left, right) -> {
          double share = dy.buffer().get(k) / (size * size);
          for (int i = top; i < bottom; i++) {
            for (int at = i * s[3] + left; at < i * s[3] + right; at++) {
              to.add(at, share);
            }
          }
        });
    return new Tensor(s, to);
  }
}
