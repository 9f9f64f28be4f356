package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.MethodRef;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The code of lambdas whose call site is known, so that their interface need not be serializable:
 * of those that were made in transformed code, and of those whose site is found.
 */
final class Lambdas {
  /** How a recorder is called: the last argument is null, and tells that this has no derivative. */
  static final MethodRef RECORD =
      MethodRef.ofVirtual(
          CD_MethodHandle,
          "invokeExact",
          MethodTypeDesc.of(CD_void, CD_Object, ForwardSweep.CHOSEN));

  private static final ClassValue<Holder> SITES =
      new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> type) {
          return new Holder();
        }
      };

  private static final class Holder {
    private volatile @Nullable Site site;
    private volatile boolean isSearched;
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
        MethodHandle record =
            MethodHandles.lookup()
                .findVirtual(Site.class, "record", MethodType.methodType(void.class, Object.class))
                .bindTo(this);
        return MethodHandles.dropArguments(record, 1, Target.class);
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

  /** Where a lambda was made, or null when that is not known. */
  static @Nullable Site site(Object lambda) {
    Holder holder = SITES.get(lambda.getClass());
    Site site = holder.site;
    if (site == null && !holder.isSearched && !(lambda instanceof Serializable)) {
      site = LambdaSearch.find(lambda);
      holder.site = site;
      holder.isSearched = true;
    }
    return site;
  }
}
