package dev.fluxion.tensor;

/** Writes the elements of a tensor in rows, long axes shortened to their ends. */
final class Text {
  private static final int ENDS = 3;

  private Text() {}

  static String of(Tensor x) {
    StringBuilder text = new StringBuilder();
    append(text, x, 0, 0);
    return text.toString();
  }

  private static void append(StringBuilder text, Tensor x, int axis, int index) {
    int[] shape = x.dimensions();
    if (axis == shape.length) {
      text.append(
          x.dtype() == DType.FLOAT32
              ? Float.toString((float) x.buffer().get(index))
              : Double.toString(x.buffer().get(index)));
      return;
    }
    text.append('[');
    int step = Shapes.product(shape, axis + 1, shape.length);
    for (int i = 0; i < shape[axis]; i++) {
      text.append(i == 0 ? "" : ", ");
      if (shape[axis] > 2 * ENDS && i == ENDS) {
        text.append("…, ");
        i = shape[axis] - ENDS;
      }
      append(text, x, axis + 1, index + i * step);
    }
    text.append(']');
  }
}
