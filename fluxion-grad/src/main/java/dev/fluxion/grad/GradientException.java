package dev.fluxion.grad;

import dev.fluxion.grad.runtime.AbsentClassError;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Location;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what cannot be differentiated, where in the user's code, and what to do about it. */
public final class GradientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The classes whose methods users call for a derivative. */
  private static final Set<String> ENTRIES =
      Set.of(Grad.class.getName(), Forward.class.getName(), Fluxion.class.getName());

  /** Whether it says by what calls code came to it. */
  private boolean isReached;

  /** A problem, written for the user. */
  public GradientException(String message) {
    super(readable(message));
  }

  /** A problem, written for the user, and what caused it. */
  public GradientException(String message, @Nullable Throwable cause) {
    super(readable(message), cause);
  }

  /** With the methods that lambdas are in, for the compiler's names of them. */
  private static String readable(String message) {
    return message.replaceAll("\\blambda\\$(\\w+?)\\$[0-9a-f$]*(?=\\()", "$1");
  }

  /** That a call cannot be differentiated, and why. */
  static GradientException ofCall(String owner, String name, Location at, String why) {
    return new GradientException(
        "cannot differentiate the call of " + owner + "." + name + " at " + at + ": " + why);
  }

  /** The same problem, found on the way from a call. */
  GradientException calledAt(Location call) {
    String step = readable("\n  called at " + call);
    String message = String.valueOf(getMessage());
    if (call.line() == 0 || message.endsWith(step)) {
      return this;
    }
    GradientException longer = new GradientException(message + step, getCause());
    longer.setStackTrace(getStackTrace());
    return longer;
  }

  /** That code came to where it needs a class that is absent, with the way there. */
  static GradientException reached(AbsentClassError error) {
    return new GradientException(error.problem(), error).reachedBy(error.getStackTrace(), true);
  }

  /** The same problem with the way to it, if it was found when code came to it. */
  GradientException reached() {
    if (isReached) {
      return this;
    }
    StackTraceElement[] trace = getStackTrace();
    boolean isRefusal =
        trace.length > 0
            && trace[0].getClassName().equals(Adjoints.class.getName())
            && trace[0].getMethodName().equals("refused");
    return reachedBy(trace, isRefusal);
  }

  /**
   * The same problem with the calls of a stack trace.
   *
   * @param isPlace whether the first place in the user's code is that of the problem
   */
  private GradientException reachedBy(StackTraceElement[] trace, boolean isPlace) {
    GradientException longer = this;
    boolean isNext = !isPlace;
    boolean isAny = false;
    boolean isLast = false;
    for (StackTraceElement frame : trace) {
      String type = frame.getClassName();
      if (frame.getLineNumber() > 0 && !isOfOthers(type)) {
        if (isNext) {
          String method = type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
          String file = String.valueOf(frame.getFileName());
          longer = longer.calledAt(new Location(file, method, frame.getLineNumber()));
        }
        if (isLast) {
          break;
        }
        isNext = true;
        isAny = true;
      } else if (ENTRIES.contains(type)) {
        if (!isAny) {
          return this; // it was found before any code ran, and has its calls
        }
        isLast = true;
      }
    }
    longer.isReached = true;
    return longer;
  }

  private static boolean isOfOthers(String type) {
    return type.startsWith("java.")
        || type.startsWith("dev.fluxion.ir.")
        || isOfFluxion(type)
        || isOfPlatform(type);
  }

  private static boolean isOfFluxion(String type) {
    if (!type.startsWith("dev.fluxion.grad.")) {
      return false;
    }
    try {
      Class<?> found = Class.forName(type, false, GradientException.class.getClassLoader());
      return Objects.equals(source(found), source(GradientException.class));
    } catch (ClassNotFoundException e) {
      return false; // one of the user's that is called so
    }
  }

  private static @Nullable CodeSource source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }

  /** Whether emitted code, which names classes without packages, stands for the platform's. */
  private static boolean isOfPlatform(String type) {
    String simple = type.replaceAll("\\$.*", "");
    return GradientException.class.getResource("runtime/" + simple + ".class") != null;
  }
}
