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

  /** Generated gradient code is in hidden classes, which carry the user's file and lines. */
  private static String userLine() {
    return StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES)
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getFileName() != null && frame.getLineNumber() > 0)
                    .filter(frame -> isUsers(frame.getClassName()))
                    .findFirst()
                    .map(frame -> ", at " + frame.getFileName() + ":" + frame.getLineNumber())
                    .orElse(""));
  }

  private static boolean isUsers(String name) {
    for (String prefix : new String[] {"dev.fluxion.", "java.", "jdk.", "sun."}) {
      if (name.startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }
}
