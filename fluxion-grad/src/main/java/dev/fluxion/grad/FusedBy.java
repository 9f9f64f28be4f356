package dev.fluxion.grad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what makes one operation of several that give objects of a type, in the code of derivatives
 * and of compiled functions.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface FusedBy {
  /** A class with a constructor without parameters. */
  Class<? extends Fuser> value();
}
