package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shapes that do not go together: says the operation, the shapes, and the user's line. */
public final class ShapeException extends IllegalArgumentException {
  /** What the name of a class with generated code has behind that of the user's class. */
  private static final Pattern HIDDEN = Pattern.compile("\\$fluxion/.*");

  private static final long serialVersionUID = 1L;

  ShapeException(String message) {
    super(message + userLine());
  }

  static String text(int[] shape) {
    String list = Arrays.toString(shape);
    return "(" + list.substring(1, list.length() - 1) + ")";
  }

  /** Generated gradient code is in hidden classes, which carry the user's file and lines. */
  private static Optional<StackWalker.StackFrame> userFrame() {
    return StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES)
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getFileName() != null && frame.getLineNumber() > 0)
                    .filter(frame -> isUsers(frame.getClassName()))
                    .findFirst());
  }

  private static String userLine() {
    return userFrame()
        .map(frame -> ", at " + frame.getFileName() + ":" + frame.getLineNumber())
        .orElse("");
  }

  /** The user's class, method, file and line, as in a stack trace. */
  static String userSite() {
    return userFrame()
        .map(
            frame ->
                HIDDEN.matcher(frame.getClassName()).replaceFirst("")
                    + "."
                    + frame.getMethodName()
                    + "("
                    + frame.getFileName()
                    + ":"
                    + frame.getLineNumber()
                    + ")")
        .orElse("no code of the user's");
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
