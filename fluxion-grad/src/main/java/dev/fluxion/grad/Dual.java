package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forward-mode differentiation of a function: dual numbers, with the tangents as values of their
 * own beside the primal ones.
 *
 * <p>Control flow is the function's. After each operation stands what it does to tangents, once for
 * each direction. A reference has a shadow for each direction, of the structure that it has in
 * reverse mode; there it holds adjoints, here tangents.
 */
final class Dual {
  private final Function function;
  private final boolean resultActive;
  final int directions;
  final Statics statics;
  final Types types;
  private final Body body;
  final Activity activity;
  private final Body.Builder builder;
  final TangentCode code;
  private final DualCalls calls = new DualCalls(this);
  private final Map<Block, BlockBuilder> blocks = new HashMap<>();
  private final Map<Value, List<Value>> tangents = new HashMap<>();
  private final Set<Value> made = new HashSet<>();
  private final Set<Value> used;
  private final Set<Value> constructed = new HashSet<>();
  private BlockBuilder block;

  Dual(
      Function function,
      boolean[] active,
      boolean resultActive,
      int directions,
      Statics statics,
      Types types) {
    if (Constructors.isReplayed(function)) {
      Repeatable.check(function);
    }
    this.function = function;
    this.resultActive = resultActive;
    this.directions = directions;
    this.statics = statics;
    this.types = types;
    Body whole = Protected.split(Preparation.prepared(function));
    try {
      Summaries summaries = Summaries.of(statics);
      Activity first = Activity.of(whole, active, types, summaries);
      Body reached = first.reached();
      this.body = reached == whole ? whole : Protected.split(reached);
      this.activity = body == whole ? first : Activity.of(body, active, types, summaries);
    } catch (GradientException e) {
      throw Preparation.withCalls(e, function, active, statics, types);
    }
    this.used = body.used();
    List<Value> parameters = new ArrayList<>(body.parameters());
    for (int i = 0; i < active.length; i++) {
      if (active[i]) {
        Value parameter = body.parameters().get(i);
        List<Value> twins = twins(Duals.tangent(function.type().parameterType(i), types));
        parameters.addAll(twins);
        tangents.put(parameter, twins);
      }
    }
    Value carrier = new Value(Duals.TANGENTS);
    parameters.add(carrier);
    MethodTypeDesc type = Duals.type(function.type(), active, directions, types);
    this.builder = new Body.Builder(function.name(), type, parameters);
    this.block = builder.entry();
    this.code = new TangentCode(types, carrier);
  }

  private List<Value> twins(ClassDesc type) {
    List<Value> twins = new ArrayList<>();
    for (int k = 0; k < directions; k++) {
      twins.add(new Value(type));
    }
    return twins;
  }

  Body build() {
    findConstructed();
    Set<Block> catching = new HashSet<>();
    for (Block old : body.blocks()) {
      old.handlers().forEach(handler -> catching.add(handler.target().block()));
    }
    for (Block old : body.blocks()) {
      BlockBuilder copy = old == body.entry() ? builder.entry() : builder.block();
      blocks.put(old, copy);
      if (old == body.entry()) {
        continue;
      }
      old.parameters().forEach(copy::adopt);
      for (Value parameter : old.parameters()) {
        if (activity.isActive(parameter) && !catching.contains(old)) {
          List<Value> twins = twins(Duals.tangent(parameter.type(), types));
          twins.forEach(copy::adopt);
          tangents.put(parameter, twins);
        }
      }
    }
    for (Block old : body.blocks()) {
      block = blocks.get(old);
      code.at(block);
      if (catching.contains(old) && !Plan.onlyUnlocks(old)) {
        code.refuse(old.parameters().get(0));
      }
      old.parameters().forEach(this::complete);
      for (Op op : old.ops()) {
        block.at(op.location());
        operation(op);
      }
      old.handlers().forEach(handler -> block.handler(moved(handler)));
      finish(old.terminator());
    }
    return builder.build();
  }

  /** Where code is added. */
  BlockBuilder block() {
    return block;
  }

  // ---------------------------------------------------------------- tangents of values

  boolean isActive(@Nullable Value value) {
    return value != null && activity.isActive(value);
  }

  /** The tangent of a value in a variable of its own type. */
  Value tangent(Value value, int direction) {
    return tangent(value, value.type(), direction);
  }

  /** The tangent of a value in a variable of a type that may be wider. */
  Value tangent(Value value, ClassDesc type, int direction) {
    List<Value> known = activity.isActive(value) ? tangents.get(value) : null;
    if (types.isValue(type)) {
      return known == null
          ? code.zero(value, Types.adjoint(type))
          : code.cast(known.get(direction), Types.adjoint(type));
    }
    ClassDesc shadow = types.shadow(type);
    if (known == null) {
      return block.nullConstant(shadow);
    }
    Value tangent = known.get(direction);
    return code.cast(types.isValue(value.type()) ? code.cell(tangent) : tangent, shadow);
  }

  void define(@Nullable Value result, Tangent tangent) {
    if (result == null) {
      return;
    }
    List<Value> all = new ArrayList<>();
    for (int k = 0; k < directions; k++) {
      all.add(tangent.in(k));
    }
    tangents.put(result, all);
  }

  /** Makes the tangent in a direction. */
  interface Tangent {
    Value in(int direction);
  }

  // ---------------------------------------------------------------- operations

  /** Whether an operation does something to tangents. */
  private boolean isActive(Op op) {
    return switch (op) {
      case Op.StoreElement store -> isActive(store.array()) && types.mayCarry(store.value().type());
      case Op.StoreField store ->
          store.receiver() == null
              ? activity.cell(store.field(), store) >= 0
              : isActive(store.receiver()) && Plan.mayCarry(store, types);
      case Op.Call _, Op.Apply _ ->
          isActive(op.result())
              || (goesIn(activity.target(op)) && op.operands().stream().anyMatch(this::isActive))
              || activity.reaches(op);
      default -> isActive(op.result());
    };
  }

  private static boolean goesIn(@Nullable Target target) {
    return target instanceof Target.Direct || target instanceof Target.Dispatched;
  }

  private void operation(Op op) {
    boolean constructs =
        Constructors.isReplayed(function)
            && op instanceof Op.StoreField store
            && store.receiver() == body.parameters().get(0);
    if (op instanceof Op.New created && constructed.contains(created.result())) {
      code.allocate(created);
      if (isActive(op)) {
        follow(op);
      }
    } else if (!isActive(op)) {
      if (!constructs && !isPassiveConstructor(op)) {
        block.add(op);
      }
    } else if (op instanceof Op.Call || op instanceof Op.Apply) {
      calls.call(op);
    } else {
      if (!constructs) {
        block.add(op);
      }
      if (!(op instanceof Op.LoadField load) || used.contains(load.result())) {
        follow(op);
      }
    }
    if (op instanceof Op.Lambda lambda) {
      code.remember(lambda);
    }
    if (op.result() != null) {
      complete(op.result());
    }
  }

  /** Gives an active value that nothing gave a tangent one that is zero, or found by identity. */
  private void complete(Value value) {
    if (!isActive(value) || tangents.containsKey(value) || !used.contains(value)) {
      return;
    }
    define(
        value,
        k ->
            types.isValue(value.type())
                ? code.zero(value, Types.adjoint(value.type()))
                : code.cast(code.shadowOf(value, k), types.shadow(value.type())));
  }

  /** Whether an operation only repeats, for a shadow that there is not, what an object's does. */
  private boolean isPassiveConstructor(Op op) {
    return op instanceof Op.Apply apply
        && Constructors.isConstructor(apply.function())
        && (Constructors.isReplayed(apply.function()) || made.contains(apply.arguments().get(0)));
  }

  /** Finds the objects that are made by constructors; which of these run in transformed code. */
  private void findConstructed() {
    for (Block old : body.blocks()) {
      for (Op op : old.ops()) {
        if (op instanceof Op.New created) {
          made.add(created.result());
        } else if (op instanceof Op.Apply apply
            && Constructors.isConstructor(apply.function())
            && !Constructors.isReplayed(apply.function())
            && made.contains(apply.arguments().get(0))
            && isActive(apply)) {
          constructed.add(apply.arguments().get(0));
        }
      }
    }
  }

  /** Does to the tangents what the operation does to the values. */
  private void follow(Op op) {
    switch (op) {
      case Op.Negate negate -> define(op.result(), k -> block.negate(tangent(negate.operand(), k)));
      case Op.Convert convert ->
          define(
              op.result(),
              k -> code.number(tangent(convert.operand(), k), convert.result().type()));
      case Op.Binary binary -> define(op.result(), k -> arithmetic(binary, k));
      case Op.Cast cast -> cast(cast);
      case Op.NewArray array -> newArray(array);
      case Op.New created -> {
        Class<?> type = types.resolve(created.result().type(), op.location());
        var zero = Layout.of(type).zero();
        define(op.result(), _ -> code.newShadow(zero.numbers.length, zero.references.length));
        for (int k = 0; Throwable.class.isAssignableFrom(type) && k < directions; k++) {
          code.announce(created.result(), tangent(created.result(), k), k);
        }
      }
      case Op.LoadElement load -> loadElement(load);
      case Op.StoreElement store -> {
        ClassDesc element = ForwardSweep.elementType(store);
        ClassDesc form = element.isPrimitive() ? element : CD_Object; // boxes too are objects here
        for (int k = 0; k < directions; k++) {
          block.storeElement(
              tangent(store.array(), k), store.index(), stored(store.value(), form, k));
        }
      }
      case Op.LoadField load -> loadField(load);
      case Op.StoreField store -> {
        int slot = ForwardSweep.slot(store.field(), types, op);
        for (int k = 0; k < directions; k++) {
          code.storeSlot(
              holder(store.field(), store.receiver(), store, k),
              slot,
              stored(store.value(), store.field().type(), k));
        }
      }
      case Op.Lambda lambda -> lambda(lambda);
      default -> {}
    }
  }

  /**
   * The tangent of what is put into an element or field, where null stands for a zero vector. In a
   * wider place a constant number or vector gets a shadow of its own: by its identity another's
   * would be found, since the same object may be an argument too.
   */
  Value stored(Value value, ClassDesc type, int direction) {
    ClassDesc tangent = Duals.tangent(type, types);
    if (Kind.of(tangent) != Kind.REFERENCE || isActive(value)) {
      return tangent(value, type, direction);
    }
    if (types.isValue(type) || !types.isValue(value.type())) {
      return block.nullConstant(tangent);
    }
    boolean isVector = Types.adjoint(value.type()).isClassOrInterface();
    return code.newShadow(isVector ? 0 : 1, isVector ? 1 : 0);
  }

  private Value arithmetic(Op.Binary binary, int k) {
    Value left = isActive(binary.left()) ? tangent(binary.left(), k) : null;
    Value right = isActive(binary.right()) ? tangent(binary.right(), k) : null;
    return code.arithmetic(binary, left, right, activity);
  }

  private void cast(Op.Cast cast) {
    Value operand = cast.operand();
    Value result = cast.result();
    if (!isActive(operand)) {
      return;
    }
    boolean comesOut = types.isValue(result.type()) && !types.isValue(operand.type());
    define(
        result,
        k ->
            comesOut
                ? code.fromCell(tangent(operand, k), result)
                : tangent(operand, result.type(), k));
  }

  private void lambda(Op.Lambda lambda) {
    List<ClassDesc> captured = lambda.lambda().site().invocationType().parameterList();
    int[] slots = Captured.slots(captured, types);
    int numbers = 0;
    int references = 0;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] >= 0 && Captured.isNumber(captured.get(i), types)) {
        numbers++;
      } else if (slots[i] >= 0) {
        references++;
      }
    }
    int numberCount = numbers;
    int referenceCount = references;
    define(
        lambda.result(),
        k -> {
          Value shadow = code.newShadow(numberCount, referenceCount);
          for (int i = 0; i < slots.length; i++) {
            if (slots[i] >= 0) {
              code.storeSlot(
                  shadow, slots[i], stored(lambda.captured().get(i), captured.get(i), k));
            }
          }
          return shadow;
        });
  }

  private void newArray(Op.NewArray array) {
    Value result = array.result();
    ClassDesc shadow = types.shadow(result.type());
    if (shadow.equals(result.type())) {
      define(
          result,
          _ -> {
            Value zeros = new Value(shadow);
            block.add(new Op.NewArray(zeros, array.lengths(), array.location()));
            return zeros;
          });
    } else if (array.lengths().size() == 1) {
      define(result, _ -> block.newArray(shadow, array.lengths().get(0)));
    }
  }

  private void loadElement(Op.LoadElement load) {
    Value result = load.result();
    define(
        result,
        k -> {
          Value array = tangent(load.array(), k);
          if (array.type().equals(Types.OBJECTS)) {
            Value found = code.shadowAt(array, load.index(), result, k);
            return types.isValue(result.type())
                ? code.fromCell(found, result)
                : code.cast(found, types.shadow(result.type()));
          }
          Value found = block.loadElement(array, load.index());
          return types.isValue(result.type())
              ? code.vectorOrNumber(found, result)
              : code.cast(found, types.shadow(result.type()));
        });
  }

  /** The shadow in which a field has a place: its object's, or the cell of a static field. */
  private Value holder(FieldRef field, @Nullable Value receiver, Op op, int direction) {
    return receiver == null
        ? code.cell(activity.cell(field, op), direction)
        : tangent(receiver, direction);
  }

  private void loadField(Op.LoadField load) {
    Value result = load.result();
    if (activity.isOfConstant(load)) {
      ClassDesc shadow = types.shadow(result.type());
      define(result, _ -> code.cast(ForwardSweep.ofConstant(block, result), shadow));
      return;
    }
    int slot = ForwardSweep.slot(load.field(), types, load);
    define(
        result,
        k -> {
          Value holder = holder(load.field(), load.receiver(), load, k);
          return types.isValue(result.type())
              ? code.vectorOrNumber(code.loadSlot(holder, slot, result.type()), result)
              : code.cast(
                  code.shadowAt(holder, block.constant(slot), result, k),
                  types.shadow(result.type()));
        });
  }

  // ---------------------------------------------------------------- ends of blocks

  private void finish(Terminator end) {
    block.at(end.location());
    if (end instanceof Terminator.Return returned) {
      Value value = returned.value();
      for (int k = 0; resultActive && value != null && k < directions; k++) {
        ClassDesc type = function.type().returnType();
        boolean isUnknown = types.isShadowed(type) && !isActive(value);
        code.returns(isUnknown ? code.shadowOf(value, k) : tangent(value, type, k), k);
      }
      block.returns(value);
      return;
    }
    if (end instanceof Terminator.Throw thrown && isActive(thrown.exception())) {
      for (int k = 0; k < directions; k++) {
        code.announce(thrown.exception(), tangent(thrown.exception(), k), k);
      }
    }
    List<Successor> successors = new ArrayList<>();
    for (Successor successor : end.successors()) {
      successors.add(moved(successor));
    }
    block.end(end.with(end.operands(), successors));
  }

  /** A handler gets nothing but the exception, whose tangent is found by its identity. */
  private Block.Handler moved(Block.Handler handler) {
    Block target = blocks.get(handler.target().block()).block();
    return new Block.Handler(handler.type(), Successor.to(target));
  }

  private Successor moved(Successor successor) {
    List<Value> parameters = successor.block().parameters();
    List<Value> arguments = new ArrayList<>(successor.arguments());
    for (int i = 0; i < parameters.size(); i++) {
      for (int k = 0; activity.isActive(parameters.get(i)) && k < directions; k++) {
        arguments.add(tangent(successor.arguments().get(i), parameters.get(i).type(), k));
      }
    }
    return new Successor(blocks.get(successor.block()).block(), arguments);
  }
}
