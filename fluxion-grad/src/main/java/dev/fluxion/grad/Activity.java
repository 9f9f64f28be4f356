package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values carry derivatives: they depend on an active parameter, and the result or memory that
 * has a shadow depends on them. A reference is active when something active is in what it leads to.
 */
final class Activity {
  /** Classes whose methods read active values, to print or to compare, and keep none. */
  private static final Set<String> READERS =
      Set.of(
          "PrintStream",
          "PrintWriter",
          "String",
          "StringBuilder",
          "StringBuffer",
          "Double",
          "Float",
          "Number",
          "OptionalDouble",
          "Comparable",
          "Logger",
          "System$Logger");

  private final Body body;
  private final Types types;
  private final Summaries summaries;
  private final Set<Value> varied = new HashSet<>();
  private final Set<Value> useful = new HashSet<>();
  private final Map<Value, Op> definitions;
  private final Map<Op, @Nullable Target> targets = new IdentityHashMap<>();
  private final Set<Op> reaching = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Statics.Place> found = new HashSet<>();
  private final Refusals refusals;
  private final Map<Value, Boolean> inert = new HashMap<>();
  private final Map<Value, Boolean> constant = new HashMap<>();
  private @Nullable Map<Value, List<Value>> incoming; // known once it is asked for
  private @Nullable Block current;
  private boolean reaches;
  private boolean changed;

  private Activity(Body body, Types types, Summaries summaries) {
    this.body = body;
    this.types = types;
    this.summaries = summaries;
    this.definitions = body.definitions();
    this.refusals = new Refusals(body);
  }

  /** The body, ended where it comes to what cannot be differentiated, if it may run without. */
  Body reached() {
    return refusals.thrown();
  }

  static Activity of(Body body, boolean[] parameters, Types types, Summaries summaries) {
    AbsentClasses.refuse(body);
    Activity activity = new Activity(body, types, summaries);
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i]) {
        activity.varied.add(body.parameters().get(i));
      }
    }
    boolean isReversed = false; // containers hand on what is put into them to what came before
    do {
      activity.changed = false;
      activity.forward(isReversed);
      isReversed = !isReversed;
    } while (activity.changed);
    Bits.refuse(body, activity, activity.definitions);
    do {
      activity.changed = false;
      activity.backward();
    } while (activity.changed);
    return activity;
  }

  /** Whether a value carries derivatives; a reference then has a shadow. */
  boolean isActive(Value value) {
    return varied.contains(value) && (types.isShadowed(value.type()) || useful.contains(value));
  }

  /** Whether a value depends on an active parameter, be it of use or not. */
  boolean isVaried(Value value) {
    return varied.contains(value);
  }

  @Nullable Target target(Op op) {
    return targets.computeIfAbsent(op, one -> Calls.target(one, types));
  }

  private void vary(Value value) {
    if (!varied.contains(value)
        && types.mayCarry(value.type())
        && !isNull(value)
        && !isInert(value)) {
      varied.add(value);
      changed = true;
    }
  }

  /** Whether a value is a constant by which any number can be divided. */
  boolean isNonzeroConstant(Value value) {
    return definitions.get(value) instanceof Op.Constant constant
        && constant.value() instanceof Number number
        && number.doubleValue() != 0
        && !Double.isNaN(number.doubleValue());
  }

  private boolean isNull(Value value) {
    return definitions.get(value) instanceof Op.Constant constant && constant.value() == null;
  }

  /** Whether a value is that of a static field in which there never is a number. */
  private boolean isInert(Value value) {
    return definitions.get(value) instanceof Op.LoadField load
        && load.receiver() == null
        && types.isShadowed(value.type())
        && inert.computeIfAbsent(value, _ -> Statics.holdsNothing(place(load.field(), load)));
  }

  /** Whether a static field's object never changes: its shadow is zero. */
  private boolean isConstant(Op.LoadField load) {
    return constant.computeIfAbsent(
        load.result(), _ -> Statics.isConstant(place(load.field(), load)));
  }

  private Statics.Place place(FieldRef field, Op op) {
    return Statics.place(field, types, op.location());
  }

  /** The cell of a static field, or -1 when the field holds nothing active. */
  int cell(FieldRef field, Op op) {
    Statics statics = summaries.statics();
    return statics.isEmpty() || !types.mayCarry(field.type()) ? -1 : statics.cell(place(field, op));
  }

  /** Whether an active object is that of a static field, or an enum, which holds nothing active. */
  boolean isOfConstant(Op.LoadField load) {
    return load.receiver() == null
        ? cell(load.field(), load) < 0
        : types.isEnum(load.receiver(), load);
  }

  /** Whether a call, or what it leads to, uses active static fields. */
  boolean reaches(Op call) {
    return reaching.contains(call);
  }

  private void flow(Value from, Value to) {
    if (varied.contains(from)) {
      vary(to);
    } else if (varied.contains(to)
        && types.isShadowed(from.type())
        && types.isShadowed(to.type())) { // two references to one object, or to one and its part
      vary(from);
    }
  }

  private void forward(boolean isReversed) {
    for (Block block : isReversed ? body.blocks().reversed() : body.blocks()) {
      current = block;
      for (Block.Handler handler : block.handlers()) {
        List<Value> parameters = handler.target().block().parameters();
        vary(parameters.get(0)); // if it may carry, any code throws it
        for (int i = 1; i < parameters.size(); i++) {
          flow(handler.target().arguments().get(i - 1), parameters.get(i));
        }
      }
      for (Op op : isReversed ? block.ops().reversed() : block.ops()) {
        if (!refusals.contains(op)) {
          try {
            forward(op);
          } catch (GradientException problem) {
            refusals.add(block, op, problem);
          }
        }
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          flow(successor.arguments().get(i), successor.block().parameters().get(i));
        }
      }
    }
  }

  private void forward(Op op) {
    switch (op) {
      case Op.Negate negate -> flow(negate.operand(), negate.result());
      case Op.Convert convert -> flow(convert.operand(), convert.result());
      case Op.Binary binary -> {
        flow(binary.left(), binary.result());
        flow(binary.right(), binary.result());
      }
      case Op.Cast cast -> {
        flow(cast.operand(), cast.result());
        if (isException(cast.operand(), op) && isException(cast.result(), op)) {
          vary(cast.result()); // what was caught as an exception of the platform
        }
      }
      case Op.LoadElement load -> flow(load.array(), load.result());
      case Op.StoreElement store -> store(store.value(), store.array());
      case Op.LoadField load -> {
        if (load.receiver() != null) {
          refuseToLookInto(load.receiver(), load.field(), load);
          if (varied.contains(load.receiver())) {
            refuseFieldOfPlatform(load.field(), "reads", load);
          }
          refuseToAsk(load.receiver(), load);
          if (varied.contains(load.result()) && !types.isConstantOfEnum(load)) {
            refuseToKeep(load.receiver(), load.result(), load.field(), load);
          }
          flow(load.receiver(), load.result());
        } else if (cell(load.field(), load) >= 0) {
          reaches = true;
          vary(load.result());
        } else if (varied.contains(load.result()) && !isConstant(load)) {
          find(place(load.field(), load), load);
        }
      }
      case Op.StoreField store -> {
        if (store.receiver() != null) {
          refuseToLookInto(store.receiver(), store.field(), store);
          if (varied.contains(store.value())) {
            refuseFieldOfPlatform(
                store.field(), "keeps a value that depends on the arguments in", store);
          }
          refuseToKeep(store.receiver(), store.value(), store.field(), store);
          store(store.value(), store.receiver());
        } else if (cell(store.field(), store) >= 0) {
          reaches = true;
          if (types.isShadowed(store.value().type())) {
            vary(store.value());
          }
        } else if (varied.contains(store.value())) {
          find(place(store.field(), store), store);
        }
      }
      case Op.Lambda lambda -> {
        for (Value captured : lambda.captured()) {
          store(captured, lambda.result());
        }
        if (summaries.sight() != null && Nesting.isShallow()) {
          findIn(lambda);
        }
      }
      case Op.New created -> {
        refuseToHide(created);
        if (summaries.sight() != null) {
          summaries.created().add(types.resolve(created.result().type(), created.location()));
        }
        if (anyVaried(created.arguments())
            && Constructors.isClosed(types.resolve(created.result().type(), op.location()))) {
          vary(created.result());
        }
      }
      case Op.Call _, Op.Apply _, Op.InvokeDynamic _ -> call(op);
      default -> {}
    }
  }

  // ---------------------------------------------------------------- static fields

  private void find(Statics.Place place, Op op) {
    if (summaries.sight() == null) {
      throw new GradientException(
          "cannot differentiate "
              + op.location()
              + ": it keeps a value that depends on the arguments in the static field "
              + place
              + ", and that this code runs became known only when it was called; call it by a type"
              + " of the class that is differentiated, pass the value as an argument or result, or"
              + " wrap it in Grad.stopGradient");
    }
    if (found.add(place)) {
      changed = true;
    }
  }

  private void find(Set<Statics.Place> places) {
    if (found.addAll(places)) {
      changed = true;
    }
  }

  /** Whatever makes a lambda may have it called with active values. */
  private void findIn(Op.Lambda lambda) {
    Function function = Receivers.function(lambda, types);
    if (function == null) {
      return;
    }
    List<ClassDesc> parameters = function.type().parameterList();
    boolean[] pattern = new boolean[parameters.size()];
    boolean any = !summaries.statics().isEmpty();
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] =
          i < lambda.captured().size()
              ? varied.contains(lambda.captured().get(i))
              : types.mayCarry(parameters.get(i));
      any |= pattern[i];
    }
    if (any) {
      findIn(function, pattern, lambda.captured());
    }
  }

  /** What a function that may be called makes active; if it cannot be derived, so it says then. */
  private void findIn(Function function, boolean[] pattern, List<Value> arguments) {
    Summaries.Summary summary;
    try {
      summary = summaries.of(function, pattern);
    } catch (GradientException e) {
      return;
    }
    find(summary.statics());
    for (int i = 0; i < arguments.size(); i++) {
      if (summary.parameters()[i] && types.isShadowed(arguments.get(i).type())) {
        vary(arguments.get(i));
      }
    }
  }

  /**
   * Whether an object is found through a static field, as a constant of an enum always is. A method
   * that the receiver's class chooses gets it as a constant, and is refused should it put something
   * active there.
   */
  private boolean isFromStatic(Value value) {
    return isFromStatic(value, new HashSet<>());
  }

  private boolean isFromStatic(Value value, Set<Value> met) {
    if (!met.add(value)) {
      return true; // as far as it is itself
    }
    List<Value> passed = types.isShadowed(value.type()) ? incoming().get(value) : null;
    if (passed != null) {
      return passed.stream().allMatch(each -> isNull(each) || isFromStatic(each, met))
          && passed.stream().anyMatch(each -> !isNull(each) && each != value);
    }
    return switch (definitions.get(value)) {
      case Op.LoadField load ->
          load.receiver() == null
              || types.isEnum(load.receiver(), load)
              || isFromStatic(load.receiver(), met);
      case Op.LoadElement load -> isFromStatic(load.array(), met);
      case Op.Cast cast -> isFromStatic(cast.operand(), met);
      case Op.Call call -> isFromStatic(target(call));
      case Op.Apply apply -> isFromStatic(target(apply));
      case null, default -> false;
    };
  }

  /** What all edges pass for each parameter of a block. */
  Map<Value, List<Value>> incoming() {
    Map<Value, List<Value>> known = incoming;
    if (known == null) {
      known = body.incoming();
      incoming = known;
    }
    return known;
  }

  private static boolean isFromStatic(@Nullable Target target) {
    return target instanceof Target.Direct direct
        && ReturnedStatics.of(direct.function()).isFound();
  }

  /**
   * Whether something active may be put into what a call returns, or into what that leads to: it is
   * stored to, or handed on to where that cannot be seen.
   */
  boolean mayBeWritten(Value returned) {
    Set<Value> same = new HashSet<>(List.of(returned));
    boolean isLarger = true;
    while (isLarger) {
      isLarger = false;
      for (Block block : body.blocks()) {
        for (Op op : block.ops()) {
          for (Value operand : op.operands()) {
            if (same.contains(operand)) {
              if (isWritten(op, operand)) {
                return true;
              }
              isLarger |= leadsOn(op) && same.add(requireNonNull(op.result()));
            }
          }
        }
        if (block.terminator().operands().stream().anyMatch(same::contains)
            && block.successors().isEmpty()) {
          return true; // returned, or thrown
        }
        for (Successor successor : block.successors()) {
          for (int i = 0; i < successor.arguments().size(); i++) {
            isLarger |=
                same.contains(successor.arguments().get(i))
                    && same.add(successor.block().parameters().get(i));
          }
        }
      }
    }
    return false;
  }

  /** Whether the result may be part of an operand, or the operand itself. */
  private boolean leadsOn(Op op) {
    return op.result() != null
        && types.isShadowed(op.result().type())
        && !(op instanceof Op.NewArray || op instanceof Op.New);
  }

  private boolean isWritten(Op op, Value value) {
    return switch (op) {
      case Op.StoreElement store -> store.value() == value || varied.contains(store.value());
      case Op.StoreField store -> store.value() == value || varied.contains(store.value());
      case Op.Lambda _ -> true;
      case Op.Call _, Op.Apply _ ->
          switch (target(op)) {
            case Target.Direct direct -> mayWrite(direct.function(), op.operands(), value);
            case Target.Dispatched _ -> true;
            case null, default -> false;
          };
      default -> false;
    };
  }

  /** Whether a function makes an argument active by itself. */
  private boolean mayWrite(Function function, List<Value> arguments, Value value) {
    boolean[] pattern = pattern(arguments);
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] &= arguments.get(i) != value;
    }
    boolean[] after;
    try {
      after = summaries.of(function, pattern).parameters();
    } catch (GradientException e) {
      return true;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (after[i] && arguments.get(i) == value) {
        return true;
      }
    }
    return false;
  }

  /** Which of these are found through static fields and so are constants for what they go to. */
  ConstantArguments constants(List<Value> arguments) {
    boolean[] found = new boolean[arguments.size()];
    boolean[] unchanging = new boolean[arguments.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] =
          !varied.contains(arguments.get(i))
              && types.mayCarry(arguments.get(i).type())
              && isFromStatic(arguments.get(i));
      unchanging[i] =
          found[i]
              && definitions.get(arguments.get(i)) instanceof Op.LoadField load
              && load.receiver() == null
              && isConstant(load);
    }
    return new ConstantArguments(found, unchanging);
  }

  /** Whether what a call leads to may use the static fields that are active. */
  private boolean mayReach(Target.Dispatched dispatched, Op op) {
    if (summaries.statics().isEmpty()) {
      return false;
    }
    Class<?> owner = types.resolve(dispatched.method().owner(), op.location());
    return isOwn(owner)
        || dispatched.method().type().parameterList().stream()
            .anyMatch(type -> Callback.of(types.resolve(type, op.location())) != null);
  }

  /** Whether methods of a class are the user's: those of functions are, whatever their type. */
  private static boolean isOwn(Class<?> owner) {
    return !Carriers.isPlatform(owner) || Callback.of(owner) != null || owner == MethodHandle.class;
  }

  private void reach(Op op) {
    reaches = true;
    if (reaching.add(op)) {
      changed = true;
    }
    boolean isCaught =
        current != null
            && current.handlers().stream()
                .anyMatch(handler -> !Plan.onlyUnlocks(handler.target().block()));
    boolean isGuarded =
        op instanceof Op.Apply apply
            && (Guarded.isGuarded(apply.function()) || Guarded.method(apply.function()) != null);
    if (isCaught && !isGuarded) {
      throw new GradientException(
          "cannot differentiate "
              + op.location()
              + ": it calls code in a try block that uses static fields with values that depend on"
              + " the arguments; pass these to it");
    }
  }

  /** Code that is not looked into makes the object: what it is made of would be lost in it. */
  private void refuseToHide(Op.New created) {
    ClassDesc type = created.result().type();
    boolean isWhole = types.isValue(type);
    Class<?> owner = types.resolve(type, created.location());
    boolean isPlatform = Carriers.isPlatform(owner);
    boolean isLost =
        types.mayCarry(type)
            ? (isWhole || isPlatform) && anyVaried(created.arguments())
            : isPlatform
                && created.arguments().stream().anyMatch(part -> mayBeHidden(part, created));
    if (isLost) {
      throw new GradientException(
          "cannot differentiate "
              + created.location()
              + ": it puts a value that depends on the arguments into a new "
              + type.displayName()
              + (isWhole
                  ? "; make it in a method that is a @Primitive and has a @Pullback"
                  : ", a class of the platform; keep it in a record, an array or a class of your"
                      + " own, or wrap it in Grad.stopGradient"));
    }
  }

  /** Whether what an active object does may be hidden behind a class of the platform. */
  private boolean mayBeHidden(Value value, Op op) {
    return varied.contains(value)
        && types.isShadowed(value.type())
        && !Carriers.isPlatform(types.resolve(value.type(), op.location()))
        && !isException(value, op);
  }

  /** A number or vector is a whole: only its own primitives look into it. */
  private void refuseToLookInto(Value receiver, FieldRef field, Op op) {
    if (varied.contains(receiver)
        && types.isValue(receiver.type())
        && types.mayCarry(field.type())) {
      throw new GradientException(
          "cannot differentiate "
              + op.location()
              + ": it uses the field "
              + field.name()
              + " of a "
              + receiver.type().displayName()
              + ", whose derivative its methods' rules give; make the method a @Primitive with a"
              + " @Pullback");
    }
  }

  /** What the platform's own objects have in fields is not followed. */
  private void refuseFieldOfPlatform(FieldRef field, String what, Op op) {
    Class<?> owner = types.resolve(field.owner(), op.location());
    Class<?> declaring = Constructors.declaring(owner, field.name());
    if (declaring != null && Carriers.isPlatform(declaring) && types.mayCarry(field.type())) {
      throw new GradientException(
          "cannot differentiate "
              + op.location()
              + ": it "
              + what
              + " "
              + field.name()
              + " of a "
              + declaring.getSimpleName()
              + ", a class of the platform; keep numbers in a record, an array or a class of your"
              + " own, or wrap this one in Grad.stopGradient");
    }
  }

  /** What a constructor that cannot be replayed put into an exception has no derivative. */
  private void refuseToAsk(Value exception, Op.LoadField load) {
    FieldRef field = load.field();
    if (!varied.contains(exception)
        || !types.mayCarry(field.type())
        || !isException(exception, load)) {
      return;
    }
    Class<?> declaring =
        Constructors.declaring(types.resolve(field.owner(), load.location()), field.name());
    if (declaring != null && Constructors.isClosed(declaring)) {
      throw new GradientException(
          "cannot differentiate "
              + load.location()
              + ": it reads "
              + field.name()
              + " of a "
              + declaring.getSimpleName()
              + ", whose constructor hands out the exception before it is finished, so that"
              + " numbers in it are not followed; wrap it in Grad.stopGradient, or keep the number"
              + " elsewhere");
    }
  }

  /** The constants of an enum have no shadows: what is in their fields has no derivatives. */
  private void refuseToKeep(Value constant, Value value, FieldRef field, Op op) {
    if (varied.contains(value) && types.isEnum(constant, op)) {
      throw ofEnum(
          op, field.name() + " of a constant of the enum " + constant.type().displayName());
    }
  }

  private static GradientException ofEnum(Op op, String place) {
    return new GradientException(
        "cannot differentiate "
            + op.location()
            + ": it keeps a value that depends on the arguments in "
            + place
            + "; keep it in a static field, or in an object that is an argument or a result, or"
            + " wrap it in Grad.stopGradient");
  }

  private boolean isException(Value value, Op op) {
    return Throwable.class.isAssignableFrom(types.resolve(value.type(), op.location()));
  }

  private void store(Value value, Value container) {
    if (varied.contains(value)) {
      vary(container);
    }
    if (varied.contains(container) && types.isShadowed(value.type())) {
      vary(value);
    }
  }

  /** Whether a call may find numbers in an exception, though what it is known as has none. */
  private boolean takesException(Op call) {
    return call.operands().stream()
        .filter(value -> value.kind() == Kind.REFERENCE)
        .map(value -> types.resolve(value.type(), call.location()))
        .anyMatch(Carriers::leadsToException);
  }

  boolean anyVaried(List<Value> values) {
    for (Value value : values) {
      if (varied.contains(value)) {
        return true;
      }
    }
    return false;
  }

  private void call(Op op) {
    List<Value> arguments = op.operands();
    Value result = op.result();
    Target target = target(op);
    if (result != null
        && (target instanceof Target.Direct || target instanceof Target.Dispatched)
        && varied.contains(result)
        && types.isShadowed(result.type())) {
      boolean isGuarded = op instanceof Op.Apply apply && Guarded.isGuarded(apply.function());
      for (Value argument : arguments.subList(0, arguments.size() - (isGuarded ? 1 : 0))) {
        if (types.isShadowed(argument.type())) { // what is done to the result may be done to them
          vary(argument);
        }
      }
    }
    if (result != null
        && target instanceof Target.Direct direct
        && varied.contains(result)
        && types.isShadowed(result.type())) {
      ReturnedStatics returned = ReturnedStatics.of(direct.function());
      if (returned.isOfEnum()) {
        throw ofEnum(op, "what a constant of an enum leads to");
      }
      for (Statics.Place place : returned.places()) {
        if (summaries.statics().cell(place) < 0) {
          find(place, op);
        }
      }
    }
    if (!anyVaried(arguments) && summaries.statics().isEmpty() && !takesException(op)) {
      return;
    }
    refuseToHandOver(op, target);
    switch (target) {
      case Target.Ruled ruled -> {
        for (int i = 0; i < arguments.size() && result != null; i++) {
          if (ruled.rule().depends(i) && varied.contains(arguments.get(i))) {
            vary(result);
          }
        }
      }
      case Target.Boxing _ -> flow(arguments.get(0), requireNonNull(result));
      case Target.Direct direct -> {
        boolean[] pattern = pattern(arguments);
        Foreign foreign = Foreign.of(direct.function());
        if (foreign != null) {
          checkNumbers(op, foreign.method(), pattern);
        }
        Summaries.Summary summary;
        try {
          summary = summaries.of(direct.function(), pattern);
        } catch (GradientException e) {
          throw e.calledAt(op.location());
        }
        for (int i = 0; i < pattern.length; i++) {
          if (summary.parameters()[i] && types.isShadowed(arguments.get(i).type())) {
            vary(arguments.get(i));
          }
        }
        if (summary.result() && result != null) {
          vary(result);
        }
        find(summary.statics());
        if (summary.reaches()) {
          reach(op);
        }
      }
      case Target.Dispatched dispatched -> dispatched(op, dispatched, arguments, result);
      case Target.Opaque opaque -> {
        if (anyVaried(arguments)) {
          checkPassive(op, opaque, arguments, result);
        }
      }
      case null -> {}
    }
  }

  private void dispatched(
      Op op, Target.Dispatched dispatched, List<Value> arguments, @Nullable Value result) {
    boolean any =
        anyVaried(arguments)
            || (takesException(op) && result != null && types.mayCarry(result.type()));
    if (mayReach(dispatched, op)) {
      reach(op);
    } else if (!any) {
      return;
    }
    boolean[] pattern = pattern(arguments);
    checkNumbers(op, dispatched.method(), pattern);
    boolean isOwn = isOwn(types.resolve(dispatched.method().owner(), op.location()));
    int thrown = dispatched.isGuarded() ? 1 : 0; // exceptions are found by their identity
    List<Value> passed = arguments.subList(0, arguments.size() - thrown);
    for (Value argument : passed) {
      if (types.isShadowed(argument.type()) && !(isOwn && isFromStatic(argument))) {
        vary(argument);
      }
    }
    if (result != null) {
      vary(result);
    }
    if (Nesting.isShallow()) {
      for (Function candidate : Receivers.functions(op, dispatched.method(), summaries, types)) {
        findIn(candidate, Arrays.copyOf(pattern, passed.size()), passed);
        if (result != null) {
          find(ReturnedStatics.of(candidate).places());
        }
      }
    }
  }

  /** What runs on another thread is refused when it may do something to derivatives. */
  private void refuseToHandOver(Op op, @Nullable Target target) {
    Foreign foreign = target instanceof Target.Direct direct ? Foreign.of(direct.function()) : null;
    MethodRef method =
        switch (target) {
          case Target.Dispatched dispatched -> dispatched.method();
          case Target.Opaque _ when op instanceof Op.Call call -> call.method();
          case null, default -> foreign == null ? null : foreign.method();
        };
    if (method == null || method.owner().isArray()) {
      return;
    }
    Class<?> owner = types.resolve(method.owner(), op.location());
    Methods.Declared declared = Methods.find(owner, method.name(), method.type());
    boolean isPlatforms = declared != null && Carriers.isPlatform(declared.owner());
    if (!isPlatforms || !Threads.handOver(method, owner)) {
      return;
    }
    for (Value argument : op.operands()) {
      if (varied.contains(argument) && types.isShadowed(argument.type())) {
        throw Threads.refusal(op, owner, method.name());
      }
    }
  }

  /** The platform's code must not get or give bare numbers; its functions' code is the user's. */
  private void checkNumbers(Op op, MethodRef method, boolean[] pattern) {
    Class<?> owner = types.resolve(method.owner(), op.location());
    String obstacle =
        Foreign.isTransparent(owner) && Callback.of(owner) == null
            ? Foreign.obstacle(method, pattern, types)
            : null;
    if (obstacle != null) {
      throw GradientException.ofCall(
          method.owner().displayName(),
          method.name(),
          op.location(),
          obstacle
              + "; use a loop, or wrap the argument in Grad.stopGradient if its derivative is"
              + " zero");
    }
  }

  boolean[] pattern(List<Value> arguments) {
    boolean[] pattern = new boolean[arguments.size()];
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = varied.contains(arguments.get(i));
    }
    return pattern;
  }

  /** Code that cannot be looked into may print or test an active value, but not make one of it. */
  private void checkPassive(
      Op op, Target.Opaque opaque, List<Value> arguments, @Nullable Value result) {
    boolean mayPassOn = result != null && types.mayCarry(result.type());
    if (op instanceof Op.Call call && !isReader(call)) {
      boolean isStatic = call.method().dispatch() == MethodRef.Dispatch.STATIC;
      for (Value argument : arguments) {
        boolean mayBeKept = types.isShadowed(argument.type()) || !isStatic;
        mayPassOn |= mayBeKept && varied.contains(argument);
      }
    }
    if (mayPassOn) {
      throw new GradientException(
          "cannot differentiate the call of "
              + opaque.name()
              + " at "
              + op.location()
              + ": "
              + opaque.reason()
              + ", and it has no rule; "
              + RuleToWrite.of(op, types)
              + ", or wrap its argument in Grad.stopGradient if its derivative is zero");
    }
  }

  private boolean isReader(Op.Call call) {
    return READERS.contains(call.method().owner().displayName())
        || call.method().name().equals("identityHashCode")
        || isFormat(call)
        || isOfException(call);
  }

  /** Whether a call makes text of numbers. */
  private static boolean isFormat(Op.Call call) {
    MethodRef method = call.method();
    return method.owner().packageName().equals("java.text") && method.name().startsWith("format");
  }

  /** The platform's part of an exception has no numbers, and leads to others by their identity. */
  private boolean isOfException(Op.Call call) {
    Methods.Declared declared = Methods.find(call.method(), types, call.location());
    return declared != null && declared.owner() == Throwable.class;
  }

  private void use(Value value) {
    if (varied.contains(value) && useful.add(value)) {
      changed = true;
    }
  }

  private void use(List<Value> values) {
    for (Value value : values) {
      use(value);
    }
  }

  private void backward() {
    for (int b = body.blocks().size() - 1; b >= 0; b--) {
      Block block = body.blocks().get(b);
      if (block.terminator() instanceof Terminator.Return returned && returned.value() != null) {
        use(returned.value());
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          Value parameter = successor.block().parameters().get(i);
          if (isActive(parameter)) {
            use(successor.arguments().get(i));
          }
        }
      }
      for (Block.Handler handler : block.handlers()) {
        for (int i = 0; i < handler.target().arguments().size(); i++) {
          if (isActive(handler.target().block().parameters().get(i + 1))) {
            use(handler.target().arguments().get(i));
          }
        }
      }
      for (int i = block.ops().size() - 1; i >= 0; i--) {
        backward(block.ops().get(i));
      }
    }
  }

  private void backward(Op op) {
    Value result = op.result();
    boolean needed = result != null && isActive(result);
    switch (op) {
      case Op.StoreElement store -> use(store.value());
      case Op.StoreField store -> use(store.value());
      case Op.Lambda lambda -> use(lambda.captured());
      case Op.Call _, Op.Apply _ -> {
        Target target = target(op);
        boolean goesIn = target instanceof Target.Direct || target instanceof Target.Dispatched;
        if (goesIn || needed) {
          use(op.operands());
        }
      }
      case Op.Negate _, Op.Convert _, Op.Binary _, Op.Cast _, Op.LoadElement _, Op.LoadField _ -> {
        if (needed) {
          use(op.operands());
        }
      }
      default -> {}
    }
  }

  /** What of this matters to those that call the code. */
  Summaries.Summary summary() {
    return new Summaries.Summary(activeParameters(), isResultActive(), reaches, Set.copyOf(found));
  }

  /** Whether the returned value carries derivatives. */
  private boolean isResultActive() {
    for (Block block : body.blocks()) {
      if (block.terminator() instanceof Terminator.Return returned
          && returned.value() != null
          && varied.contains(returned.value())) {
        return true;
      }
    }
    return false;
  }

  /** Which parameters carry derivatives, those that got some from others included. */
  private boolean[] activeParameters() {
    List<Value> parameters = new ArrayList<>(body.parameters());
    return pattern(parameters);
  }
}
