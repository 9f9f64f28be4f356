package dev.fluxion.tensor;

import dev.fluxion.grad.Pushforward;

/**
 * The pushforwards of the primitives. A linear operation is its own: it is applied to the tangent.
 */
final class ForwardRules {
  private ForwardRules() {}

  // ---------------------------------------------------------------- arrays and numbers

  @Pushforward(of = "of")
  static Tensor ofFloats(float[] data, int[] shape, Tensor y, float[] d) {
    return Tensor.of(d, shape);
  }

  @Pushforward(of = "of")
  static Tensor ofDoubles(double[] data, int[] shape, Tensor y, double[] d) {
    return Tensor.of(d, shape);
  }

  @Pushforward(of = "toFloatArray")
  static float[] toFloatArray(Tensor x, float[] y, Tensor dx) {
    return dx.toFloatArray();
  }

  @Pushforward(of = "toDoubleArray")
  static double[] toDoubleArray(Tensor x, double[] y, Tensor dx) {
    return dx.toDoubleArray();
  }

  @Pushforward(of = "item")
  static double item(Tensor x, double y, Tensor dx) {
    return dx.item();
  }

  @Pushforward(of = "fill", argument = 1)
  static Tensor fill(Tensor x, double value, Tensor y, double d) {
    return x.fill(d);
  }

  // ---------------------------------------------------------------- arithmetic

  @Pushforward(of = "plus")
  static Tensor plusLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.broadcastTo(y.shape());
  }

  @Pushforward(of = "plus", argument = 1)
  static Tensor plusRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return db.broadcastTo(y.shape());
  }

  @Pushforward(of = "minus")
  static Tensor minusLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.broadcastTo(y.shape());
  }

  @Pushforward(of = "minus", argument = 1)
  static Tensor minusRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return db.neg().broadcastTo(y.shape());
  }

  @Pushforward(of = "times")
  static Tensor timesLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.times(b);
  }

  @Pushforward(of = "times", argument = 1)
  static Tensor timesRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return a.times(db);
  }

  @Pushforward(of = "div")
  static Tensor divLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.div(b);
  }

  @Pushforward(of = "div", argument = 1)
  static Tensor divRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return y.times(db).div(b).neg();
  }

  @Pushforward(of = "times")
  static Tensor timesNumber(Tensor a, double factor, Tensor y, Tensor da) {
    return da.times(factor);
  }

  @Pushforward(of = "times", argument = 1)
  static Tensor timesFactor(Tensor a, double factor, Tensor y, double d) {
    return a.times(d);
  }

  @Pushforward(of = "plus")
  static Tensor plusNumber(Tensor a, double term, Tensor y, Tensor da) {
    return da;
  }

  @Pushforward(of = "plus", argument = 1)
  static Tensor plusTerm(Tensor a, double term, Tensor y, double d) {
    return y.fill(d);
  }

  // ---------------------------------------------------------------- functions of one element

  @Pushforward(of = "exp")
  static Tensor exp(Tensor x, Tensor y, Tensor dx) {
    return dx.times(y);
  }

  @Pushforward(of = "log")
  static Tensor log(Tensor x, Tensor y, Tensor dx) {
    return dx.div(x);
  }

  @Pushforward(of = "sqrt")
  static Tensor sqrt(Tensor x, Tensor y, Tensor dx) {
    return dx.times(0.5).div(y);
  }

  @Pushforward(of = "tanh")
  static Tensor tanh(Tensor x, Tensor y, Tensor dx) {
    return dx.times(y.square().neg().plus(1.0));
  }

  @Pushforward(of = "sigmoid")
  static Tensor sigmoid(Tensor x, Tensor y, Tensor dx) {
    return dx.times(y).times(y.neg().plus(1.0));
  }

  @Pushforward(of = "relu")
  static Tensor relu(Tensor x, Tensor y, Tensor dx) {
    double[] mask = y.toDoubleArray();
    for (int i = 0; i < mask.length; i++) {
      mask[i] = mask[i] > 0 ? 1 : 0;
    }
    return dx.times(like(dx, mask, y.shape()));
  }

  // ---------------------------------------------------------------- sums, shapes, products

  @Pushforward(of = "sum")
  static Tensor sum(Tensor x, Tensor y, Tensor dx) {
    return dx.sum();
  }

  @Pushforward(of = "sum")
  static Tensor sumOver(Tensor x, int axis, Tensor y, Tensor dx) {
    return dx.sum(axis);
  }

  @Pushforward(of = "sumTo")
  static Tensor sumTo(Tensor x, int[] target, Tensor y, Tensor dx) {
    return dx.sumTo(target);
  }

  @Pushforward(of = "broadcastTo")
  static Tensor broadcastTo(Tensor x, int[] target, Tensor y, Tensor dx) {
    return dx.broadcastTo(target);
  }

  @Pushforward(of = "reshape")
  static Tensor reshape(Tensor x, int[] sizes, Tensor y, Tensor dx) {
    return dx.reshape(y.shape());
  }

  @Pushforward(of = "transpose")
  static Tensor transpose(Tensor x, Tensor y, Tensor dx) {
    return dx.transpose();
  }

  @Pushforward(of = "matmul")
  static Tensor matmulLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.matmul(b);
  }

  @Pushforward(of = "matmul", argument = 1)
  static Tensor matmulRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return a.matmul(db);
  }

  @Pushforward(of = "gather")
  static Tensor gather(Tensor x, int[] indices, Tensor y, Tensor dx) {
    return dx.gather(indices);
  }

  @Pushforward(of = "pick")
  static Tensor pick(Tensor x, int[] columns, Tensor y, Tensor dx) {
    return dx.pick(columns);
  }

  @Pushforward(of = "logSoftmax")
  static Tensor logSoftmax(Tensor x, Tensor y, Tensor dx) {
    return dx.minus(y.exp().times(dx).sum(1));
  }

  // ---------------------------------------------------------------- convolution and pooling

  @Pushforward(of = "conv2d")
  static Tensor inImages(Tensor x, Tensor kernel, Tensor y, Tensor dx) {
    return dx.conv2d(kernel);
  }

  @Pushforward(of = "conv2d", argument = 1)
  static Tensor inKernel(Tensor x, Tensor kernel, Tensor y, Tensor d) {
    return x.conv2d(d);
  }

  /** The tangent of each window's first greatest element. */
  @Pushforward(of = "maxPool2d")
  static Tensor maxPool2d(Tensor x, int window, Tensor y, Tensor dx) {
    double[] values = x.toDoubleArray();
    double[] tangents = dx.toDoubleArray();
    int height = x.size(2);
    int width = x.size(3);
    int rows = y.size(2);
    int columns = y.size(3);
    double[] result = new double[y.size()];
    for (int i = 0; i < result.length; i++) {
      int plane = i / (rows * columns);
      int top = (plane * height + i / columns % rows * window) * width + i % columns * window;
      int best = top;
      for (int k = 0; k < window * window; k++) {
        int at = top + k / window * width + k % window;
        if (values[at] > values[best]) {
          best = at;
        }
      }
      result[i] = tangents[best];
    }
    return like(dx, result, y.shape());
  }

  /** A tensor of the type of another. */
  private static Tensor like(Tensor other, double[] data, int[] shape) {
    if (other.dtype() == DType.FLOAT64) {
      return Tensor.of(data, shape);
    }
    float[] floats = new float[data.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) data[i];
    }
    return Tensor.of(floats, shape);
  }
}
