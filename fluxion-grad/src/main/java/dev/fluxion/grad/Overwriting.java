package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What may write to an array after an element was loaded: where nothing does, the reverse sweep
 * loads the element again. The arrays that are a body's own only that body writes to; others may be
 * written to by whatever runs between the two halves of a derivative, unless these are undisturbed.
 */
final class Overwriting {
  /** Larger bodies are not looked through for each load. */
  private static final int MAX_BLOCKS = 1000;

  /** How deep calls are looked into. */
  private static final int MAX_CALLS = 4;

  private static final Set<String> MATH =
      Set.of("Ljava/lang/Math;", "Ljava/lang/StrictMath;", Kept.ADJOINTS.descriptorString());

  private static final ClassValue<RuleCache<Function, Boolean>> WRITERS =
      new ClassValue<>() {
        @Override
        protected RuleCache<Function, Boolean> computeValue(Class<?> type) {
          return new RuleCache<>();
        }
      };

  /**
   * An operation that may write to arrays.
   *
   * @param index where in its block it is
   * @param origin the array of the body's own to which alone it writes, else null
   */
  record Write(Op op, int index, Op.@Nullable NewArray origin) {}

  /** Where an operation is. */
  record Place(Block block, int index) {}

  private final OwnArrays own;
  private final Types types;
  private final boolean isUndisturbed;
  private final boolean isLarge;
  private final int calls;
  private final Map<Op, Place> places = new IdentityHashMap<>();
  private final Map<Block, List<Write>> writes = new HashMap<>();
  private final Map<Block, Set<Block>> reachable = new HashMap<>();

  private Overwriting(Body body, boolean isUndisturbed, Types types, int calls) {
    this.own = OwnArrays.of(body);
    this.types = types;
    this.isUndisturbed = isUndisturbed;
    this.isLarge = body.blocks().size() > MAX_BLOCKS;
    this.calls = calls;
    for (Block block : body.blocks()) {
      for (int i = 0; i < block.ops().size(); i++) {
        places.put(block.ops().get(i), new Place(block, i));
      }
    }
  }

  /**
   * What a body may write.
   *
   * @param isUndisturbed whether nothing writes to arrays between the halves of its derivative
   */
  static Overwriting of(Body body, boolean isUndisturbed, Types types) {
    return new Overwriting(body, isUndisturbed, types, 0);
  }

  OwnArrays own() {
    return own;
  }

  Place place(Op op) {
    return places.get(op);
  }

  /** Whether an element is the same still when the reverse sweep comes. */
  boolean lasts(Op.LoadElement load) {
    Op.NewArray origin = own.origin(load.array());
    if (origin != null) { // what is written once it is made again is another array
      return !isFollowed(load, write -> write.origin == origin, places.get(origin).block);
    }
    return isUndisturbed && !isFollowed(load, write -> mayMean(write, load), null);
  }

  /** Whether nothing writes to arrays between the halves of the derivative of a call's callee. */
  boolean isUndisturbed(Op call) {
    return isUndisturbed && !isFollowed(call, write -> write.origin == null, null);
  }

  /**
   * Whether one of some writes may come after an operation.
   *
   * @param barrier a block from which on other arrays are meant, or null
   */
  boolean isFollowed(Op op, Predicate<Write> isMeant, @Nullable Block barrier) {
    if (isLarge) {
      return true;
    }
    Place place = places.get(op);
    for (Write write : writes(place.block)) {
      if (write.index > place.index && isMeant.test(write)) {
        return true;
      }
    }
    for (Block block : reachable(place.block, barrier)) {
      if (writes(block).stream().anyMatch(isMeant)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayMean(Write write, Op.LoadElement load) {
    if (write.origin != null) {
      return false;
    }
    ClassDesc read = load.array().type().componentType();
    ClassDesc written =
        write.op instanceof Op.StoreElement store ? store.array().type().componentType() : null;
    return read == null
        || written == null
        || read.equals(written)
        || !(read.isPrimitive() || written.isPrimitive());
  }

  private Set<Block> reachable(Block from, @Nullable Block barrier) {
    return barrier == null
        ? reachable.computeIfAbsent(from, at -> search(at, null))
        : search(from, barrier);
  }

  private static Set<Block> search(Block from, @Nullable Block barrier) {
    Set<Block> seen = new HashSet<>();
    Deque<Block> work = new ArrayDeque<>(following(from));
    while (!work.isEmpty()) {
      Block at = work.pop();
      if (at != barrier && seen.add(at)) {
        work.addAll(following(at));
      }
    }
    return seen;
  }

  private static List<Block> following(Block block) {
    List<Block> next = new ArrayList<>();
    block.successors().forEach(successor -> next.add(successor.block()));
    block.handlers().forEach(handler -> next.add(handler.target().block()));
    return next;
  }

  // ---------------------------------------------------------------- writes

  private List<Write> writes(Block block) {
    return writes.computeIfAbsent(block, this::findWrites);
  }

  private List<Write> findWrites(Block block) {
    List<Write> found = new ArrayList<>();
    for (int i = 0; i < block.ops().size(); i++) {
      Op op = block.ops().get(i);
      if (mayWrite(op)) {
        Value array = op instanceof Op.StoreElement store ? store.array() : null;
        found.add(new Write(op, i, array == null ? null : own.origin(array)));
      }
    }
    return found;
  }

  private boolean mayWrite(Op op) {
    return switch (op) {
      case Op.StoreElement _, Op.New _, Op.InvokeDynamic _, Op.Monitor _ -> true;
      case Op.Call _, Op.Apply _ ->
          switch (Calls.target(op, types)) {
            case Target.Boxing _ -> false;
            case Target.Ruled _ ->
                !(op instanceof Op.Call call
                    && (Marks.isMark(op)
                        || MATH.contains(call.method().owner().descriptorString())));
            case Target.Direct direct -> calls >= MAX_CALLS || writes(direct.function());
            case null, default -> true;
          };
      default -> false;
    };
  }

  /** Whether a function may write to arrays that it has not made. */
  private boolean writes(Function function) {
    if (Derivations.isOfPlatform(function) || Handwritten.of(function) != null) {
      return true;
    }
    RuleCache<Function, Boolean> known = WRITERS.get(function.host());
    return known.get(function, () -> findWrites(function, calls + 1));
  }

  private static boolean findWrites(Function function, int calls) {
    try {
      Body body = Preparation.prepared(function);
      Overwriting inner = new Overwriting(body, true, Types.of(function.host()), calls);
      for (Block block : body.blocks()) {
        if (inner.writes(block).stream().anyMatch(write -> write.origin == null)) {
          return true;
        }
      }
      return false;
    } catch (GradientException e) {
      return true; // what cannot be looked into may do anything
    }
  }
}
