package dev.fluxion.ir.emit;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;

/** The instructions of the JVM that differ only by the kind of number they work on. */
final class Instructions {
  private Instructions() {}

  static TypeKind typeKind(Kind kind) {
    return switch (kind) {
      case INT -> TypeKind.INT;
      case LONG -> TypeKind.LONG;
      case FLOAT -> TypeKind.FLOAT;
      case DOUBLE -> TypeKind.DOUBLE;
      case REFERENCE -> TypeKind.REFERENCE;
      case VOID -> TypeKind.VOID;
    };
  }

  /** The comparison whose result is -1, 0 or 1, and {@code ifUnordered} with a NaN. */
  static void threeWay(CodeBuilder code, Kind kind, int ifUnordered) {
    switch (kind) {
      case LONG -> code.lcmp();
      case FLOAT -> {
        if (ifUnordered > 0) {
          code.fcmpg();
        } else {
          code.fcmpl();
        }
      }
      default -> {
        if (ifUnordered > 0) {
          code.dcmpg();
        } else {
          code.dcmpl();
        }
      }
    }
  }

  static void negate(CodeBuilder code, Kind kind) {
    switch (kind) {
      case INT -> code.ineg();
      case LONG -> code.lneg();
      case FLOAT -> code.fneg();
      default -> code.dneg();
    }
  }

  static void jumpOnNull(CodeBuilder code, boolean ifNull, Label target) {
    if (ifNull) {
      code.ifnull(target);
    } else {
      code.ifnonnull(target);
    }
  }

  static void jumpOnZero(CodeBuilder code, Comparison comparison, Label target) {
    switch (comparison) {
      case EQ -> code.ifeq(target);
      case NE -> code.ifne(target);
      case LT -> code.iflt(target);
      case LE -> code.ifle(target);
      case GT -> code.ifgt(target);
      case GE -> code.ifge(target);
    }
  }

  static void jumpOnInts(CodeBuilder code, Comparison comparison, Label target) {
    switch (comparison) {
      case EQ -> code.if_icmpeq(target);
      case NE -> code.if_icmpne(target);
      case LT -> code.if_icmplt(target);
      case LE -> code.if_icmple(target);
      case GT -> code.if_icmpgt(target);
      case GE -> code.if_icmpge(target);
    }
  }

  static void arithmetic(CodeBuilder code, Arithmetic operator, Kind kind) {
    switch (kind) {
      case INT -> {
        switch (operator) {
          case ADD -> code.iadd();
          case SUB -> code.isub();
          case MUL -> code.imul();
          case DIV -> code.idiv();
          case REM -> code.irem();
          case AND -> code.iand();
          case OR -> code.ior();
          case XOR -> code.ixor();
          case SHL -> code.ishl();
          case SHR -> code.ishr();
          case USHR -> code.iushr();
        }
      }
      case LONG -> {
        switch (operator) {
          case ADD -> code.ladd();
          case SUB -> code.lsub();
          case MUL -> code.lmul();
          case DIV -> code.ldiv();
          case REM -> code.lrem();
          case AND -> code.land();
          case OR -> code.lor();
          case XOR -> code.lxor();
          case SHL -> code.lshl();
          case SHR -> code.lshr();
          case USHR -> code.lushr();
        }
      }
      case FLOAT -> {
        switch (operator) {
          case ADD -> code.fadd();
          case SUB -> code.fsub();
          case MUL -> code.fmul();
          case DIV -> code.fdiv();
          case REM -> code.frem();
          default -> throw new IllegalStateException("no " + operator + " of floats");
        }
      }
      default -> {
        switch (operator) {
          case ADD -> code.dadd();
          case SUB -> code.dsub();
          case MUL -> code.dmul();
          case DIV -> code.ddiv();
          case REM -> code.drem();
          default -> throw new IllegalStateException("no " + operator + " of doubles");
        }
      }
    }
  }
}
