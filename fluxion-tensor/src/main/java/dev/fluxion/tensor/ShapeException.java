package dev.fluxion.tensor;

import java.util.Arrays;

/** Shapes that do not go together: says the operation, the shapes, and the user's line. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ShapeException(String message) {
    super(message + userLine());
  }

  static String text(int[] shape) {
    String list = Arrays.toString(shape);
    return "(" + list.substring(1, list.length() - 1) + ")";
  }

  private static String userLine() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(
                        frame ->
                            !frame.getClassName().startsWith("dev.fluxion.tensor.")
                                && !frame.getClassName().startsWith("dev.fluxion.nn.")
                                && !frame.getClassName().startsWith("dev.fluxion.grad."))
                    .findFirst()
                    .map(frame -> ", at " + frame.getFileName() + ":" + frame.getLineNumber())
                    .orElse(""));
  }
}
