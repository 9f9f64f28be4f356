package dev.fluxion.ir;

import java.lang.constant.ClassDesc;
import org.jspecify.annotations.Nullable;

/** A value of the program: defined once, by an {@link Op} or as a parameter of a {@link Block}. */
public final class Value {
  private final ClassDesc type;
  private final Kind kind;
  private @Nullable String name;

  /** A new value, different from all others. */
  public Value(ClassDesc type) {
    this.type = type;
    this.kind = Kind.of(type);
  }

  /** The static type. */
  public ClassDesc type() {
    return type;
  }

  /** What the source calls it, for people, or null; several values may have one name. */
  public @Nullable String name() {
    return name;
  }

  /** Gives it a name, unless it has one or there is none to give. */
  public Value named(@Nullable String given) {
    if (name == null) {
      name = given;
    }
    return this;
  }

  /** Gives it a name in place of the one it has: for who has made the value and shares it not. */
  public void rename(String given) {
    name = given;
  }

  /** Another value of the same type and name. */
  public Value copy() {
    return new Value(type).named(name);
  }

  /** The computational kind of the type. */
  public Kind kind() {
    return kind;
  }
}
