package dev.fluxion.ir;

import java.lang.constant.ClassDesc;

/** A value of the program: defined once, by an {@link Op} or as a parameter of a {@link Block}. */
public final class Value {
  private final ClassDesc type;

  /** A new value, different from all others. */
  public Value(ClassDesc type) {
    this.type = type;
  }

  /** The static type. */
  public ClassDesc type() {
    return type;
  }

  /** The computational kind of the type. */
  public Kind kind() {
    return Kind.of(type);
  }
}
