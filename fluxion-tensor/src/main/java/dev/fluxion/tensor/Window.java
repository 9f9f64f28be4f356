package dev.fluxion.tensor;

/**
 * How a window slides over images: its size, and per direction alike the stride, the padding on
 * both sides, and the dilation.
 */
record Window(int height, int width, int stride, int padding, int dilation) {
  /** The number of places along a length, or 0 when the window does not fit. */
  int places(int length, int size) {
    int room = length + 2 * padding - dilation * (size - 1) - 1;
    return room < 0 ? 0 : room / stride + 1;
  }

  int outHeight(int length) {
    return places(length, height);
  }

  int outWidth(int length) {
    return places(length, width);
  }

  boolean isValid() {
    return height > 0 && width > 0 && stride > 0 && padding >= 0 && dilation > 0;
  }

  String text() {
    return "window "
        + height
        + " by "
        + width
        + ", stride "
        + stride
        + ", padding "
        + padding
        + ", dilation "
        + dilation;
  }

  /** The first place whose window's offset falls inside the image. */
  int first(int offset) {
    return Math.max(0, Math.ceilDiv(padding - offset * dilation, stride));
  }

  /** One past the last place whose window's offset falls inside the image. */
  int end(int offset, int length, int places) {
    return Math.clamp(
        Math.floorDiv(length - 1 + padding - offset * dilation, stride) + 1L, 0, places);
  }
}
