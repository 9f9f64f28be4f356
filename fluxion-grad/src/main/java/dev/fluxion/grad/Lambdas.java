package dev.fluxion.grad;

import dev.fluxion.ir.LambdaRef;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The code of lambdas that were made in transformed code: there the call site is known, so the
 * lambda's interface need not be serializable.
 */
final class Lambdas {
  private static final ClassValue<Holder> SITES =
      new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> type) {
          return new Holder();
        }
      };

  private static final class Holder {
    private volatile @Nullable Site site;
  }

  /**
   * Where lambdas of one class are made.
   *
   * @param lambda what they stand for
   * @param host the class whose code makes them
   */
  record Site(LambdaRef lambda, Class<?> host) {
    /** A handle that takes a lambda and remembers that it was made here. */
    MethodHandle recorder() {
      try {
        return MethodHandles.lookup()
            .findVirtual(Site.class, "record", MethodType.methodType(void.class, Object.class))
            .bindTo(this);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    void record(Object lambda) {
      Holder holder = SITES.get(lambda.getClass());
      if (holder.site == null) {
        holder.site = this;
      }
    }
  }

  private Lambdas() {}

  /** Where lambdas of a class are made, or null when that was not in transformed code. */
  static @Nullable Site site(Class<?> type) {
    return SITES.get(type).site;
  }
}
