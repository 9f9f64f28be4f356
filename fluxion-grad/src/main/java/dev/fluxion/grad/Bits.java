package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers made of the bits of active numbers. Whole numbers are constants, so the derivative is
 * lost on the way through them. That is right where low bits are only cleared, which is a step
 * function; anything else, as a new exponent, is refused.
 */
final class Bits {
  private static final int EXPONENT_AND_SIGN = 12;
  private static final int FLOAT_EXPONENT_AND_SIGN = 9;

  private Bits() {}

  static void refuse(Body body, Activity activity, Map<Value, Op> definitions) {
    Map<Value, List<Value>> incoming = null;
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Call call && isNumberOfBits(call.method())) {
          incoming = incoming == null ? incoming(body) : incoming;
          refuse(call, activity, definitions, incoming);
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

  private static void refuse(
      Op.Call call,
      Activity activity,
      Map<Value, Op> definitions,
      Map<Value, List<Value>> incoming) {
    Set<Value> seen = new HashSet<>();
    Deque<Value> left = new ArrayDeque<>(call.arguments());
    while (!left.isEmpty()) {
      Value value = left.pop();
      if (!seen.add(value)) {
        continue;
      }
      switch (definitions.get(value)) {
        case Op.Binary binary -> {
          if (!dropsLowBits(binary, definitions)) {
            left.addAll(binary.operands());
          }
        }
        case Op.Negate negate -> left.add(negate.operand());
        case Op.Convert convert -> {
          if (!convert.operand().kind().isFloating()) { // rounding gives a step function
            left.add(convert.operand());
          }
        }
        case Op.Call taken when isBits(taken.method()) && activity.anyVaried(taken.operands()) ->
            throw refusal(call, taken);
        case null -> left.addAll(incoming.getOrDefault(value, List.of()));
        default -> {}
      }
    }
  }

  /** The bits of a number, or what a method of the user makes of the number: perhaps its bits. */
  private static boolean isBits(MethodRef method) {
    String owner = method.owner().descriptorString();
    boolean isBox = owner.equals("Ljava/lang/Double;") || owner.equals("Ljava/lang/Float;");
    return isBox
        ? method.name().endsWith("Bits") || method.name().equals("floatToFloat16")
        : !owner.startsWith("Ljava/");
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

  private static Map<Value, List<Value>> incoming(Body body) {
    Map<Value, List<Value>> incoming = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Successor successor : block.successors()) {
        add(incoming, successor, 0);
      }
      for (Block.Handler handler : block.handlers()) {
        add(incoming, handler.target(), 1); // the exception comes first
      }
    }
    return incoming;
  }

  private static void add(Map<Value, List<Value>> incoming, Successor successor, int first) {
    for (int i = 0; i < successor.arguments().size(); i++) {
      incoming
          .computeIfAbsent(successor.block().parameters().get(first + i), _ -> new ArrayList<>())
          .add(successor.arguments().get(i));
    }
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
