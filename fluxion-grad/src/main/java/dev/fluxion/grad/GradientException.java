package dev.fluxion.grad;

import dev.fluxion.ir.Location;
import org.jspecify.annotations.Nullable;

/** Says what cannot be differentiated, where in the user's code, and what to do about it. */
public final class GradientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem, written for the user. */
  public GradientException(String message) {
    super(message);
  }

  /** A problem, written for the user, and what caused it. */
  public GradientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** That a call cannot be differentiated, and why. */
  static GradientException ofCall(String owner, String name, Location at, String why) {
    return new GradientException(
        "cannot differentiate the call of " + owner + "." + name + " at " + at + ": " + why);
  }

  /** The same problem, found on the way from a call. */
  GradientException calledAt(Location call) {
    String method = call.method().replaceAll("lambda\\$(\\w+?)\\$.*", "$1"); // the method around it
    String step = "\n  called at " + new Location(call.file(), method, call.line());
    String message = String.valueOf(getMessage());
    if (call.line() == 0 || message.endsWith(step)) {
      return this;
    }
    GradientException longer = new GradientException(message + step, getCause());
    longer.setStackTrace(getStackTrace());
    return longer;
  }
}
