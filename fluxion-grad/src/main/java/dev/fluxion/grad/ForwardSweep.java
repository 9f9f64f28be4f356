package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Constants;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the forward half: the function itself, with shadows, keeping what the reverse half reads.
 */
final class ForwardSweep {
  static final FieldRef REFERENCES = new FieldRef(Types.SHADOW, "references", Types.OBJECTS, false);
  static final FieldRef TAPE_SHADOW = new FieldRef(Derivations.TAPE, "shadow", CD_Object, false);

  static final ClassDesc CHOSEN =
      dev.fluxion.grad.runtime.Target.class.describeConstable().orElseThrow();

  private final Adjoint adjoint;
  private final Plan plan;
  private final Types types;
  private final SsaBuilder ssa;
  private final Value tape;
  private final Map<Block, BlockBuilder> blocks = new HashMap<>();
  private final Map<Value, Value> shadows = new HashMap<>();
  private final Map<Loop, Value> positions = new HashMap<>();
  private final Map<Loop, Variable> counters = new HashMap<>();
  private final Map<Block, List<Value>> shadowed = new HashMap<>();
  private final Set<Value> made = new HashSet<>();
  private final Set<Value> constructed = new HashSet<>();
  private final Set<Loop> expected = new HashSet<>();
  private final Set<Loop> roomy =
      new HashSet<>(); // as much as is ever needed, before an outer loop
  private final Map<Loop, EarlyReverse> earlyReverses = new LinkedHashMap<>();
  private BlockBuilder block;

  ForwardSweep(Adjoint adjoint) {
    this.adjoint = adjoint;
    this.plan = adjoint.plan;
    this.types = adjoint.types;
    List<Value> parameters = new ArrayList<>(adjoint.body.parameters());
    for (int i = 0; i < adjoint.active.length; i++) {
      Value parameter = adjoint.body.parameters().get(i);
      if (adjoint.active[i] && types.isShadowed(parameter.type())) {
        Value shadow = new Value(types.shadow(parameter.type())).named(Kept.shadowName(parameter));
        parameters.add(shadow);
        shadows.put(parameter, shadow);
      }
    }
    this.tape = new Value(Derivations.TAPE).named("tape");
    parameters.add(tape);
    MethodTypeDesc type = Derivations.forwardType(adjoint.function.type(), adjoint.active, types);
    this.ssa = new SsaBuilder(new Body.Builder(adjoint.function.name(), type, parameters));
    this.block = ssa.entry();
  }

  Body build() {
    Body body = adjoint.body;
    findConstructed();
    blocks.putAll(ssa.mirror(body, plan.dominators));
    plan.independent().forEach(this::splitLatch);
    for (Block old : body.blocks()) {
      List<Value> twins = new ArrayList<>();
      for (Value parameter : old.parameters()) {
        boolean isCaught = plan.thrower(old) != null && parameter == old.parameters().get(0);
        if (old != body.entry() && !isCaught && adjoint.isActiveReference(parameter)) {
          twins.add(parameter);
          Value twin = blocks.get(old).parameter(types.shadow(parameter.type()));
          shadows.put(parameter, twin.named(Kept.shadowName(parameter)));
        }
      }
      shadowed.put(old, twins);
    }
    for (Block old : body.blocks()) {
      block = blocks.get(old);
      start(old);
      old.parameters().forEach(this::defined);
      for (Op op : old.ops()) {
        block.at(op.location());
        operation(op);
      }
      finish(old);
    }
    Set<Value> sums = new HashSet<>();
    for (EarlyReverse early : earlyReverses.values()) {
      sums.addAll(new ReverseSweep(adjoint, ssa, tape, early).iteration());
    }
    Body forward = ssa.build();
    return sums.isEmpty() ? forward : ReverseSweep.withoutZeros(forward, sums);
  }

  /** The adjoint of an iteration of an independent loop comes between its end and the next one. */
  private void splitLatch(IndependentLoop independent) {
    Loop loop = independent.loop();
    BlockBuilder begin = ssa.block();
    BlockBuilder end = ssa.block();
    ssa.seal(begin, List.of(blocks.get(loop.latches().get(0))));
    ssa.seal(blocks.get(loop.header()), List.of(blocks.get(independent.before(plan)), end));
    earlyReverses.put(loop, new EarlyReverse(independent, begin, end, new LinkedHashMap<>()));
  }

  private @Nullable Value position(@Nullable Loop loop) {
    return loop == null ? null : positions.get(loop);
  }

  private void start(Block old) {
    Block thrower = plan.thrower(old);
    if (thrower != null && !Plan.onlyUnlocks(old)) { // a refusal is not the user's to catch
      refuse(old.parameters().get(0));
    }
    Loop loop = plan.loops.innermost(old);
    Kept path = adjoint.paths.get(old);
    Value which = path == null ? null : block.parameter(CD_int);
    if (loop != null && loop.header() == old && adjoint.positions.containsKey(loop)) {
      Variable variable = adjoint.positions.get(loop);
      Value position = ssa.read(variable, block);
      positions.put(loop, position);
      Value next = block.arithmetic(Arithmetic.ADD, position, block.constant(1));
      ssa.write(variable, block, next);
      if (plan.counted(loop) == null) {
        adjoint.keptIn(loop).forEach(kept -> kept.ensure(ssa, block, next));
      }
    }
    if (path != null && which != null) {
      path.save(ssa, block, which, position(path.home()));
    }
    for (Map.Entry<Loop, Kept> trip : adjoint.trips.getOrDefault(old, Map.of()).entrySet()) {
      Value count = ssa.read(counter(trip.getKey()), block);
      trip.getValue().save(ssa, block, count, position(trip.getValue().home()));
    }
  }

  private void refuse(Value exception) {
    block.run(
        MethodRef.ofStatic(Kept.ADJOINTS, "refuse", MethodTypeDesc.of(CD_void, CD_Throwable)),
        exception);
  }

  private boolean goesIn(Op op) {
    Target target =
        op instanceof Op.Call || op instanceof Op.Apply ? adjoint.activity.target(op) : null;
    return plan.isActive(op)
        && (target instanceof Target.Direct || target instanceof Target.Dispatched);
  }

  private Variable counter(Loop loop) {
    return counters.computeIfAbsent(loop, _ -> new Variable(CD_int, "count"));
  }

  /** Keeps a value, and gives it a shadow of its own where it is used as an object. */
  private void defined(Value value) {
    Kept kept = adjoint.values.get(value);
    if (kept != null) {
      kept.save(ssa, block, value, position(kept.home()));
    }
    if (plan.hasCell(value)) {
      boolean isVector = Types.adjoint(value.type()).isClassOrInterface();
      shadows.put(value, newShadow(isVector ? 0 : 1, isVector ? 1 : 0));
    } else if (adjoint.isActiveReference(value)
        && !shadows.containsKey(value)
        && plan.isUsed(value)) {
      Value unknown = tape("shadowOfPlace", MethodTypeDesc.of(CD_Object, CD_Object), value);
      shadows.put(value, cast(unknown, types.shadow(value.type())));
    }
    Kept shadow = adjoint.shadows.get(value);
    if (shadow != null) {
      shadow.save(ssa, block, shadows.get(value), position(shadow.home()));
    }
  }

  private Value newShadow(int numbers, int references) {
    Value shadow = new Value(Types.SHADOW);
    block.add(
        new Op.New(
            shadow,
            MethodRef.ofConstructor(Types.SHADOW, CD_int, CD_int),
            List.of(block.constant(numbers), block.constant(references)),
            block.location()));
    return shadow;
  }

  private Value tape(String method, MethodTypeDesc type, Value... arguments) {
    Value[] all = new Value[arguments.length + 1];
    all[0] = tape;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return block.call(MethodRef.ofVirtual(Derivations.TAPE, method, type), all);
  }

  private Value cast(Value value, ClassDesc type) {
    return value.type().equals(type) ? value : block.cast(value, type);
  }

  private Value shadow(Value value) {
    Value shadow = shadows.get(value);
    if (shadow != null) {
      return shadow;
    }
    return block.nullConstant(
        types.isValue(value.type()) ? Types.SHADOW : types.shadow(value.type()));
  }

  /**
   * The shadow of what goes into a place. A constant number or vector gets one of its own: by its
   * identity another's would be found, since the same object may be an argument too.
   */
  private Value stored(Value value) {
    if (shadows.containsKey(value) || !types.isValue(value.type())) {
      return shadow(value);
    }
    boolean isVector = Types.adjoint(value.type()).isClassOrInterface();
    return newShadow(isVector ? 0 : 1, isVector ? 1 : 0);
  }

  private void operation(Op op) {
    Value result = op.result();
    boolean constructs =
        op instanceof Op.StoreField store
            && Constructors.isReplayed(adjoint.function)
            && store.receiver() == adjoint.body.parameters().get(0);
    boolean goesIn = goesIn(op);
    Target target = goesIn ? adjoint.activity.target(op) : null;
    if (goesIn && target instanceof Target.Direct direct) {
      call(op, direct);
    } else if (goesIn && target instanceof Target.Dispatched dispatched) {
      call(op, dispatched);
    } else if (op instanceof Op.New created && constructed.contains(created.result())) {
      allocate(created);
    } else if (adjoint.statics.isRepeated() && Effects.isEffect(op, adjoint.activity.target(op))) {
      List<Value> operands = new ArrayList<>(op.operands());
      operands.add(tape);
      block.add(new Op.Apply(result, Effects.once(op, types.host()), operands, op.location()));
    } else if (!constructs && !isPassiveConstructor(op)) {
      keepOverwritten(op);
      block.add(op);
    }
    if (op instanceof Op.Lambda lambda) {
      remember(lambda);
    }
    if (plan.isActive(op)) {
      follow(op);
    }
    if (result != null) {
      defined(result);
    }
  }

  /** Keeps what a store overwrites, where the reverse sweep restores its array. */
  private void keepOverwritten(Op op) {
    Kept kept = adjoint.overwritten(op);
    if (kept != null && op instanceof Op.StoreElement store) {
      Value before = block.loadElement(store.array(), store.index());
      kept.save(ssa, block, before, position(kept.home()));
    }
  }

  /** Whether an operation only repeats, for a shadow that there is not, what an object's does. */
  private boolean isPassiveConstructor(Op op) {
    return op instanceof Op.Apply apply
        && Constructors.isConstructor(apply.function())
        && (Constructors.isReplayed(apply.function()) || made.contains(apply.arguments().get(0)));
  }

  /** Finds the objects that are made by constructors; which of these run in transformed code. */
  private void findConstructed() {
    for (Block old : adjoint.body.blocks()) {
      for (Op op : old.ops()) {
        if (op instanceof Op.New created) {
          made.add(created.result());
        } else if (op instanceof Op.Apply apply
            && Constructors.isConstructor(apply.function())
            && !Constructors.isReplayed(apply.function())
            && made.contains(apply.arguments().get(0))
            && plan.isActive(apply)) {
          constructed.add(apply.arguments().get(0));
        }
      }
    }
  }

  private void allocate(Op.New created) {
    Class<?> type = types.resolve(created.result().type(), created.location());
    Value raw =
        block.call(
            MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CD_Object)),
            block.constant(CD_MethodHandle, Allocation.of(type)));
    block.add(new Op.Cast(created.result(), raw, created.location()));
  }

  /** Lets the code of a lambda be found when it is called. */
  private void remember(Op.Lambda lambda) {
    Lambdas.Site site = new Lambdas.Site(lambda.lambda(), types.host());
    block.run(
        Lambdas.RECORD,
        block.constant(CD_MethodHandle, site.recorder()),
        block.cast(lambda.result(), CD_Object),
        block.nullConstant(CHOSEN));
  }

  private void follow(Op.Lambda lambda) {
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
    Value shadow = newShadow(numbers, references);
    shadows.put(lambda.result(), shadow);
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] >= 0 && types.isShadowed(captured.get(i))) {
        Value slot = block.constant(slots[i]);
        block.storeElement(
            block.loadField(REFERENCES, shadow), slot, shadow(lambda.captured().get(i)));
      }
    }
  }

  /** Does to the shadows what the operation does to references. */
  private void follow(Op op) {
    switch (op) {
      case Op.Lambda lambda -> follow(lambda);
      case Op.NewArray array -> {
        Value result = array.result();
        if (types.shadow(result.type()).equals(result.type())) {
          Value shadow = new Value(result.type());
          block.add(new Op.NewArray(shadow, array.lengths(), op.location()));
          shadows.put(result, shadow);
        } else if (array.lengths().size() == 1) {
          shadows.put(result, block.newArray(types.shadow(result.type()), array.lengths().get(0)));
        }
      }
      case Op.New created -> {
        Class<?> type = types.resolve(created.result().type(), op.location());
        var zero = Layout.of(type).zero();
        Value shadow = newShadow(zero.numbers.length, zero.references.length);
        shadows.put(created.result(), shadow);
        if (Throwable.class.isAssignableFrom(type)) {
          announce(created.result(), shadow);
        }
      }
      case Op.Cast cast -> {
        Value shadow = shadows.get(cast.operand());
        if (shadow != null && types.isShadowed(cast.result().type())) {
          shadows.put(cast.result(), cast(shadow, types.shadow(cast.result().type())));
        }
      }
      case Op.LoadElement load -> {
        boolean isBox = types.isOfBoxes(load.array().type());
        if (isBox || types.isShadowed(load.result().type())) {
          Value array = shadow(load.array());
          Value found =
              array.type().equals(Types.OBJECTS)
                  ? tape(
                      "shadowAt",
                      MethodTypeDesc.of(CD_Object, Types.OBJECTS, CD_int, CD_Object),
                      array,
                      load.index(),
                      load.result())
                  : block.loadElement(array, load.index());
          shadows.put(
              load.result(),
              cast(found, isBox ? Types.SHADOW : types.shadow(load.result().type())));
        }
      }
      case Op.StoreElement store -> {
        if (!elementType(store).isPrimitive()) {
          block.storeElement(shadow(store.array()), store.index(), stored(store.value()));
        }
      }
      case Op.LoadField load -> {
        if (types.isShadowed(load.result().type()) && plan.isUsed(load.result())) {
          Value found =
              adjoint.activity.isOfConstant(load)
                  ? ofConstant(block, load.result())
                  : tape(
                      "shadowAt",
                      MethodTypeDesc.of(CD_Object, Types.SHADOW, CD_int, CD_Object),
                      holder(load.field(), load.receiver(), op),
                      block.constant(slot(load.field(), types, op)),
                      load.result());
          shadows.put(load.result(), cast(found, types.shadow(load.result().type())));
        }
      }
      case Op.StoreField store -> {
        if (!types.isValue(store.field().type())) {
          Value references =
              block.loadField(REFERENCES, holder(store.field(), store.receiver(), op));
          block.storeElement(
              references, block.constant(slot(store.field(), types, op)), stored(store.value()));
        }
      }
      default -> {}
    }
  }

  /** A shadow of its own for what a static field always holds. */
  static Value ofConstant(BlockBuilder block, Value object) {
    ClassDesc owner = Constants.class.describeConstable().orElseThrow();
    MethodTypeDesc type = MethodTypeDesc.of(Types.SHADOW, CD_Object);
    return block.call(MethodRef.ofStatic(owner, "shadowOf", type), object);
  }

  static ClassDesc elementType(Op.StoreElement store) {
    ClassDesc component = store.array().type().componentType();
    return component == null ? store.value().type() : component;
  }

  /** The shadow in which a field has a place: its object's, or the cell of a static field. */
  private Value holder(FieldRef field, @Nullable Value receiver, Op op) {
    return receiver == null
        ? cell(block, tape, adjoint.activity.cell(field, op))
        : shadow(receiver);
  }

  static Value cell(BlockBuilder block, Value tape, int index) {
    return block.call(
        MethodRef.ofVirtual(Derivations.TAPE, "cell", MethodTypeDesc.of(Types.SHADOW, CD_int)),
        tape,
        block.constant(index));
  }

  /** Where a field is in its object's shadow. */
  static int slot(FieldRef field, Types types, Op op) {
    if (field.isStatic()) {
      return 0;
    }
    Class<?> owner = types.resolve(field.owner(), op.location());
    int slot = Layout.of(owner).index(field.name());
    if (slot < 0) {
      throw new GradientException(
          "cannot differentiate "
              + op.location()
              + ": it keeps a value that depends on the arguments in "
              + field.name()
              + " of a "
              + field.owner().displayName()
              + ", which is not followed; keep it in a local variable, an array or a record");
    }
    return slot;
  }

  private void call(Op op, Target.Direct direct) {
    Derived derived = derived(adjoint, op, direct);
    List<Value> arguments = new ArrayList<>(op.operands());
    for (int i = 0; i < op.operands().size(); i++) {
      ClassDesc type = direct.function().type().parameterType(i);
      if (derived.parameters()[i] && types.isShadowed(type)) {
        arguments.add(cast(shadow(op.operands().get(i)), types.shadow(type)));
      }
    }
    arguments.add(tape);
    block.add(new Op.Apply(op.result(), derived.forward(), arguments, op.location()));
    Value result = op.result();
    if (result != null && derived.result() && types.isShadowed(result.type())) {
      Value shadow = block.loadField(TAPE_SHADOW, tape);
      shadows.put(result, cast(shadow, types.shadow(result.type())));
    }
  }

  /**
   * Finds the derivative of the method that the receiver's class chooses, and leaves it on the
   * tape.
   */
  private void call(Op call, Target.Dispatched dispatched) {
    Dispatch dispatch = dispatch(adjoint, call, dispatched);
    Value chosen =
        block.call(
            MethodRef.ofVirtual(
                CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CHOSEN, CD_Object)),
            block.constant(CD_MethodHandle, dispatch.selector()),
            call.operands().get(0));
    List<Value> arguments = new ArrayList<>();
    arguments.add(block.loadField(new FieldRef(CHOSEN, "forward", CD_MethodHandle, false), chosen));
    arguments.addAll(call.operands());
    for (int i = 0; i < call.operands().size(); i++) {
      ClassDesc type = dispatch.parameters().get(i);
      if (dispatch.active()[i] && types.isShadowed(type)) {
        arguments.add(cast(shadow(call.operands().get(i)), types.shadow(type)));
      }
    }
    arguments.add(tape);
    block.add(
        new Op.Call(
            call.result(),
            MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", dispatch.forwardType()),
            arguments,
            call.location()));
    Kept.push(block, tape, chosen);
    Value result = call.result();
    if (result != null && adjoint.isActiveReference(result)) {
      Value shadow = block.loadField(TAPE_SHADOW, tape);
      shadows.put(result, cast(shadow, types.shadow(result.type())));
    }
  }

  static Dispatch dispatch(Adjoint adjoint, Op call, Target.Dispatched dispatched) {
    boolean[] active = new boolean[call.operands().size()];
    for (int i = 0; i < active.length; i++) {
      active[i] = adjoint.activity.isActive(call.operands().get(i));
    }
    boolean result = call.result() != null && adjoint.activity.isActive(call.result());
    Dispatch.Site site = Dispatch.Site.of(adjoint.activity, call, adjoint.statics, adjoint.types);
    return new Dispatch(dispatched, active, result, site);
  }

  static Derived derived(Adjoint adjoint, Op op, Target.Direct direct) {
    boolean[] pattern = adjoint.activity.pattern(op.operands());
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] &= adjoint.activity.isActive(op.operands().get(i));
    }
    boolean result = op.result() != null && adjoint.activity.isActive(op.result());
    boolean isUndisturbed = adjoint.plan.isUndisturbed(op);
    return Derivations.of(
        direct.function(),
        pattern,
        result,
        adjoint.statics,
        isUndisturbed,
        isLoss(adjoint, op, result));
  }

  /** Whether the cotangent of what a call returns is always one. */
  static boolean isLoss(Adjoint adjoint, Op call, boolean result) {
    return adjoint.isLoss && result && adjoint.isOne(requireNonNull(call.result()));
  }

  private void finish(Block old) {
    Terminator end = old.terminator();
    block.at(end.location());
    for (Loop loop : plan.loops.all()) {
      Successor next = end.successors().size() == 1 ? end.successors().get(0) : null;
      if (next == null || next.block() != loop.header() || !plan.isReversed(loop)) {
        continue;
      }
      CountedLoop counted = plan.counted(loop);
      EarlyReverse early = earlyReverses.get(loop);
      if (early != null && loop.blocks().contains(old)) {
        block.branch(early.begin().block());
        block = early.end().at(end.location());
      } else if (early != null) {
        early.enter(block, adjoint);
      } else if (!loop.blocks().contains(old)) {
        enter(loop, next, counted);
      } else if (counted == null) {
        Value count = ssa.read(counter(loop), block);
        ssa.write(counter(loop), block, block.arithmetic(Arithmetic.ADD, count, block.constant(1)));
      }
    }
    if (end instanceof Terminator.Return returned) {
      Value value = returned.value();
      ClassDesc type = adjoint.function.type().returnType();
      if (value != null && adjoint.resultActive && types.isShadowed(type)) {
        Value shadow = shadows.get(value);
        if (shadow == null) {
          shadow = tape("shadowOfPlace", MethodTypeDesc.of(CD_Object, CD_Object), value);
        }
        block.storeField(TAPE_SHADOW, tape, shadow);
      }
      for (Variable variable : adjoint.crossing()) {
        Kept.push(block, tape, ssa.read(variable, block));
      }
      for (Variable variable : adjoint.crossingShadows()) {
        Kept.pushShadow(block, tape, ssa.read(variable, block));
      }
      block.returns(value);
      return;
    }
    if (end instanceof Terminator.Throw thrown && adjoint.isActiveReference(thrown.exception())) {
      announce(thrown.exception(), shadow(thrown.exception()));
    }
    List<Successor> successors = new ArrayList<>();
    for (Successor successor : end.successors()) {
      successors.add(moved(old, successor));
    }
    for (Block.Handler handler : old.handlers()) {
      block.handler(new Block.Handler(handler.type(), caught(handler.target())));
    }
    block.end(end.with(end.operands(), successors));
  }

  /** Exceptions are found by their identity where they are caught, or are another's cause. */
  private void announce(Value exception, Value shadow) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_Object);
    block.run(MethodRef.ofVirtual(Derivations.TAPE, "announce", type), tape, exception, shadow);
  }

  /** Before a loop: makes room for all that it keeps, if it is known how often it will run. */
  private void enter(Loop loop, Successor next, @Nullable CountedLoop counted) {
    if (counted == null) {
      ssa.write(counter(loop), block, block.constant(0));
      return;
    }
    int index = loop.header().parameters().indexOf(counted.variable());
    Value start = next.arguments().get(index);
    Value trips =
        plan.trips(
            block, counted, start, value -> value == start ? start : plan.constantOr(value, block));
    ssa.write(counter(loop), block, trips);
    if (!roomy.contains(loop)) {
      makeRoom(loop, trips);
    }
    Integer known = plan.trips(counted, start);
    inside(loop).forEach(inner -> expect(inner, loop, trips, known == null ? -1 : known));
  }

  private void makeRoom(Loop loop, Value runs) {
    if (adjoint.positions.containsKey(loop)) {
      Value position = ssa.read(adjoint.positions.get(loop), block);
      MethodTypeDesc type = MethodTypeDesc.of(CD_int, CD_int, CD_int);
      Value room = block.call(MethodRef.ofStatic(Kept.ADJOINTS, "room", type), position, runs);
      adjoint.keptIn(loop).forEach(kept -> kept.ensure(ssa, block, room));
    }
  }

  private List<Loop> inside(Loop loop) {
    return plan.loops.all().stream().filter(inner -> inner.parent() == loop).toList();
  }

  /**
   * Before a loop: makes room for what a loop in it keeps in all, if that runs in each iteration
   * and as often. A loop that keeps more than is expected finds room itself.
   *
   * @param times how often the inner loop is entered
   * @param known the same where it is known now, else negative
   */
  private void expect(Loop inner, Loop outer, Value times, int known) {
    CountedLoop counted = plan.counted(inner);
    if (counted == null || !runsAlways(inner) || !expected.add(inner)) {
      return;
    }
    Value start = requireNonNull(plan.induction(counted.variable())).start();
    if (!isKnownBefore(start, outer) || !isKnownBefore(counted.bound(), outer)) {
      expected.remove(inner);
      return;
    }
    Value trips = plan.trips(block, counted, start, value -> plan.constantOr(value, block));
    MethodTypeDesc type = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    Value all = block.call(MethodRef.ofStatic(Kept.ADJOINTS, "runs", type), times, trips);
    makeRoom(inner, all);
    Integer knownTrips = plan.trips(counted, start);
    int knownRuns = known < 0 || knownTrips == null ? -1 : Adjoints.runs(known, knownTrips);
    if (knownRuns >= 0 && knownRuns < Adjoints.MOST_EXPECTED) {
      roomy.add(inner);
    }
    inside(inner).forEach(innermost -> expect(innermost, outer, all, knownRuns));
  }

  private boolean runsAlways(Loop inner) {
    Loop outer = requireNonNull(inner.parent());
    return plan.dominators.dominates(inner.header(), outer.latches().get(0));
  }

  private boolean isKnownBefore(Value value, Loop loop) {
    return plan.definition(value) instanceof Op.Constant
        || !loop.blocks().contains(plan.block(value));
  }

  /** What a handler gets is known before the block that it protects, shadows too. */
  private Successor caught(Successor target) {
    Block to = target.block();
    List<Value> arguments = new ArrayList<>(target.arguments());
    for (Value parameter : shadowed.get(to)) {
      int index = to.parameters().indexOf(parameter) - 1;
      Value known = index < 0 ? null : shadows.get(target.arguments().get(index));
      ClassDesc type = types.shadow(parameter.type());
      arguments.add(known == null ? ssa.zero(new Variable(type)) : known);
    }
    return new Successor(blocks.get(to).block(), arguments);
  }

  private Successor moved(Block from, Successor successor) {
    Block to = successor.block();
    List<Value> arguments = new ArrayList<>(successor.arguments());
    for (Value parameter : shadowed.get(to)) {
      Value argument = successor.arguments().get(to.parameters().indexOf(parameter));
      arguments.add(cast(shadow(argument), types.shadow(parameter.type())));
    }
    if (adjoint.paths.containsKey(to)) {
      arguments.add(block.constant(plan.dominators.predecessors(to).indexOf(from)));
    }
    return new Successor(blocks.get(to).block(), arguments);
  }
}
