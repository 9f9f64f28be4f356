package dev.fluxion.grad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a static method as the pullback of a {@link Primitive} with respect to one argument.
 *
 * <p>Its parameters are the primitive's arguments (the receiver first, if there is one), then the
 * primitive's result, then the cotangent of that result; it returns the cotangent of the argument.
 * A value that the pullback does not read is not kept for the reverse sweep.
 *
 * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="primitive"}
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Pullback {
  /** The name of the primitive. */
  String of();

  /** The index of the argument, counting the receiver of an instance method as 0. */
  int argument() default 0;
}
