package dev.fluxion.ir;

/** The binary arithmetic of the JVM; the operands' kind says on which numbers. */
public enum Arithmetic {
  /** Sum. */
  ADD,
  /** Difference. */
  SUB,
  /** Product. */
  MUL,
  /** Quotient; on integers it throws when the divisor is zero. */
  DIV,
  /** Remainder with the sign of the dividend; on integers it throws when the divisor is zero. */
  REM,
  /** Bitwise and. */
  AND,
  /** Bitwise or. */
  OR,
  /** Bitwise exclusive or. */
  XOR,
  /** Left shift; the distance is an int, masked to the width. */
  SHL,
  /** Right shift with sign. */
  SHR,
  /** Right shift with zeros. */
  USHR;

  /** Whether the right operand is an int whatever the left one is. */
  public boolean isShift() {
    return this == SHL || this == SHR || this == USHR;
  }
}
