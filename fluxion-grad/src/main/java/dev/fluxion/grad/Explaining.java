package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Simplify;
import dev.fluxion.ir.text.Listing;
import dev.fluxion.ir.text.Phrases;
import java.io.Serializable;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Derives one method as a gradient does, and tells what was found. */
final class Explaining {
  /** So many methods are told of, the nearest to the function first. */
  private static final int MOST_METHODS = 12;

  private static final int MOST_READERS = 3;

  /**
   * What to explain.
   *
   * @param name the method in which its lines are
   * @param caller the place that only calls the method, or none
   */
  private record Request(
      Function function,
      boolean[] parameters,
      boolean result,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss,
      String name,
      Location caller) {}

  private final Request request;
  private final Adjoint adjoint;
  private final Body body;
  private final Body shown;
  private final Plan plan;
  private final Activity activity;
  private final Types types;
  private final Phrases phrases;
  private final Phrases keptPhrases;
  private final Set<Value> variables = new HashSet<>();
  private final Map<Value, Location> locations = new LinkedHashMap<>();

  private Explaining(Request request) {
    this.request = request;
    this.types = Types.of(request.function.host());
    this.body = Adjoint.canonical(request.function).transform(Body.Copy::keep);
    this.shown = Simplify.simplify(body);
    if (request.caller != Location.NONE) {
      for (int i = 1; i < body.parameters().size(); i++) {
        body.parameters().get(i).named("argument" + i);
      }
    }
    for (Block block : shown.blocks()) {
      block.parameters().forEach(this::noteVariable);
      block.ops().forEach(op -> noteVariable(op.result()));
    }
    Phrases.makeNamesDistinct(List.of(shown, body));
    this.adjoint =
        Adjoint.of(
            request.function,
            body,
            request.parameters,
            request.result,
            request.statics,
            request.isUndisturbed,
            request.isLoss,
            types);
    this.plan = adjoint.plan;
    this.activity = adjoint.given;
    this.phrases = Phrases.of(body);
    this.keptPhrases = Phrases.of(adjoint.body);
    for (Block block : shown.blocks()) {
      Location begin = block == shown.entry() ? start() : location(block);
      block.parameters().forEach(value -> locations.put(value, begin));
      for (Op op : block.ops()) {
        if (op.result() != null && !(op instanceof Op.Constant)) {
          locations.put(op.result(), op.location());
        }
      }
    }
  }

  private void noteVariable(@Nullable Value value) {
    if (value != null && value.name() != null) {
      variables.add(value);
    }
  }

  /** Explains the gradient of a functional object in all its arguments. */
  static Explanation explain(Serializable f, MethodTypeDesc method) {
    boolean[] active = new boolean[method.parameterCount() + 1];
    Arrays.fill(active, 1, active.length, true);
    List<Explanation.Method> methods = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    Deque<Request> work = new ArrayDeque<>();
    Function function = Functional.of(f, method);
    Location caller = function.body().entry().terminator().location();
    Statics statics = Statics.of(function, active, Sight.of(f), Statics.NONE);
    work.add(new Request(function, active, true, statics, true, true, name(f), caller));
    while (!work.isEmpty() && methods.size() < MOST_METHODS) {
      Request request = work.poll();
      Object pattern = Arrays.toString(request.parameters);
      if (Handwritten.of(request.function) == null
          && seen.add(List.of(request.function, pattern, request.result))) {
        Explaining explaining =
            Nesting.derive(request.function.name(), () -> new Explaining(request));
        List<Request> callees = explaining.callees();
        if (!methods.isEmpty() || !explaining.onlyCalls(callees)) {
          methods.add(explaining.method());
        }
        work.addAll(callees);
      }
    }
    return new Explanation(List.copyOf(methods));
  }

  /** The method that a functional object stands for. */
  private static String name(Serializable f) {
    Class<?> type = f.getClass();
    if (!type.isHidden() && !type.isSynthetic()) {
      return type.describeConstable().orElseThrow().displayName() + ".apply";
    }
    SerializedLambda lambda = Functional.serialized(f);
    String owner = ClassDesc.ofInternalName(lambda.getImplClass()).displayName();
    return owner + "." + lambda.getImplMethodName();
  }

  /** The methods called that have derivatives of their own. */
  private List<Request> callees() {
    List<Request> callees = new ArrayList<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (activity.target(op) instanceof Target.Direct direct
            && isActive(op)
            && Handwritten.of(direct.function()) == null) {
          Derived derived = ForwardSweep.derived(adjoint, op, direct);
          callees.add(
              new Request(
                  derived.function(),
                  derived.parameters(),
                  derived.result(),
                  request.statics,
                  plan.isUndisturbed(op),
                  ForwardSweep.isLoss(adjoint, op, derived.result()),
                  derived.function().name(),
                  Location.NONE));
        }
      }
    }
    return callees;
  }

  /** Whether all that the code does is to call one of these. */
  private boolean onlyCalls(List<Request> callees) {
    if (callees.size() != 1 || body.blocks().size() > 1) {
      return false;
    }
    for (Op op : body.entry().ops()) {
      Target target = activity.target(op);
      boolean isPreparation =
          op instanceof Op.Constant
              || op instanceof Op.Cast
              || op instanceof Op.Convert
              || target instanceof Target.Boxing
              || target instanceof Target.Direct;
      if (!isPreparation) {
        return false;
      }
    }
    return true;
  }

  private Explanation.Method method() {
    Adjoint.Bodies halves = adjoint.split();
    Sources sources = Sources.of(adjoint.function.host());
    Location start = start();
    Listing.Style style =
        new Listing.Style(
            start.file(), this::isOwn, sources::line, this::isActive, activity::isActive);
    return new Explanation.Method(
        title(start),
        Listing.of(shown, style),
        activity(),
        Listing.of(halves.forward(), style.withoutMarks()),
        Listing.of(halves.reverse(), style.withoutMarks()),
        plan.independent().stream().map(Explaining::independent).toList(),
        kept(),
        recomputed(),
        calls());
  }

  private static String independent(IndependentLoop independent) {
    return "each iteration" + of(independent.loop()) + ", when it has run: no other depends on it";
  }

  private boolean isActive(Op op) {
    return Plan.isActive(op, activity, adjoint.statics.isRepeated(), types);
  }

  // ---------------------------------------------------------------- places

  private boolean isOwn(Location location) {
    return location.line() > 0 && !location.equals(request.caller);
  }

  /** Where the method starts: its first line, or at least that of a method that is part of it. */
  private Location start() {
    Location first = Location.NONE;
    for (Block block : shown.blocks()) {
      for (Op op : block.ops()) {
        first = earlier(first, op.location());
      }
      first = earlier(first, block.terminator().location());
    }
    return first;
  }

  private Location earlier(Location known, Location other) {
    if (!isOwn(other)) {
      return known;
    }
    boolean isKnownIn = known.method().equals(request.name);
    boolean isIn = other.method().equals(request.name);
    boolean isBetter = known.line() == 0 || (isIn && (!isKnownIn || other.line() < known.line()));
    return isBetter ? other : known;
  }

  /** {@code Main.lambda$main$0} is a lambda in {@code Main.main}. */
  private String title(Location start) {
    String name = request.name;
    int lambda = name.indexOf("lambda$");
    if (lambda >= 0) {
      name = "a lambda in " + name.substring(0, lambda) + name.split("\\$", -1)[1];
    }
    return start.line() == 0 ? name : name + " at " + start.file() + ":" + start.line();
  }

  private static Location location(Block block) {
    for (Op op : block.ops()) {
      if (op.location().line() > 0) {
        return op.location();
      }
    }
    return block.terminator().location();
  }

  private static String line(Location location) {
    return location.line() > 0 ? " (line " + location.line() + ")" : "";
  }

  private static String extent(@Nullable Loop loop) {
    return loop == null ? "once a call" : "in each iteration" + of(loop);
  }

  private static String of(Loop loop) {
    int line = location(loop.header()).line();
    return line > 0 ? " of the loop at line " + line : "";
  }

  /** How often something is kept of a block. */
  private String extent(Kept kept, Block block) {
    IndependentLoop independent = plan.independent(block);
    return independent == null
        ? extent(kept.home())
        : "until its adjoint runs, in each iteration" + of(independent.loop());
  }

  // ---------------------------------------------------------------- activity

  private List<String> activity() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String group : List.of(ACTIVE, INDEPENDENT, USELESS, DISCRETE)) {
      groups.put(group, new ArrayList<>());
    }
    boolean isEntry = request.caller != Location.NONE;
    for (Value value : locations.keySet()) {
      boolean isFunctionItself = isEntry && value == body.parameters().get(0);
      if (variables.contains(value) && !isFunctionItself) {
        groups.get(group(value)).add(phrases.value(value));
      }
    }
    List<String> lines = new ArrayList<>();
    groups.forEach(
        (group, names) -> {
          if (!names.isEmpty()) {
            lines.add(group + ": " + String.join(", ", names));
          }
        });
    return lines;
  }

  private static final String ACTIVE = "active";
  private static final String INDEPENDENT = "passive, for no active argument influences it";
  private static final String USELESS = "passive, for no result depends on it";
  private static final String DISCRETE = "passive, for its type has no derivatives";

  private String group(Value value) {
    if (activity.isActive(value)) {
      return ACTIVE;
    }
    if (!types.mayCarry(value.type())) {
      return DISCRETE;
    }
    return activity.isVaried(value) ? USELESS : INDEPENDENT;
  }

  // ---------------------------------------------------------------- what is kept

  private List<Explanation.KeptValue> kept() {
    List<Explanation.KeptValue> rows = new ArrayList<>();
    adjoint.values.forEach(
        (value, kept) -> {
          IndependentLoop independent = plan.independent(plan.block(value));
          if (independent == null || !plan.isAtHand(value, independent)) {
            rows.add(row(keptPhrases.value(value), value, kept, reason(value)));
          }
        });
    adjoint.shadows.forEach(
        (value, kept) -> {
          String name = "shadow(" + keptPhrases.value(value) + ")";
          String readers = readers(value);
          String reason = readers.isEmpty() ? "is an object of its own" : readers;
          rows.add(row(name, value, kept, reason));
        });
    for (Block block : adjoint.body.blocks()) {
      for (Op op : block.ops()) {
        Kept kept = adjoint.overwritten(op);
        if (kept != null && op instanceof Op.StoreElement store) {
          rows.add(overwritten(store, kept, block));
        }
      }
    }
    adjoint.paths.forEach(
        (block, kept) ->
            rows.add(
                choice(
                    block, location(block), kept, "path", "from where control came to this line")));
    adjoint.trips.forEach(
        (block, counts) ->
            counts.forEach(
                (loop, kept) ->
                    rows.add(
                        choice(
                            block,
                            location(loop.header()),
                            kept,
                            "count",
                            "how often the loop ran"))));
    for (Loop loop : adjoint.positions.keySet()) {
      if (plan.independent(loop.header()) != null) {
        continue;
      }
      rows.add(
          new Explanation.KeptValue(
              "iteration",
              "int",
              location(loop.header()).line(),
              extent(null),
              "how often the loop ran"));
    }
    return rows;
  }

  private Explanation.KeptValue row(String name, Value value, Kept kept, String reason) {
    int line = locations.getOrDefault(value, Location.NONE).line();
    return new Explanation.KeptValue(
        name, Phrases.type(value.type()), line, extent(kept, plan.block(value)), reason);
  }

  private Explanation.KeptValue overwritten(Op.StoreElement store, Kept kept, Block block) {
    return new Explanation.KeptValue(
        "what is overwritten in " + keptPhrases.value(store.array()),
        Phrases.type(store.value().type()),
        store.location().line(),
        extent(kept, block),
        "for what was loaded before");
  }

  private Explanation.KeptValue choice(
      Block block, Location location, Kept kept, String name, String reason) {
    return new Explanation.KeptValue(name, "int", location.line(), extent(kept, block), reason);
  }

  private String reason(Value value) {
    String readers = readers(value);
    return readers.isEmpty() ? "how often a loop runs" : readers;
  }

  private String readers(Value value) {
    Set<Op> readers = plan.readers().getOrDefault(value, Set.of());
    List<String> texts = new ArrayList<>();
    for (Op reader : readers) {
      if (texts.size() == MOST_READERS) {
        texts.add("and " + (readers.size() - MOST_READERS) + " more");
        break;
      }
      String text =
          Marks.isMark(reader) && reader.result() != null
              ? keptPhrases.value(reader.result()) + ", which leaves its loop with this derivative"
              : keptPhrases.op(reader) + line(reader.location());
      texts.add(text);
    }
    return texts.isEmpty() ? "" : "for " + String.join("; ", texts);
  }

  private List<String> recomputed() {
    List<String> lines = new ArrayList<>();
    for (Value value : plan.readers().keySet()) {
      Op op = plan.definition(value);
      if (keptPhrases.isConstant(value) || adjoint.values.containsKey(value)) {
        continue;
      }
      Inductions.Induction induction = plan.induction(value);
      Inductions.Series series = plan.series(value);
      if (induction != null) {
        lines.add(
            keptPhrases.value(value)
                + ": counted from "
                + keptPhrases.value(induction.start())
                + " in steps of "
                + induction.step());
      } else if (series != null) {
        lines.add(
            keptPhrases.value(value)
                + ": counted from "
                + keptPhrases.value(series.start())
                + " in steps of "
                + keptPhrases.value(series.first())
                + (series.growth() == 0 ? "" : ", each greater by " + series.growth()));
      } else if (op != null && (plan.isCheap(value, 0) || plan.restored().array(op) != null)) {
        lines.add(keptPhrases.op(op) + line(op.location()));
      }
    }
    return lines;
  }

  // ---------------------------------------------------------------- calls

  private List<Explanation.Callee> calls() {
    List<Explanation.Callee> calls = new ArrayList<>();
    for (Block block : shown.blocks()) {
      for (Op op : block.ops()) {
        Target target = activity.target(op);
        String derivative = target == null ? null : derivative(op, target);
        if (derivative != null) {
          calls.add(new Explanation.Callee(name(op), op.location().line(), derivative));
        }
      }
    }
    return calls;
  }

  private static String name(Op op) {
    return switch (op) {
      case Op.Call call -> Phrases.type(call.method().owner()) + "." + call.method().name();
      case Op.Apply apply -> apply.function().name();
      case Op.InvokeDynamic dynamic -> dynamic.site().invocationName();
      default -> throw new IllegalArgumentException("not a call: " + op);
    };
  }

  private @Nullable String derivative(Op op, Target target) {
    boolean isVaried = op.operands().stream().anyMatch(activity::isVaried);
    if (!isVaried && !(target instanceof Target.Opaque)) {
      return target instanceof Target.Boxing || target instanceof Target.Direct
          ? null
          : "passive: no active argument";
    }
    boolean isActive = isActive(op);
    return switch (target) {
      case Target.Boxing _ -> null;
      case Target.Ruled _ -> {
        boolean isInfluenced = op.result() != null && activity.isVaried(op.result());
        yield isActive
            ? "by its rule"
            : isInfluenced ? "passive: no result depends on it" : "passive: so says its rule";
      }
      case Target.Opaque opaque -> "passive, runs once: " + opaque.reason();
      case Target.Direct direct when Constructors.isConstructor(direct.function()) -> null;
      case Target.Direct direct when Handwritten.of(direct.function()) != null ->
          Foreign.of(direct.function()) == null ? null : "the platform's own code, on a shadow";
      case Target.Direct _ ->
          isActive
              ? "a derivative of its own, from its bytecode"
              : "passive: no result depends on it";
      case Target.Dispatched _ ->
          isActive
              ? "a derivative of its own, from the bytecode that the receiver's class chooses"
              : "passive: no result depends on it";
    };
  }
}
