package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces objects that do not escape by the values of their fields: their constructors are
 * inlined, what is stored in a field is a variable, and a parameter of a block that holds such an
 * object becomes one for each field that is read.
 *
 * <p>So a record that a loop hands on from iteration to iteration is never made. What is passed to
 * a call, returned, stored elsewhere or compared with another object of the kind stays an object;
 * so does what is made in a {@code try} statement. The order of all that can be noticed is kept.
 */
public final class ScalarReplacement {
  /** What is stored in an object that has been replaced may be replaced then. */
  private static final int MAX_ROUNDS = 4;

  private final Body body;
  private final Map<Value, Value> groups;
  private final SsaBuilder ssa;
  private final Map<Block, BlockBuilder> copies;
  private final Map<Value, Value> names = new HashMap<>(); // other names of an object
  private final Map<Value, Set<FieldRef>> read = new HashMap<>(); // by group
  private final Map<Value, Map<FieldRef, Variable>> variables = new HashMap<>();
  private final Map<Value, Map<FieldRef, Value>> parts = new HashMap<>();
  private final Map<Value, Value> replaced = new HashMap<>();

  private ScalarReplacement(Body body, Map<Value, Value> groups) {
    this.body = body;
    this.groups = groups;
    this.ssa = new SsaBuilder(new Body.Builder(body.name(), body.type(), body.parameters()));
    this.copies = ssa.mirror(body, Dominators.of(body));
  }

  /**
   * The body without objects that do not escape.
   *
   * @param constructors gives the code of a constructor, its parameters the object and the
   *     arguments, or null; it must not give that of a class whose initialisation can be noticed,
   *     for nothing initialises the class any more
   */
  public static Body apply(Body body, Function<MethodRef, @Nullable Body> constructors) {
    Body now = body;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Map<Value, Value> groups = Escape.contained(now, constructors);
      if (groups.isEmpty()) {
        break;
      }
      Body expanded = expand(now, groups, constructors);
      now = DeadCode.remove(new ScalarReplacement(expanded, groups).run());
    }
    assert now == body || Verifier.isValid(now);
    return now;
  }

  /** o = new C(x) → o = allocate C; what C's constructor does to o. */
  private static Body expand(
      Body body, Map<Value, Value> groups, Function<MethodRef, @Nullable Body> constructors) {
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      List<Op> ops = rewriter.ops(block);
      for (int i = 0; i < ops.size(); i++) {
        if (ops.get(i) instanceof Op.New created
            && groups.containsKey(created.result())
            && !created.constructor().isAllocation()) {
          List<Value> arguments = new ArrayList<>(created.arguments());
          arguments.addFirst(created.result());
          Location at = created.location();
          MethodRef allocation = MethodRef.ofAllocation(created.result().type());
          ops.set(i, new Op.New(created.result(), allocation, List.of(), at));
          ops.add(i + 1, new Op.Call(null, created.constructor(), List.copyOf(arguments), at));
        }
      }
    }
    Body now = rewriter.build();
    Body before;
    do { // a constructor may call another
      before = now;
      Set<Value> objects = selves(now, groups);
      now =
          Inline.apply(
              now,
              op ->
                  op instanceof Op.Call call
                          && Escape.constructed(call) instanceof Value object
                          && objects.contains(object)
                          && !Escape.isRoot(call.method().owner())
                      ? constructors.apply(call.method())
                      : null);
    } while (now != before);
    return now;
  }

  /** The objects, and the parameters that inlined constructors have for them. */
  private static Set<Value> selves(Body body, Map<Value, Value> groups) {
    Set<Value> selves = new LinkedHashSet<>(groups.keySet());
    otherNames(body, groups).keySet().forEach(selves::add);
    return selves;
  }

  /** Parameters that one edge leads to, with an object: those of inlined constructors. */
  private static Map<Value, Value> otherNames(Body body, Map<Value, Value> groups) {
    Map<Block, List<Successor>> edges = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Successor edge : block.successors()) {
        edges.computeIfAbsent(edge.block(), _ -> new ArrayList<>()).add(edge);
      }
    }
    Map<Value, Value> names = new HashMap<>();
    for (Block block : body.blocks()) {
      List<Successor> entering = edges.getOrDefault(block, List.of());
      for (int i = 0; entering.size() == 1 && i < entering.get(0).arguments().size(); i++) {
        Value argument = entering.get(0).arguments().get(i);
        Value parameter = block.parameters().get(i);
        if (!groups.containsKey(parameter)
            && (groups.containsKey(argument) || names.containsKey(argument))) {
          names.put(parameter, names.getOrDefault(argument, argument));
        }
      }
    }
    return names;
  }

  // ---------------------------------------------------------------- replacement

  private Body run() {
    names.putAll(otherNames(body, groups));
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Cast cast && object(cast.operand()) instanceof Value object) {
          names.put(cast.result(), object);
        } else if (op instanceof Op.LoadField load
            && load.receiver() != null
            && object(load.receiver()) instanceof Value object) {
          read.computeIfAbsent(group(object), _ -> new LinkedHashSet<>()).add(load.field());
        }
      }
    }
    for (Block block : body.blocks()) {
      for (Value parameter : block.parameters()) {
        if (groups.containsKey(parameter)) {
          Map<FieldRef, Value> fields = new LinkedHashMap<>();
          for (FieldRef field : read.getOrDefault(group(parameter), Set.of())) {
            Value part = copies.get(block).parameter(field.type());
            fields.put(field, part.named(name(parameter, field)));
          }
          parts.put(parameter, fields);
        }
      }
    }
    body.blocks().forEach(this::copy);
    return ssa.build();
  }

  /** The object, or the parameter that holds it, that a value is; null of any other value. */
  private @Nullable Value object(Value value) {
    Value object = names.getOrDefault(value, value);
    return groups.containsKey(object) ? object : null;
  }

  private Value group(Value object) {
    return groups.getOrDefault(object, object);
  }

  private static String name(Value object, FieldRef field) {
    return object.name() == null ? field.name() : object.name() + "." + field.name();
  }

  private void copy(Block block) {
    BlockBuilder copy = copies.get(block);
    for (Op old : block.ops()) {
      Op op = old.with(old.result(), map(old.operands()));
      copy.at(op.location());
      if (!isReplaced(op, copy)) {
        copy.add(op);
      }
    }
    copy.at(block.terminator().location());
    for (Block.Handler handler : block.handlers()) {
      copy.handler(new Block.Handler(handler.type(), moved(handler.target(), 1, copy)));
    }
    List<Successor> successors = new ArrayList<>();
    for (Successor successor : block.successors()) {
      successors.add(moved(successor, 0, copy));
    }
    copy.end(block.terminator().with(map(block.terminator().operands()), successors));
  }

  private boolean isReplaced(Op op, BlockBuilder copy) {
    return switch (op) {
      case Op.New created when groups.containsKey(created.result()) -> {
        for (FieldRef field : read.getOrDefault(group(created.result()), Set.of())) {
          Value zero = copy.constant(field.type(), SsaBuilder.zero(field.type()));
          ssa.write(variable(created.result(), field), copy, zero);
        }
        copy.add(new Op.Constant(created.result(), null, op.location())); // which edges still pass
        yield true;
      }
      case Op.LoadField load
          when load.receiver() != null && object(load.receiver()) instanceof Value object -> {
        replaced.put(load.result(), part(object, load.field(), copy));
        yield true;
      }
      case Op.StoreField store
          when store.receiver() != null && object(store.receiver()) instanceof Value object -> {
        ssa.write(variable(object, store.field()), copy, stored(store, copy));
        yield true;
      }
      case Op.Cast cast when object(cast.operand()) instanceof Value object -> {
        replaced.put(cast.result(), object);
        yield true;
      }
      case Op.InstanceOf test when object(test.operand()) != null -> {
        copy.add(new Op.Constant(test.result(), 1, op.location()));
        yield true;
      }
      case Op.Compare compare
          when object(compare.left()) != null || object(compare.right()) != null -> {
        boolean isSame = object(compare.left()) == object(compare.right());
        int result = isSame == (compare.comparison() == Comparison.EQ) ? 1 : 0;
        copy.add(new Op.Constant(compare.result(), result, op.location()));
        yield true;
      }
      case Op.Monitor monitor -> object(monitor.object()) != null;
      case Op.Call call -> {
        boolean isConstructed =
            Escape.constructed(call) instanceof Value constructed && object(constructed) != null;
        if (isConstructed && !Escape.isRoot(call.method().owner())) {
          throw new IllegalStateException("a constructor was not inlined");
        }
        yield isConstructed;
      }
      default -> false;
    };
  }

  private Variable variable(Value object, FieldRef field) {
    return variables
        .computeIfAbsent(object, _ -> new HashMap<>())
        .computeIfAbsent(field, _ -> new Variable(field.type(), name(object, field)));
  }

  private Value part(Value object, FieldRef field, BlockBuilder at) {
    Map<FieldRef, Value> known = parts.get(object);
    return known != null ? known.get(field) : ssa.read(variable(object, field), at);
  }

  /** What a field holds after a store: small numbers are cut to its type, as the JVM does. */
  private static Value stored(Op.StoreField store, BlockBuilder copy) {
    ClassDesc type = store.field().type();
    Value value = store.value();
    return switch (type.descriptorString()) {
      case "B", "S", "C" -> value.type().equals(type) ? value : copy.convert(value, type);
      default ->
          value.type().equals(CD_Object) && !type.equals(CD_Object)
              ? copy.cast(value, type) // what the class file says of the value is less than this
              : value;
    };
  }

  private Successor moved(Successor edge, int skipped, BlockBuilder copy) {
    List<Value> arguments = map(edge.arguments());
    for (Value parameter : edge.block().parameters()) {
      Map<FieldRef, Value> fields = parts.get(parameter);
      if (fields != null) {
        int index = edge.block().parameters().indexOf(parameter) - skipped;
        Value object = object(edge.arguments().get(index));
        for (FieldRef field : fields.keySet()) {
          arguments.add(part(requireNonNull(object), field, copy));
        }
      }
    }
    return new Successor(copies.get(edge.block()).block(), List.copyOf(arguments));
  }

  private List<Value> map(List<Value> values) {
    List<Value> result = new ArrayList<>(values.size());
    for (Value value : values) {
      result.add(replaced.getOrDefault(value, value));
    }
    return result;
  }
}
