package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects that nothing sees but the loads and stores of their fields.
 *
 * <p>Values that may be one object belong together: what an edge passes and the parameter that
 * takes it, what is cast and the result. Such a group does not escape if all objects in it are new
 * ones of one class, and no operation reads them but for their fields. After Choi, Gupta, Serrano,
 * Sreedhar and Midkiff, "Escape Analysis for Java" (OOPSLA 1999), for one method, where what is
 * passed to another escapes.
 */
final class Escape {
  private static final ClassDesc RECORD = ClassDesc.of("java.lang.Record");

  /** An object with more fields stays one. */
  private static final int MOST_FIELDS = 16;

  private final Body body;
  private final Function<MethodRef, @Nullable Body> constructors;
  private final Map<Value, Value> parents = new HashMap<>();
  private final Map<Value, Op> definitions;
  private final Map<Value, MethodRef> made =
      new LinkedHashMap<>(); // by constructors that are known
  private final Set<Value> parameters = new HashSet<>();
  private final Set<Value> escaping = new HashSet<>();
  private final Map<Value, Set<ClassDesc>> required = new HashMap<>(); // by root
  private final Map<MethodRef, Boolean> contained = new HashMap<>();

  private Escape(Body body, Function<MethodRef, @Nullable Body> constructors) {
    this.body = body;
    this.constructors = constructors;
    this.definitions = body.definitions();
  }

  /**
   * The new objects that do not escape, and the parameters that hold them, each with one value that
   * stands for its group.
   */
  static Map<Value, Value> contained(Body body, Function<MethodRef, @Nullable Body> constructors) {
    Escape analysis = new Escape(body, constructors);
    analysis.findObjects();
    return analysis.made.isEmpty() ? Map.of() : analysis.run();
  }

  private void findObjects() {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (!block.handlers().isEmpty()) {
          continue; // calls in such a block are not inlined
        }
        Op.New allocated = op instanceof Op.Call call ? allocation(call) : null;
        if (op instanceof Op.New created && isContained(created.constructor())) {
          made.put(created.result(), created.constructor());
        } else if (op instanceof Op.Call call
            && allocated != null
            && call.method().owner().equals(allocated.result().type())
            && isContained(call.method())
            && made.put(allocated.result(), call.method()) != null) {
          escape(allocated.result()); // constructed twice
        }
      }
    }
  }

  /** The allocation of the object that a call of a constructor finishes, or null. */
  private Op.@Nullable New allocation(Op.Call call) {
    Value object = constructed(call);
    return object != null
            && definitions.get(object) instanceof Op.New created
            && created.constructor().isAllocation()
        ? created
        : null;
  }

  /** The object that a call of a constructor finishes, or null. */
  static @Nullable Value constructed(Op op) {
    return op instanceof Op.Call call && call.method().name().equals(INIT_NAME)
        ? call.arguments().get(0)
        : null;
  }

  /** Whether a constructor is known, and does nothing with the object but to set its fields. */
  private boolean isContained(MethodRef constructor) {
    Boolean known = contained.get(constructor);
    if (known == null) {
      contained.put(constructor, false); // should it call itself
      Body code = constructor.name().equals(INIT_NAME) ? constructors.apply(constructor) : null;
      known = code != null && isContained(code, constructor.owner());
      contained.put(constructor, known);
    }
    return known;
  }

  private boolean isContained(Body code, ClassDesc type) {
    Value self = code.parameters().get(0);
    Set<FieldRef> fields = new HashSet<>();
    for (Block block : code.blocks()) {
      boolean isProtected = !block.handlers().isEmpty();
      for (Op op : block.ops()) {
        boolean isUsedOnce = op.operands().indexOf(self) == op.operands().lastIndexOf(self);
        boolean fits =
            switch (op) {
              case Op.LoadField load when load.receiver() == self -> isOf(load.field(), type);
              case Op.StoreField store when store.receiver() == self ->
                  isOf(store.field(), type)
                      && !isProtected
                      && isUsedOnce
                      && (fields.add(store.field()) || fields.size() <= MOST_FIELDS);
              case Op.Call call when constructed(call) == self ->
                  isUsedOnce
                      && (isRoot(call.method().owner())
                          || (!isProtected && isContained(call.method())));
              default -> !op.operands().contains(self);
            };
        if (!fits) {
          return false;
        }
      }
      if (passes(block, self)) {
        return false;
      }
    }
    return true;
  }

  private static boolean passes(Block block, Value value) {
    return block.terminator().operands().contains(value)
        || block.successors().stream().anyMatch(edge -> edge.arguments().contains(value))
        || block.handlers().stream()
            .anyMatch(handler -> handler.target().arguments().contains(value));
  }

  private static boolean isOf(FieldRef field, ClassDesc type) {
    return field.owner().equals(type); // one that is inherited has other names, too
  }

  /** Whether a class's constructor does nothing. */
  static boolean isRoot(ClassDesc owner) {
    return owner.equals(CD_Object) || owner.equals(RECORD);
  }

  // ---------------------------------------------------------------- groups

  private Map<Value, Value> run() {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Cast cast) {
          join(cast.result(), cast.operand());
        }
      }
      for (Successor successor : block.successors()) {
        pass(successor, 0);
      }
      for (Block.Handler handler : block.handlers()) {
        pass(handler.target(), 1);
        escape(handler.target().block().parameters().get(0));
      }
    }
    body.parameters().forEach(this::escape);
    Set<Value> stored = new HashSet<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op.result() != null && !made.containsKey(op.result()) && !(op instanceof Op.Cast)) {
          escape(op.result());
        }
        check(op, !block.handlers().isEmpty(), stored);
      }
      block.terminator().operands().forEach(this::escape);
    }
    for (Value parameter : parameters) {
      if (stored.contains(root(parameter))) { // one object has several names
        escape(parameter);
      }
    }
    return groups();
  }

  private void pass(Successor edge, int skipped) {
    for (int i = 0; i < edge.arguments().size(); i++) {
      Value parameter = edge.block().parameters().get(i + skipped);
      if (parameter.kind() == Kind.REFERENCE) {
        parameters.add(parameter);
        join(parameter, edge.arguments().get(i));
      }
    }
  }

  /** What an operation does to the objects that it reads. */
  private void check(Op op, boolean isProtected, Set<Value> stored) {
    List<Value> operands = op.operands();
    switch (op) {
      case Op.LoadField load when load.receiver() != null -> require(load.receiver(), load.field());
      case Op.StoreField store when store.receiver() != null -> {
        escape(store.value());
        require(store.receiver(), store.field());
        stored.add(root(store.receiver()));
        if (isProtected) { // a handler would see the field as it was before
          escape(store.receiver());
        }
      }
      case Op.Compare compare -> {
        if (compare.left() != compare.right() && root(compare.left()) == root(compare.right())) {
          escape(compare.left()); // two names, and perhaps two objects
        }
      }
      case Op.Cast cast -> require(cast.operand(), cast.result().type());
      case Op.InstanceOf test -> require(test.operand(), test.target());
      case Op.Monitor _ -> {} // nobody else can have entered it
      case Op.Call call when allocation(call) != null -> {
        if (!call.method().equals(made.get(operands.get(0)))) {
          escape(operands.get(0));
        }
        operands.subList(1, operands.size()).forEach(this::escape);
      }
      default -> operands.forEach(this::escape);
    }
  }

  private void require(Value object, FieldRef field) {
    require(object, field.owner());
  }

  /** An object is of its class and an Object; of what else is not known here. */
  private void require(Value object, ClassDesc type) {
    if (!type.equals(CD_Object)) {
      required.computeIfAbsent(root(object), _ -> new HashSet<>()).add(type);
    }
  }

  private Map<Value, Value> groups() {
    Map<Value, Set<ClassDesc>> classes = new HashMap<>();
    for (Value object : made.keySet()) {
      classes.computeIfAbsent(root(object), _ -> new HashSet<>()).add(object.type());
    }
    Set<Value> escaped = new HashSet<>();
    escaping.forEach(value -> escaped.add(root(value)));
    Map<Value, Value> groups = new LinkedHashMap<>();
    List<Value> members = new ArrayList<>(made.keySet());
    members.addAll(parameters);
    for (Value member : members) {
      Value root = root(member);
      Set<ClassDesc> types = classes.getOrDefault(root, Set.of());
      boolean fits = types.size() == 1 && types.containsAll(required.getOrDefault(root, Set.of()));
      if (fits && !escaped.contains(root)) {
        groups.put(member, root);
      }
    }
    return groups;
  }

  private Value root(Value value) {
    Value at = value;
    for (Value next = parents.get(at); next != null; next = parents.get(at)) {
      Value after = parents.get(next);
      if (after != null) {
        parents.put(at, after); // halves the path
      }
      at = next;
    }
    return at;
  }

  private void join(Value left, Value right) {
    Value a = root(left);
    Value b = root(right);
    if (a != b) {
      parents.put(a, b);
    }
  }

  private void escape(Value value) {
    escaping.add(value);
  }
}
