package dev.fluxion.ir.pass;

import dev.fluxion.ir.Availability;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.ConstantDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Global value numbering: what has been computed already, on every path, is not computed again.
 *
 * <p>Two operations compute the same if they are alike and have the same operands. Pure operations
 * count, and those that may throw but depend on their operands only: where the first did not throw,
 * the second does not either. A load counts where nothing between the two can have changed what it
 * reads, which is known within a block and along edges to blocks that are entered from one only.
 * Since what follows the load of a volatile field may see what other threads have stored, only
 * fields that are known to be plain count, and the load of any other may change everything.
 *
 * <p>After Briggs, Cooper and Simpson, "Value Numbering" (Software: Practice and Experience, 1997),
 * section 4.
 */
public final class ValueNumbering {
  private final Predicate<FieldRef> isPlain;
  private final Rewriter rewriter;
  private final Body body;
  private final Dominators dominators;
  private final Availability availability;
  private final Map<Key, List<Value>> computed = new HashMap<>();
  private final Map<Value, Value> replacements = new HashMap<>();
  private final Map<Block, Memory> atEnd = new HashMap<>();
  private final Map<Value, Integer> order = new HashMap<>();
  private int versions;

  /** What an operation computes; equal keys, equal results. */
  private record Key(Object what, Object detail, List<Value> operands, Memory memory) {}

  /** Which state of the memory a load reads: elements of arrays and fields change separately. */
  private record Memory(int elements, int fields) {
    static final Memory NONE = new Memory(-1, -1);
  }

  private ValueNumbering(Body source, Predicate<FieldRef> isPlain) {
    this.isPlain = isPlain;
    this.rewriter = new Rewriter(source);
    this.body = rewriter.build();
    this.dominators = Dominators.of(body);
    this.availability = Availability.of(body);
  }

  /** The body without operations whose result is known; loads of fields stay. */
  public static Body apply(Body body) {
    return apply(body, _ -> false);
  }

  /**
   * The body without operations whose result is known.
   *
   * @param isPlain tells of instance fields that they are not volatile
   */
  public static Body apply(Body body, Predicate<FieldRef> isPlain) {
    ValueNumbering pass = new ValueNumbering(body, isPlain);
    for (Block block : pass.body.blocks()) { // a block after those that dominate it
      pass.number(block);
    }
    if (pass.replacements.isEmpty()) {
      return body;
    }
    pass.rewriter.replace(pass.replacements);
    Body result = pass.rewriter.build();
    assert Verifier.isValid(result);
    return result;
  }

  private void number(Block block) {
    Memory memory = atStart(block);
    Set<Value> here = new HashSet<>();
    List<Op> kept = new ArrayList<>();
    for (Op op : block.ops()) {
      Value result = op.result();
      Key key = result == null ? null : key(op, memory);
      Value known = key == null ? null : known(key, block, here);
      if (known != null && result != null) {
        replacements.put(result, known);
        continue;
      }
      kept.add(op);
      if (result != null && key != null) {
        computed.computeIfAbsent(key, _ -> new ArrayList<>()).add(result);
        here.add(result);
      }
      memory = after(op, memory);
    }
    atEnd.put(block, memory);
    List<Op> ops = rewriter.ops(block);
    if (kept.size() < ops.size()) {
      ops.clear();
      ops.addAll(kept);
    }
  }

  private @Nullable Value known(Key key, Block block, Set<Value> here) {
    for (Value value : computed.getOrDefault(key, List.of())) {
      if (here.contains(value) || availability.isAvailable(value, block)) {
        return value;
      }
    }
    return null;
  }

  private Memory fresh() {
    versions++;
    return new Memory(versions, versions);
  }

  /** The state that the only predecessor leaves, or one that nothing is known of. */
  private Memory atStart(Block block) {
    List<Block> predecessors = dominators.predecessors(block);
    if (predecessors.size() != 1 || isHandledBy(predecessors.get(0), block)) {
      return fresh();
    }
    Memory left = atEnd.get(predecessors.get(0));
    return left == null ? fresh() : left;
  }

  private static boolean isHandledBy(Block block, Block handler) {
    return block.handlers().stream().anyMatch(one -> one.target().block() == handler);
  }

  private Memory after(Op op, Memory before) {
    return switch (op) {
      case Op.StoreElement _ -> new Memory(++versions, before.fields());
      case Op.StoreField store when !store.field().isStatic() ->
          new Memory(before.elements(), ++versions);
      // a static field's class may be initialised there
      case Op.StoreField _, Op.Call _, Op.New _, Op.InvokeDynamic _, Op.Apply _, Op.Monitor _ ->
          fresh();
      case Op.LoadField load when !isKnown(load) -> fresh();
      default -> before;
    };
  }

  private boolean isKnown(Op.LoadField load) {
    return !load.field().isStatic() && isPlain.test(load.field());
  }

  private @Nullable Key key(Op op, Memory memory) {
    List<Value> operands = new ArrayList<>();
    for (Value operand : op.operands()) {
      operands.add(replacements.getOrDefault(operand, operand));
    }
    if (isCommutative(op)) {
      operands.sort(Comparator.comparingInt(value -> position(value)));
    }
    Object type = op.result() == null ? "" : op.result().type();
    return switch (op) {
      case Op.Constant constant -> new Key(bits(constant.value()), type, operands, Memory.NONE);
      case Op.Negate _ -> new Key(Op.Negate.class, type, operands, Memory.NONE);
      case Op.Binary binary -> new Key(binary.operator(), type, operands, Memory.NONE);
      case Op.Compare compare -> new Key(compare.comparison(), type, operands, Memory.NONE);
      case Op.ThreeWay compare ->
          new Key(Op.ThreeWay.class, compare.ifUnordered(), operands, Memory.NONE);
      case Op.Convert _ -> new Key(Op.Convert.class, type, operands, Memory.NONE);
      case Op.Cast _ -> new Key(Op.Cast.class, type, operands, Memory.NONE);
      case Op.InstanceOf test -> new Key(Op.InstanceOf.class, test.target(), operands, Memory.NONE);
      case Op.ArrayLength _ -> new Key(Op.ArrayLength.class, type, operands, Memory.NONE);
      case Op.LoadElement _ ->
          new Key(Op.LoadElement.class, type, operands, new Memory(memory.elements(), 0));
      case Op.LoadField load when isKnown(load) ->
          new Key(Op.LoadField.class, load.field(), operands, new Memory(0, memory.fields()));
      default -> null;
    };
  }

  private int position(Value value) {
    order.putIfAbsent(value, order.size());
    return order.get(value);
  }

  private static boolean isCommutative(Op op) {
    return switch (op) {
      case Op.Binary binary ->
          switch (binary.operator()) {
            case ADD, MUL, AND, OR, XOR -> true;
            case SUB, DIV, REM, SHL, SHR, USHR -> false;
          };
      case Op.Compare compare ->
          compare.comparison() == Comparison.EQ || compare.comparison() == Comparison.NE;
      default -> false;
    };
  }

  /** Floating-point numbers are the same if their bits are, live objects if they are identical. */
  private static Object bits(@Nullable Object constant) {
    return switch (constant) {
      case null -> Op.Constant.class;
      case Float number -> List.of(Float.class, Float.floatToRawIntBits(number));
      case Double number -> List.of(Double.class, Double.doubleToRawLongBits(number));
      case ConstantDesc description -> description;
      default -> new Live(constant);
    };
  }

  private static final class Live {
    private final Object object;

    Live(Object object) {
      this.object = object;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Live live && live.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }
}
