package dev.fluxion.grad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method as a primitive of differentiation: it is never looked into, and its derivative is
 * what the {@link Pullback} methods of the named class say.
 *
 * <p>A primitive is pure: it changes none of its arguments. The derivative with respect to an
 * argument without a {@code Pullback} is zero.
 *
 * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="primitive"}
 */
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
@Retention(RetentionPolicy.RUNTIME)
public @interface Primitive {
  /** The class that holds the pullbacks. */
  Class<?> value();
}
