package dev.fluxion.tensor;

/** The sizes of a convolution, with the groups that channels fall into. */
record ConvolutionPlan(
    int batch, int channels, int height, int width, int out, int groups, Window window) {

  /** Checks the shapes of images and kernels. */
  static ConvolutionPlan of(int[] x, int[] k, int stride, int padding, int dilation, int groups) {
    if (x.length == 4 && k.length == 4 && groups > 0) {
      Window window = new Window(k[2], k[3], stride, padding, dilation);
      if (window.isValid()
          && x[1] == k[1] * groups
          && k[0] % groups == 0
          && window.outHeight(x[2]) > 0
          && window.outWidth(x[3]) > 0) {
        return new ConvolutionPlan(x[0], x[1], x[2], x[3], k[0], groups, window);
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

  int outHeight() {
    return window.outHeight(height);
  }

  int outWidth() {
    return window.outWidth(width);
  }

  int area() {
    return outHeight() * outWidth();
  }

  /** The channels that an output channel sees. */
  int ins() {
    return channels / groups;
  }

  /** The output channels of a group. */
  int outs() {
    return out / groups;
  }

  /** The number of weights of an output channel. */
  int inner() {
    return ins() * window.height() * window.width();
  }

  /** The number of products. */
  long work() {
    return (long) out * area() * inner() * batch;
  }

  /** Where an image's channels of a group start. */
  int input(int image, int group) {
    return (image * channels + group * ins()) * height * width;
  }

  /** Where an image's output channels of a group start. */
  int output(int image, int group) {
    return (image * out + group * outs()) * area();
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

  /** Room for what one thread works on. */
  Patches patches(DType type) {
    if (isPointwise()) {
      return new Pixels(this);
    }
    return window.stride() == 1 ? new Runs(this, type) : new Gathered(this, type);
  }
}
