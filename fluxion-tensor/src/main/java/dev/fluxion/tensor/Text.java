package dev.fluxion.tensor;

/** Writes the elements of a tensor in rows, long axes shortened to their ends. */
final class Text {
  private static final int ENDS = 3;

  private Text() {}

  static String of(Tensor x) {
    StringBuilder text = new StringBuilder();
    append(text, x.dimensions(), x.buffer(), 0, 0);
    return text.toString();
  }

  private static String element(Buffer from, int index) {
    return switch (from.type()) {
      case FLOAT32, BFLOAT16, FLOAT16 -> Float.toString(from.floats[index]);
      case FLOAT64 -> Double.toString(from.doubles[index]);
      case INT8, UINT8, INT16, INT32, INT64 -> Long.toString(from.longs[index]);
      case BOOL -> Boolean.toString(from.floats[index] != 0);
    };
  }

  private static void append(StringBuilder text, int[] shape, Buffer from, int axis, int index) {
    if (axis == shape.length) {
      text.append(element(from, index));
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
      append(text, shape, from, axis + 1, index + i * step);
    }
    text.append(']');
  }
}
