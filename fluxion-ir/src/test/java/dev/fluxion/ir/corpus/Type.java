package dev.fluxion.ir.corpus;

/** The types of the generated programs' variables. */
enum Type {
  INT("int"),
  LONG("long"),
  FLOAT("float"),
  DOUBLE("double"),
  BOOLEAN("boolean"),
  BYTE("byte"),
  SHORT("short"),
  CHAR("char"),
  INTS("int[]"),
  LONGS("long[]"),
  FLOATS("float[]"),
  DOUBLES("double[]"),
  BOOLEANS("boolean[]"),
  BYTES("byte[]"),
  SHORTS("short[]"),
  CHARS("char[]"),
  MATRIX("double[][]"),
  NODE("Node"),
  SHAPE("Shape"),
  STRING("String"),
  DUO("Duo"),
  CELL("Cell");

  static final Type[] NUMBERS = {INT, INT, LONG, FLOAT, DOUBLE, DOUBLE};
  static final Type[] PRIMITIVES = {
    INT, INT, LONG, FLOAT, DOUBLE, DOUBLE, BOOLEAN, BYTE, SHORT, CHAR
  };
  static final Type[] ARRAYS = {
    INTS, LONGS, FLOATS, DOUBLES, DOUBLES, BOOLEANS, BYTES, SHORTS, CHARS
  };

  final String source;

  Type(String source) {
    this.source = source;
  }

  boolean isArray() {
    return ordinal() >= INTS.ordinal() && ordinal() <= CHARS.ordinal();
  }

  boolean isSmall() {
    return this == BYTE || this == SHORT || this == CHAR;
  }

  boolean isFloating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** The type of an array's elements. */
  Type element() {
    return values()[ordinal() - INTS.ordinal()];
  }

  /** The array of such elements. */
  Type array() {
    return values()[ordinal() + INTS.ordinal()];
  }

  /** The name of {@link Model.Node}'s field of this type. */
  String field() {
    return switch (this) {
      case INT -> "i";
      case LONG -> "l";
      case FLOAT -> "f";
      case DOUBLE -> "d";
      case BOOLEAN -> "z";
      case BYTE -> "b";
      case SHORT -> "s";
      case CHAR -> "c";
      default -> throw new IllegalStateException("no field of type " + this);
    };
  }
}
