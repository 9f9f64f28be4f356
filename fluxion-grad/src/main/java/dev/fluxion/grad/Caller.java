package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** Where in the user's code this library is being called. */
final class Caller {
  private Caller() {}

  /** The innermost line on the stack that is neither this library's nor the platform's. */
  static Location location() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .filter(frame -> isUsers(frame.getDeclaringClass()))
                    .findFirst()
                    .map(Caller::location)
                    .orElse(Location.NONE));
  }

  private static Location location(StackWalker.StackFrame frame) {
    String name = frame.getClassName();
    String simple = name.substring(name.lastIndexOf('.') + 1);
    String file = frame.getFileName() == null ? "" : frame.getFileName();
    return new Location(file, simple + "." + frame.getMethodName(), frame.getLineNumber());
  }

  private static boolean isUsers(Class<?> type) {
    CodeSource source = source(type);
    return !Carriers.isPlatform(type)
        && (source == null
            || (!source.equals(source(Caller.class)) && !source.equals(source(Function.class))));
  }

  private static @Nullable CodeSource source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }
}
