package dev.fluxion.ir;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;

/**
 * The computational type of a value, as on the JVM: {@code boolean}, {@code byte}, {@code char} and
 * {@code short} compute as {@code int}.
 */
public enum Kind {
  /** 32-bit integers and what computes like them. */
  INT,
  /** 64-bit integers. */
  LONG,
  /** 32-bit floating point. */
  FLOAT,
  /** 64-bit floating point. */
  DOUBLE,
  /** References to objects and arrays. */
  REFERENCE,
  /** No value. */
  VOID;

  /** The kind of a type. */
  public static Kind of(ClassDesc type) {
    return switch (type.descriptorString().charAt(0)) {
      case 'Z', 'B', 'C', 'S', 'I' -> INT;
      case 'J' -> LONG;
      case 'F' -> FLOAT;
      case 'D' -> DOUBLE;
      case 'V' -> VOID;
      default -> REFERENCE;
    };
  }

  /** The type that the JVM computes with: int for booleans, bytes, chars and shorts. */
  public static ClassDesc computational(ClassDesc type) {
    return of(type) == INT ? CD_int : type;
  }

  /** Whether values of this kind are floating-point numbers. */
  public boolean isFloating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** How many local variable slots a value takes. */
  public int slots() {
    return switch (this) {
      case LONG, DOUBLE -> 2;
      case VOID -> 0;
      default -> 1;
    };
  }
}
