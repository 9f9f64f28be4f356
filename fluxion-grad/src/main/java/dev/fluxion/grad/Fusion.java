package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Fuser.Argument;
import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.Fuser.Operation;
import dev.fluxion.grad.Fuser.Part;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts one operation of a {@link Fuser} in the place of several calls in a block, as the last thing
 * before code is made of a body.
 *
 * <p>Calls that read each other's results are gathered until something else reads one. All of them
 * then run where the last of them stood: they are pure, so the others can wait.
 */
final class Fusion {
  private static final ClassDesc OBJECTS = CD_Object.arrayType();
  private static final ClassDesc OPERATION = Operation.class.describeConstable().orElseThrow();
  static final MethodRef RUN = method("run", MethodTypeDesc.of(CD_boolean, OBJECTS));
  static final MethodRef PAYS = method("pays", MethodTypeDesc.of(CD_boolean, CD_Object));
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();

  /** To look at code as it is without. */
  private static final boolean IS_ON = !System.getProperty("fluxion.fusion", "on").equals("off");

  private static final ClassValue<Optional<Fuser>> FUSERS =
      new ClassValue<>() {
        @Override
        protected Optional<Fuser> computeValue(Class<?> type) {
          FusedBy named = type.getAnnotation(FusedBy.class);
          return Optional.ofNullable(named).map(given -> made(given.value()));
        }
      };

  private final Types types;
  private final Body body;
  private final Map<Value, Op.Constant> constants = new HashMap<>();
  private @Nullable Map<Value, List<Optional<Op>>> readers; // no operation where a block ends
  private final Map<Value, Group> pending = new HashMap<>(); // by the results of their parts
  private final Map<Value, Fused> fused = new HashMap<>(); // by the results of their parts

  /** Calls and, of their results, casts that change nothing, by where they stand in the block. */
  private record Group(Class<?> type, Fuser fuser, TreeMap<Integer, Op> members) {}

  /**
   * A group of which an operation is made.
   *
   * @param members the calls, and casts of what they give
   * @param results the values that others read, each with the part that gives it
   * @param last the result of the last member
   */
  private record Fused(
      Operation operation,
      List<Op> members,
      Collection<Value> inputs,
      List<Integer> parts,
      Map<Value, Integer> results,
      Value last,
      Location location) {}

  private Fusion(Body body, Types types) {
    this.types = types;
    this.body = body;
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Constant constant) {
          constants.put(constant.result(), constant);
        }
      }
    }
  }

  /** The body with operations in the place of several. */
  static Body apply(Body body, Types types) {
    if (!IS_ON) {
      return body;
    }
    Fusion fusion = new Fusion(body, types);
    for (Block block : body.blocks()) {
      if (block.handlers().isEmpty()) { // a handler might see what has not run yet
        fusion.gather(block);
      }
    }
    return fusion.fused.isEmpty() ? body : body.transform(fusion::rewrite);
  }

  private static MethodRef method(String name, MethodTypeDesc type) {
    return new MethodRef(MethodRef.Dispatch.INTERFACE, OPERATION, name, type, true);
  }

  private static Fuser made(Class<? extends Fuser> type) {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new GradientException(
          type.getName() + " cannot be made; a fuser has a constructor without parameters", e);
    }
  }

  // ---------------------------------------------------------------- which calls

  private void gather(Block block) {
    List<Op> ops = block.ops();
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      Group own = op.result() == null ? null : group(op);
      if (own != null) {
        join(own, op, i);
        continue;
      }
      op.operands().forEach(this::close);
      if (mayDisturb(op)) {
        List.copyOf(pending.keySet()).forEach(this::close);
      }
    }
    List.copyOf(pending.keySet()).forEach(this::close);
  }

  /** A group for an operation alone, or null when it cannot be in one. */
  private @Nullable Group group(Op op) {
    if (op instanceof Op.Cast cast) {
      Group source = pending.get(cast.operand());
      return source != null && resolve(cast.result().type(), types).isAssignableFrom(source.type)
          ? new Group(source.type, source.fuser, new TreeMap<>())
          : null;
    }
    if (!(op instanceof Op.Call call) || call.result() == null) {
      return null;
    }
    Class<?> type = type(call);
    Fuser fuser = type == null ? null : FUSERS.get(type).orElse(null);
    return type != null && fuser != null && fuser.takes(callee(call))
        ? new Group(type, fuser, new TreeMap<>())
        : null;
  }

  /** The type that a call gives an object of; adjoints are added as those of one of the two. */
  private @Nullable Class<?> type(Op.Call call) {
    if (isSum(call)) {
      for (Value argument : call.arguments()) {
        Group group = pending.get(argument);
        if (group != null) {
          return group.type;
        }
      }
      return null;
    }
    ClassDesc type = call.method().type().returnType();
    return type.isClassOrInterface() && !isOfPlatform(type) ? resolve(type, types) : null;
  }

  private static boolean isSum(Op.Call call) {
    return call.method().owner().equals(ADJOINTS) && call.method().name().equals("sum");
  }

  private static boolean isOfPlatform(ClassDesc type) {
    return type.packageName().startsWith("java.");
  }

  /** The class of a type, or that of nothing where code names one that is not there. */
  private static Class<?> resolve(ClassDesc type, Types types) {
    try {
      return types.resolve(type, Location.NONE);
    } catch (GradientException | LinkageError _) {
      return void.class;
    }
  }

  private Callee callee(Op.Call call) {
    return callee(call, constants);
  }

  /**
   * What a call calls.
   *
   * @param definitions the operations that give values, constants among them
   */
  static Callee callee(Op.Call call, Map<Value, ? extends Op> definitions) {
    return new Callee(call.method(), function(call, definitions));
  }

  private @Nullable Function function(Op.Call call) {
    return function(call, constants);
  }

  /** The function behind a handle that is called, or null. */
  private static @Nullable Function function(Op.Call call, Map<Value, ? extends Op> definitions) {
    return call.method().name().equals("invokeExact")
            && definitions.get(call.arguments().get(0)) instanceof Op.Constant constant
            && constant.value() instanceof MethodHandle handle
        ? Handles.function(handle)
        : null;
  }

  private void join(Group own, Op op, int index) {
    Group all = own;
    for (Value operand : op.operands()) {
      Group other = pending.get(operand);
      if (other == null || other == all) {
        continue;
      }
      if (other.fuser != all.fuser) {
        close(operand);
        continue;
      }
      boolean isLarger = other.members.size() > all.members.size();
      Group larger = isLarger ? other : all;
      Group smaller = isLarger ? all : other;
      smaller.members.values().forEach(member -> pending.put(result(member), larger));
      larger.members.putAll(smaller.members);
      all = larger;
    }
    all.members.put(index, op);
    pending.put(result(op), all);
  }

  private static Value result(Op member) {
    return requireNonNull(member.result());
  }

  /**
   * Whether something may happen that could be seen, so that an error of a call should be seen
   * before, or that changes what a call reads.
   */
  private boolean mayDisturb(Op op) {
    return switch (op) {
      case Op.Call call -> !isOfSweeps(call) && !isRule(call) && !isPrimitive(call);
      case Op.Apply _, Op.InvokeDynamic _, Op.New _, Op.Monitor _ -> true;
      case Op.StoreField store -> isFused(store.field().owner(), types);
      case Op.StoreElement store -> store.value().type().isPrimitive();
      default -> false;
    };
  }

  /** Whether a call takes or gives an object of a type whose calls are fused. */
  static boolean involves(MethodTypeDesc call, Types types) {
    return isFused(call.returnType(), types)
        || call.parameterList().stream().anyMatch(type -> isFused(type, types));
  }

  /** Whether calls of a type are fused. */
  private static boolean isFused(ClassDesc type, Types types) {
    return type.isClassOrInterface()
        && !isOfPlatform(type)
        && FUSERS.get(resolve(type, types)).isPresent();
  }

  /** Whether it calls a method of the sweeps themselves. */
  static boolean isOfSweeps(Op.Call call) {
    ClassDesc owner = call.method().owner();
    return owner.equals(Derivations.TAPE) || owner.equals(ADJOINTS);
  }

  /** Whether it calls a rule, and not the derivative of other code. */
  private boolean isRule(Op.Call call) {
    List<ClassDesc> parameters = call.method().type().parameterList();
    return function(call) != null
        && !parameters.contains(Derivations.TAPE)
        && !parameters.contains(Duals.TANGENTS);
  }

  /** Whether it calls a primitive, which is pure, of a type whose calls are fused. */
  private boolean isPrimitive(Op.Call call) {
    if (!isFused(call.method().owner(), types)) {
      return false;
    }
    Declared declared = Methods.find(call.method(), types, call.location());
    return declared != null && Rules.find(declared) != null;
  }

  // ---------------------------------------------------------------- their operation

  private Map<Value, List<Optional<Op>>> readers() {
    Map<Value, List<Optional<Op>>> found = readers;
    if (found == null) {
      found = new HashMap<>();
      for (Block block : body.blocks()) {
        for (Op op : block.ops()) {
          for (Value operand : op.operands()) {
            found.computeIfAbsent(operand, _ -> new ArrayList<>()).add(Optional.of(op));
          }
        }
        List<Value> passed = new ArrayList<>(block.terminator().operands());
        block.successors().forEach(successor -> passed.addAll(successor.arguments()));
        block.handlers().forEach(handler -> passed.addAll(handler.target().arguments()));
        for (Value value : passed) {
          found.computeIfAbsent(value, _ -> new ArrayList<>()).add(Optional.empty());
        }
      }
      readers = found;
    }
    return found;
  }

  /** Whether an operation does nothing with a value but keep it. */
  private static boolean isKeeping(Optional<Op> reader) {
    return switch (reader.orElse(null)) {
      case Op.Call call ->
          call.method().owner().equals(Derivations.TAPE) && call.method().name().startsWith("push");
      case Op.StoreElement store -> store.array().type().equals(OBJECTS);
      case null, default -> false;
    };
  }

  private void close(Value value) {
    Group group = pending.get(value);
    if (group == null) {
      return;
    }
    Collection<Op> members = group.members.values();
    members.forEach(member -> pending.remove(result(member)));
    Map<Value, Integer> part = new HashMap<>(); // that gives a value
    Map<Value, Integer> inputs = new LinkedHashMap<>();
    List<Part> parts = new ArrayList<>();
    for (Op member : members) {
      if (member instanceof Op.Call call) {
        part.put(result(member), parts.size());
        parts.add(part(call, part, inputs));
      } else {
        part.put(result(member), part.get(member.operands().get(0)));
      }
    }
    Map<Value, Integer> results = new LinkedHashMap<>();
    Set<Integer> kept = new HashSet<>();
    if (parts.size() > 1) {
      Set<Op> own = Collections.newSetFromMap(new IdentityHashMap<>());
      own.addAll(members);
      Set<Integer> used = new HashSet<>();
      for (Op member : members) {
        List<Optional<Op>> others =
            readers().getOrDefault(result(member), List.of()).stream()
                .filter(reader -> reader.isEmpty() || !own.contains(reader.get()))
                .toList();
        if (!others.isEmpty()) {
          Integer of = part.get(result(member));
          results.put(result(member), of);
          (others.stream().allMatch(Fusion::isKeeping) ? kept : used).add(of);
        }
      }
      kept.removeAll(used);
    }
    List<Integer> read = List.copyOf(new LinkedHashSet<>(results.values()));
    Operation operation =
        read.isEmpty() ? null : group.fuser.fuse(parts, inputs.size(), read, kept);
    if (operation != null) {
      Op last = group.members.lastEntry().getValue();
      Fused made =
          new Fused(
              operation,
              List.copyOf(members),
              inputs.keySet(),
              read,
              results,
              result(last),
              last.location());
      members.forEach(member -> fused.put(result(member), made));
    }
  }

  private Part part(Op.Call call, Map<Value, Integer> part, Map<Value, Integer> inputs) {
    Callee callee = callee(call);
    List<Argument> arguments = new ArrayList<>();
    int first = callee.function() == null ? 0 : 1; // behind the handle
    for (Value argument : call.arguments().subList(first, call.arguments().size())) {
      Integer known = part.get(argument);
      Op.Constant constant = constants.get(argument);
      if (known != null) {
        arguments.add(new Argument.Result(known));
      } else if (constant != null) {
        arguments.add(new Argument.Constant(constant.value()));
      } else {
        inputs.putIfAbsent(argument, inputs.size());
        arguments.add(new Argument.Input(inputs.get(argument)));
      }
    }
    return new Part(callee, List.copyOf(arguments));
  }

  // ---------------------------------------------------------------- the code

  private void rewrite(Body.Copy copy, Op op) {
    Fused made = op.result() == null ? null : fused.get(op.result());
    if (made == null) {
      copy.keep(op);
    } else if (op.result() == made.last) {
      call(copy, made);
    }
  }

  /** The operation where it pays for one of the inputs, or else the calls. */
  private static void call(Body.Copy copy, Fused made) {
    ClassDesc[] types = made.results.keySet().stream().map(Value::type).toArray(ClassDesc[]::new);
    BlockBuilder join = copy.newBlock(types).at(made.location);
    BlockBuilder operation = copy.newBlock().at(made.location);
    for (Value input : made.inputs) {
      if (input.type().isPrimitive()) {
        continue;
      }
      BlockBuilder block = copy.block().at(made.location);
      Value pays = block.call(PAYS, block.constant(OPERATION, made.operation), copy.get(input));
      BlockBuilder otherwise = copy.newBlock();
      block.branch(pays, Successor.to(operation.block()), Successor.to(otherwise.block()));
      copy.continueIn(otherwise);
    }
    BlockBuilder calls = copy.newBlock();
    run(copy, operation, join.block(), calls.block(), made);
    copy.block().branch(calls.block());
    copy.continueIn(calls);
    for (Op member : made.members) {
      List<Value> operands = member.operands().stream().map(copy::get).toList();
      copy.keep(member.with(member.result(), operands));
    }
    List<Value> results = List.copyOf(made.results.keySet());
    copy.block().branch(join.block(), results.stream().map(copy::get).toArray(Value[]::new));
    for (int i = 0; i < results.size(); i++) {
      copy.map(results.get(i), join.block().parameters().get(i));
    }
    copy.continueIn(join);
  }

  private static void run(Body.Copy copy, BlockBuilder block, Block join, Block calls, Fused made) {
    int room = made.operation.room();
    Value values = block.newArray(OBJECTS, block.constant(room));
    int index = 0;
    for (Value input : made.inputs) {
      Value given = Conversions.convert(block, copy.get(input), CD_Object);
      block.storeElement(values, block.constant(index++), given);
    }
    Value isDone = block.call(RUN, block.constant(OPERATION, made.operation), values);
    BlockBuilder done = copy.newBlock().at(made.location);
    block.branch(isDone, Successor.to(done.block()), Successor.to(calls));
    List<Value> results = new ArrayList<>();
    made.results.forEach(
        (value, part) -> {
          int at = room - made.parts.size() + made.parts.indexOf(part);
          Value result = done.loadElement(values, done.constant(at));
          results.add(value.type().equals(CD_Object) ? result : done.cast(result, value.type()));
        });
    done.branch(join, results.toArray(new Value[0]));
  }
}
