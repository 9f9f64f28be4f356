package dev.fluxion.grad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a static method as the pushforward of a {@link Primitive} with respect to one argument: the
 * forward counterpart of a {@link Pullback}.
 *
 * <p>Its parameters are the primitive's arguments (the receiver first, if there is one), then the
 * primitive's result, then the tangent of the argument; it returns what that tangent contributes to
 * the tangent of the result, in a new array if that is an array. The contributions of all arguments
 * are added up. From numbers to a number no pushforward is needed: the pullback is the same
 * multiplication.
 *
 * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="pushforward"}
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Pushforward {
  /** The name of the primitive. */
  String of();

  /** The index of the argument, counting the receiver of an instance method as 0. */
  int argument() default 0;
}
