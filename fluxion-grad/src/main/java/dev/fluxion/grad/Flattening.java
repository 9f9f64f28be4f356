package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Inline;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts all that a function of numbers calls in the place of the calls, and checks that what is left
 * is a function in the sense of mathematics: it gives the same number whenever it is run, and does
 * nothing else.
 */
final class Flattening {
  private static final int MOST_OPS = 4000;
  private static final int MOST_ROUNDS = 16;
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();

  private final Function function;
  private final Types types;
  private final Map<Value, Boolean> scales = new HashMap<>();

  private Flattening(Function function) {
    this.function = function;
    this.types = Types.of(function.host());
  }

  /** The body without calls but those of primitives, or null when it cannot be had. */
  static @Nullable Body of(Function function) {
    try {
      return new Flattening(function).body();
    } catch (GradientException _) { // something that is not to be differentiated anyway
      return null;
    }
  }

  private @Nullable Body body() {
    Body body = simplified(function.body());
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Body inlined = Inline.apply(body, this::callee);
      if (inlined == body) {
        return isFunction(body) ? withoutUnused(body) : null;
      }
      body = simplified(inlined);
      if (size(body) > MOST_OPS) {
        return null;
      }
    }
    return null;
  }

  private Body simplified(Body body) {
    return Simplify.simplify(Simplify.simplify(body).transform(this::simplify));
  }

  /** Without calls whose result nothing reads: primitives do nothing else. */
  private static Body withoutUnused(Body body) {
    return Unused.remove(body, op -> op instanceof Op.Call, Simplify::simplify);
  }

  private static int size(Body body) {
    return body.blocks().stream().mapToInt(block -> block.ops().size() + 1).sum();
  }

  private @Nullable Body callee(Op op) {
    if (!(op instanceof Op.Call) && !(op instanceof Op.Apply)) {
      return null;
    }
    if (op instanceof Op.Call call && Preparation.isTraining(call.method())) {
      return null; // the answer depends on who asks
    }
    if (!(Calls.target(op, types) instanceof Target.Direct direct)
        || direct.function() == function
        || Handwritten.of(direct.function()) != null) {
      return null;
    }
    Body body = simplified(direct.function().body());
    boolean isNear = direct.function().host().getNestHost() == function.host().getNestHost();
    return hasNoHandlers(body) && (isNear || usesNoMembers(body)) ? body : null;
  }

  private static boolean hasNoHandlers(Body body) {
    return body.blocks().stream().allMatch(block -> block.handlers().isEmpty());
  }

  /** Whether code can stand in any class: which methods it may call is asked in the end. */
  private static boolean usesNoMembers(Body body) {
    return body.blocks().stream()
        .flatMap(block -> block.ops().stream())
        .noneMatch(op -> op instanceof Op.LoadField || op instanceof Op.StoreField);
  }

  // ---------------------------------------------------------------- simplifications

  /** static final C → its value; product(c, x) → c * x, where c is neither zero nor infinite. */
  private void simplify(Body.Copy copy, Op op) {
    copy.block().at(op.location());
    if (op instanceof Op.LoadField load && load.receiver() == null) {
      Object value = constant(load.field(), load.location());
      if (value != null) {
        copy.map(load.result(), copy.block().constant(load.result().type(), value));
        return;
      }
    }
    if (op instanceof Op.Constant constant) {
      copy.keep(op);
      scales.put(copy.get(constant.result()), isScale(constant.value()));
      return;
    }
    if (op instanceof Op.Call call && call.result() != null && isPlain(call)) {
      boolean isProduct = call.method().name().equals("product");
      Value result =
          copy.block()
              .arithmetic(
                  isProduct ? Arithmetic.MUL : Arithmetic.DIV,
                  call.arguments().get(0),
                  call.arguments().get(1));
      copy.map(call.result(), result);
      return;
    }
    copy.keep(op);
  }

  private static boolean isScale(@Nullable Object constant) {
    return constant instanceof Number number
        && number.doubleValue() != 0
        && Double.isFinite(number.doubleValue());
  }

  /** Whether no zero meets what is not finite in a product or quotient of adjoints. */
  private boolean isPlain(Op.Call call) {
    String name = call.method().name();
    return call.method().owner().equals(ADJOINTS)
        && (name.equals("product") || name.equals("quotient"))
        && call.arguments().stream().anyMatch(value -> scales.getOrDefault(value, false));
  }

  /** The value of a number in a static final field, or null. */
  private @Nullable Object constant(FieldRef field, Location location) {
    try {
      Class<?> owner = types.resolve(field.owner(), location);
      DeclaredField found = DeclaredField.of(owner, field.name());
      if (found == null || !found.isStatic() || !found.isFinal() || !found.type().isPrimitive()) {
        return null;
      }
      Object value = found.getter(Types.privateLookup(owner)).invoke();
      return switch (value) {
        case Boolean is -> is ? 1 : 0;
        case Character c -> (int) c;
        case Byte b -> (int) b;
        case Short s -> (int) s;
        case null -> null;
        default -> value;
      };
    } catch (Throwable _) { // not there, or out of reach: its load stays
      return null;
    }
  }

  // ---------------------------------------------------------------- what is left

  private boolean isFunction(Body body) {
    Set<Value> own = new HashSet<>();
    for (Block block : body.blocks()) {
      if (!block.handlers().isEmpty() || block.terminator() instanceof Terminator.Throw) {
        return false;
      }
      for (Op op : block.ops()) {
        if (op instanceof Op.NewArray array) {
          own.add(array.result());
        }
        if (!isPure(op, own)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isPure(Op op, Set<Value> own) {
    return switch (op) {
      case Op.Constant _,
          Op.Negate _,
          Op.Binary _,
          Op.Compare _,
          Op.ThreeWay _,
          Op.Convert _,
          Op.Cast _,
          Op.InstanceOf _,
          Op.NewArray _,
          Op.ArrayLength _,
          Op.LoadElement _ ->
          true;
      case Op.StoreElement store -> own.contains(store.array());
      case Op.LoadField load -> load.receiver() != null;
      case Op.Call call -> isPrimitive(call) || isAccessor(call);
      default -> false;
    };
  }

  /** A primitive is pure by contract; the platform's random numbers are none. */
  private boolean isPrimitive(Op.Call call) {
    MethodRef method = call.method();
    return Calls.target(call, types) instanceof Target.Ruled
        && !method.name().equals("random")
        && !method.owner().equals(CD_MethodHandle);
  }

  /** A method of another class that reads something; it is called but once, or not at all. */
  private boolean isAccessor(Op.Call call) {
    return Calls.target(call, types) instanceof Target.Direct direct
        && Handwritten.of(direct.function()) == null
        && !direct.function().host().equals(function.host())
        && Flattening.of(direct.function()) != null;
  }
}
