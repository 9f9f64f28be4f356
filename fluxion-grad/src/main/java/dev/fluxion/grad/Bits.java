package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers made of the bits of active numbers. Whole numbers are constants, so the derivative is
 * lost on the way through them. That is right where low bits are only cleared, which is a step
 * function; anything else, as a new exponent, is refused. So is keeping bits in an object.
 */
final class Bits {
  private static final int EXPONENT_AND_SIGN = 12;
  private static final int FLOAT_EXPONENT_AND_SIGN = 9;

  private Bits() {}

  static void refuse(Body body, Activity activity, Map<Value, Op> definitions) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        List<Value> bits = kept(op);
        boolean makesNumber = op instanceof Op.Call call && isNumberOfBits(call.method());
        if (makesNumber || !bits.isEmpty()) {
          List<Value> read = makesNumber ? op.operands() : bits;
          Op.Call taken = taken(read, makesNumber, activity, definitions);
          if (taken != null) {
            throw makesNumber ? refusal((Op.Call) op, taken) : refusal(op, taken);
          }
        }
      }
    }
  }

  private static boolean isNumberOfBits(MethodRef method) {
    return switch (method.owner().descriptorString() + method.name()) {
      case "Ljava/lang/Double;longBitsToDouble",
          "Ljava/lang/Float;intBitsToFloat",
          "Ljava/lang/Float;float16ToFloat" ->
          true;
      default -> false;
    };
  }

  /**
   * What is kept where whole numbers may be read again as the bits that they are: an element of an
   * array, a field, one of the platform's atomic numbers, or a number of any length.
   */
  private static List<Value> kept(Op op) {
    return switch (op) {
      case Op.StoreElement store when isWhole(store.value()) -> List.of(store.value());
      case Op.StoreField store when isWhole(store.value()) -> List.of(store.value());
      case Op.Call call when isAtomic(call.method().owner()) || isExact(call.method()) ->
          call.arguments().stream().filter(Bits::isWhole).toList();
      case Op.New made when isAtomic(made.constructor().owner()) || isExact(made.constructor()) ->
          made.arguments().stream().filter(Bits::isWhole).toList();
      default -> List.of();
    };
  }

  private static boolean isWhole(Value value) {
    return value.type().equals(CD_long) || value.type().equals(CD_int);
  }

  private static boolean isAtomic(ClassDesc owner) {
    return owner.isClassOrInterface() && owner.packageName().equals("java.util.concurrent.atomic");
  }

  private static boolean isExact(MethodRef method) {
    return switch (method.owner().descriptorString() + method.name()) {
      case "Ljava/math/BigInteger;valueOf",
          "Ljava/math/BigDecimal;valueOf",
          "Ljava/math/BigDecimal;<init>" ->
          true;
      default -> false;
    };
  }

  /**
   * The call that took bits of an active number, of which values are made; null where there is
   * none.
   *
   * @param isAny whether it may be a call that perhaps takes bits, and whether they may have been
   *     computed with; else only some may have been set or turned, as sums and parts of bits are
   *     hash codes mostly
   */
  private static Op.@Nullable Call taken(
      List<Value> values, boolean isAny, Activity activity, Map<Value, Op> definitions) {
    Set<Value> seen = new HashSet<>();
    Deque<Value> left = new ArrayDeque<>(values);
    while (!left.isEmpty()) {
      Value value = left.pop();
      if (!seen.add(value)) {
        continue;
      }
      switch (definitions.get(value)) {
        case Op.Binary binary -> {
          if (!dropsLowBits(binary, definitions) && (isAny || isLogical(binary.operator()))) {
            left.addAll(binary.operands());
          }
        }
        case Op.Negate negate when isAny -> left.add(negate.operand());
        case Op.Convert convert -> {
          if (isAny && !convert.operand().kind().isFloating()) { // rounding is a step function
            left.add(convert.operand());
          }
        }
        case Op.Call taken
            when (isBits(taken.method()) || (isAny && isOfUser(taken.method())))
                && activity.anyVaried(taken.operands()) -> {
          return taken;
        }
        case null -> left.addAll(activity.incoming().getOrDefault(value, List.of()));
        default -> {}
      }
    }
    return null;
  }

  private static boolean isBits(MethodRef method) {
    String owner = method.owner().descriptorString();
    boolean isBox = owner.equals("Ljava/lang/Double;") || owner.equals("Ljava/lang/Float;");
    return isBox && (method.name().endsWith("Bits") || method.name().equals("floatToFloat16"));
  }

  /** Whether it is a method of the user, which perhaps makes bits of a number. */
  private static boolean isOfUser(MethodRef method) {
    return !method.owner().descriptorString().startsWith("Ljava/");
  }

  private static boolean isLogical(Arithmetic operator) {
    return operator == Arithmetic.AND || operator == Arithmetic.OR || operator == Arithmetic.XOR;
  }

  /** A shift down, or an "and" with a constant that keeps sign, exponent and upper digits. */
  private static boolean dropsLowBits(Op.Binary binary, Map<Value, Op> definitions) {
    return switch (binary.operator()) {
      case SHR, USHR -> true;
      case AND ->
          isUpperMask(definitions.get(binary.left()))
              || isUpperMask(definitions.get(binary.right()));
      default -> false;
    };
  }

  private static boolean isUpperMask(@Nullable Op op) {
    if (!(op instanceof Op.Constant constant)) {
      return false;
    }
    return switch (constant.value()) {
      case Long mask -> isUpperMask(Long.numberOfLeadingZeros(~mask), mask, EXPONENT_AND_SIGN);
      case Integer mask ->
          isUpperMask(Integer.numberOfLeadingZeros(~mask), mask, FLOAT_EXPONENT_AND_SIGN);
      case null, default -> false;
    };
  }

  private static boolean isUpperMask(int ones, long mask, int needed) {
    long rest = ~mask;
    return ones >= needed && (rest & (rest + 1)) == 0; // ones above, zeros below
  }

  private static GradientException refusal(Op kept, Op.Call taken) {
    return new GradientException(
        "cannot differentiate "
            + kept.location()
            + ": it keeps the bits that "
            + taken.method().name()
            + " takes from a number that depends on the arguments at "
            + taken.location()
            + ", and bits have no derivative; keep the number itself (DoubleAdder and"
            + " AtomicReference are followed), or wrap it in Grad.stopGradient if its derivative is"
            + " zero");
  }

  private static GradientException refusal(Op.Call made, Op.Call taken) {
    return GradientException.ofCall(
        made.method().owner().displayName(),
        made.method().name(),
        made.location(),
        "it makes a number of the bits that "
            + taken.method().name()
            + " takes from one that depends on the arguments at "
            + taken.location()
            + ", and bits have no derivative; give the method around it a rule with Grad.rule, or"
            + " wrap the number in Grad.stopGradient if its derivative is zero");
  }
}
