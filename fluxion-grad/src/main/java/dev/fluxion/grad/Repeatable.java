package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether code can be run once more without doing more, and gives the same: it changes only what it
 * makes itself. A record's constructor is run again for its shadow's sake.
 */
final class Repeatable {
  private static final Set<String> PURE =
      Set.of(
          "Boolean",
          "Byte",
          "Character",
          "Double",
          "Enum",
          "Float",
          "Integer",
          "Long",
          "Math",
          "Number",
          "Objects",
          "Optional",
          "OptionalDouble",
          "OptionalInt",
          "Short",
          "StrictMath",
          "String");

  /** Methods of the platform that only look, or make something new. */
  private static final Set<String> LOOKING =
      Set.of(
          "asList",
          "charAt",
          "clone",
          "compare",
          "compareTo",
          "contains",
          "containsAll",
          "containsKey",
          "copyOf",
          "copyOfRange",
          "deepEquals",
          "deepHashCode",
          "emptyList",
          "emptyMap",
          "entrySet",
          "equals",
          "get",
          "getClass",
          "getFirst",
          "getLast",
          "getMessage",
          "getOrDefault",
          "hashCode",
          "isEmpty",
          "iterator",
          "keySet",
          "length",
          "name",
          "of",
          "ordinal",
          "size",
          "stream",
          "toArray",
          "toList",
          "toString",
          "unmodifiableList",
          "unmodifiableMap",
          "values");

  private final Set<Function> visited = new HashSet<>();

  private Repeatable() {}

  /** Refuses a constructor that must run again and cannot. */
  static void check(Function constructor) {
    Op once = new Repeatable().once(constructor);
    if (once != null) {
      throw new GradientException(
          "cannot differentiate the constructor "
              + constructor.name().replace("." + INIT_NAME, "")
              + ": it is run again for the derivatives' sake, and what it does at "
              + once.location()
              + " would be done twice; do that in a method that calls the constructor");
    }
  }

  /** Whether an operation of a constructor can be left out when it is run again. */
  static boolean isAside(Op op, Set<Value> used, Types types) {
    return switch (op) {
      case Op.StoreField store -> store.receiver() == null;
      case Op.Call call ->
          (call.result() == null || !used.contains(call.result()))
              && !call.method().name().equals(INIT_NAME)
              && call.arguments().stream().noneMatch(value -> types.isShadowed(value.type()));
      default -> false;
    };
  }

  /** The first operation that must not be repeated, or null. */
  private @Nullable Op once(Function function) {
    if (!visited.add(function)) {
      return null;
    }
    Body body = function.body();
    Types types = Types.of(function.host());
    Set<Value> fresh = new HashSet<>();
    if (Constructors.isConstructor(function)) {
      fresh.add(body.parameters().get(0));
    }
    if (Guarded.isGuarded(function)) {
      fresh.add(body.parameters().getLast());
    }
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (!isRepeatable(op, fresh, types)) {
          return op;
        }
        Value result = op.result();
        if (result != null && makes(op, fresh)) {
          fresh.add(result);
        }
      }
    }
    return null;
  }

  private static boolean makes(Op op, Set<Value> fresh) {
    return switch (op) {
      case Op.New _, Op.NewArray _, Op.Lambda _ -> true;
      case Op.Cast cast -> fresh.contains(cast.operand());
      case Op.Call call ->
          switch (call.method().name()) {
            case "clone", "copyOf", "copyOfRange", "iterator", "stream", "toArray" -> true;
            case "append" -> fresh.contains(call.arguments().get(0));
            default -> false;
          };
      default -> false;
    };
  }

  private boolean isRepeatable(Op op, Set<Value> fresh, Types types) {
    return switch (op) {
      case Op.StoreField store -> store.receiver() != null && fresh.contains(store.receiver());
      case Op.StoreElement store -> fresh.contains(store.array());
      case Op.InvokeDynamic dynamic ->
          dynamic.site().bootstrapMethod() instanceof DirectMethodHandleDesc bootstrap
              && bootstrap.owner().packageName().startsWith("java.lang."); // text, switches
      case Op.New created -> {
        Class<?> type = types.resolve(created.result().type(), op.location());
        yield Carriers.isPlatform(type)
            ? isPlain(type)
            : once(Constructors.of(new Declared(type, INIT_NAME, created.constructor().type())))
                == null;
      }
      case Op.Call call when call.method().name().equals(INIT_NAME) -> true; // of the superclass
      case Op.Call _, Op.Apply _ -> isRepeatableCall(op, fresh, types);
      default -> true;
    };
  }

  private boolean isRepeatableCall(Op op, Set<Value> fresh, Types types) {
    return switch (Calls.target(op, types)) {
      case Target.Ruled _, Target.Boxing _ -> true;
      case Target.Direct direct -> {
        Foreign foreign = Foreign.of(direct.function());
        yield foreign == null
            ? once(direct.function()) == null
            : isLooking(foreign.method(), op.operands(), fresh);
      }
      case Target.Dispatched dispatched -> isLooking(dispatched.method(), op.operands(), fresh);
      case Target.Opaque _ when op instanceof Op.Call call ->
          isLooking(call.method(), op.operands(), fresh);
      case null, default -> false;
    };
  }

  /** Whether a method of the platform changes nothing but what is new. */
  private static boolean isLooking(MethodRef method, List<Value> arguments, Set<Value> fresh) {
    String owner = method.owner().isArray() ? "" : method.owner().packageName();
    boolean isPlatform = method.owner().isArray() || owner.startsWith("java.");
    return isPlatform
        && ((PURE.contains(method.owner().displayName())
                && (owner.equals("java.lang") || owner.equals("java.util")))
            || LOOKING.contains(method.name())
            || (!arguments.isEmpty() && fresh.contains(arguments.get(0))));
  }

  /** Whether a new object of the platform is the same each time. */
  private static boolean isPlain(Class<?> type) {
    String name = type.getName();
    boolean isContainer = name.startsWith("java.util.") && !name.contains("Random");
    return isContainer
        || Throwable.class.isAssignableFrom(type)
        || type == Object.class
        || name.startsWith("java.lang.String");
  }
}
