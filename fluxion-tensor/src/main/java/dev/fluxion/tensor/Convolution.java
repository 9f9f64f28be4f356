package dev.fluxion.tensor;

/** Convolution and pooling of images, as loops over patches and a matrix product. */
final class Convolution {
  private Convolution() {}

  private static void check(Tensor x, Tensor kernel) {
    int[] a = x.dimensions();
    int[] k = kernel.dimensions();
    if (a.length != 4 || k.length != 4 || a[1] != k[1] || k[2] > a[2] || k[3] > a[3]) {
      throw new ShapeException(
          "conv2d of images "
              + ShapeException.text(a)
              + " with kernels "
              + ShapeException.text(k)
              + ": (batch, channels, height, width) and (out, channels, kh, kw) are expected");
    }
  }

  /** The patches of one image as columns: (channels kh kw, oh ow). */
  private static Buffer patches(Tensor x, int image, int kh, int kw) {
    int[] s = x.dimensions();
    int oh = s[2] - kh + 1;
    int ow = s[3] - kw + 1;
    Buffer columns = new Buffer(x.dtype(), s[1] * kh * kw * oh * ow);
    int to = 0;
    for (int c = 0; c < s[1]; c++) {
      for (int p = 0; p < kh; p++) {
        for (int q = 0; q < kw; q++) {
          for (int i = 0; i < oh; i++) {
            int from = ((image * s[1] + c) * s[2] + i + p) * s[3] + q;
            for (int j = 0; j < ow; j++) {
              columns.set(to++, x.buffer().get(from + j));
            }
          }
        }
      }
    }
    return columns;
  }

  static Tensor forward(Tensor x, Tensor kernel) {
    check(x, kernel);
    int[] s = x.dimensions();
    int[] k = kernel.dimensions();
    int oh = s[2] - k[2] + 1;
    int ow = s[3] - k[3] + 1;
    int size = k[0] * oh * ow;
    Buffer to = new Buffer(x.dtype(), s[0] * size);
    for (int image = 0; image < s[0]; image++) {
      Buffer one = new Buffer(x.dtype(), size);
      Kernels.multiply(
          kernel.buffer(), patches(x, image, k[2], k[3]), one, k[0], k[1] * k[2] * k[3], oh * ow);
      for (int i = 0; i < size; i++) {
        to.set(image * size + i, one.get(i));
      }
    }
    return new Tensor(new int[] {s[0], k[0], oh, ow}, to);
  }

  private static Tensor image(Tensor dy, int image) {
    int[] s = dy.dimensions();
    int size = s[1] * s[2] * s[3];
    Buffer one = new Buffer(dy.dtype(), size);
    for (int i = 0; i < size; i++) {
      one.set(i, dy.buffer().get(image * size + i));
    }
    return new Tensor(new int[] {s[1], s[2] * s[3]}, one);
  }

  static Tensor inKernel(Tensor x, Tensor kernel, Tensor dy) {
    int[] k = kernel.dimensions();
    int inner = k[1] * k[2] * k[3];
    Tensor sum = new Tensor(new int[] {k[0], inner}, new Buffer(x.dtype(), k[0] * inner));
    for (int image = 0; image < x.size(0); image++) {
      Tensor d = image(dy, image);
      Tensor columns =
          new Tensor(new int[] {inner, d.size(1)}, patches(x, image, k[2], k[3])).transpose();
      Kernels.multiply(d.buffer(), columns.buffer(), sum.buffer(), k[0], d.size(1), inner);
    }
    return sum.reshape(k);
  }

  static Tensor inImages(Tensor x, Tensor kernel, Tensor dy) {
    int[] s = x.dimensions();
    int[] k = kernel.dimensions();
    int inner = k[1] * k[2] * k[3];
    Tensor flat = kernel.reshape(k[0], inner).transpose();
    Tensor result = x.zero();
    int oh = s[2] - k[2] + 1;
    int ow = s[3] - k[3] + 1;
    for (int image = 0; image < s[0]; image++) {
      Buffer columns = flat.matmul(image(dy, image)).buffer();
      int from = 0;
      for (int c = 0; c < s[1]; c++) {
        for (int p = 0; p < k[2]; p++) {
          for (int q = 0; q < k[3]; q++) {
            for (int i = 0; i < oh; i++) {
              int to = ((image * s[1] + c) * s[2] + i + p) * s[3] + q;
              for (int j = 0; j < ow; j++) {
                result.buffer().add(to + j, columns.get(from++));
              }
            }
          }
        }
      }
    }
    return result;
  }

  static Tensor maxPool(Tensor x, int window) {
    int[] s = x.dimensions();
    if (s.length != 4 || window < 1 || s[2] < window || s[3] < window) {
      throw new ShapeException(
          "maxPool2d of " + ShapeException.text(s) + " with a window of " + window);
    }
    int[] shape = {s[0], s[1], s[2] / window, s[3] / window};
    Buffer to = new Buffer(x.dtype(), Tensor.count(shape));
    for (int i = 0; i < to.size(); i++) {
      to.set(i, x.buffer().get(greatest(x, shape, i, window)));
    }
    return new Tensor(shape, to);
  }

  /** Where the first greatest element of an output element's window is. */
  private static int greatest(Tensor x, int[] shape, int index, int window) {
    int[] s = x.dimensions();
    int column = index % shape[3];
    int row = index / shape[3] % shape[2];
    int plane = index / (shape[2] * shape[3]);
    int best = (plane * s[2] + row * window) * s[3] + column * window;
    for (int i = 0; i < window; i++) {
      for (int j = 0; j < window; j++) {
        int at = (plane * s[2] + row * window + i) * s[3] + column * window + j;
        if (x.buffer().get(at) > x.buffer().get(best)) {
          best = at;
        }
      }
    }
    return best;
  }

  static Tensor maxPoolBack(Tensor x, int window, Tensor dy) {
    Tensor result = x.zero();
    for (int i = 0; i < dy.size(); i++) {
      result.buffer().add(greatest(x, dy.dimensions(), i, window), dy.buffer().get(i));
    }
    return result;
  }
}
