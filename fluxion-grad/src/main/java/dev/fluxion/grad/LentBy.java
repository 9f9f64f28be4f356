package dev.fluxion.grad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what lends the memory of a type's objects to derivatives, which give it back when they are
 * done. The type is final and extends nothing but {@code Object}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface LentBy {
  /** A class with a constructor without parameters. */
  Class<? extends Lender> value();
}
