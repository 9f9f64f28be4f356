package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Statics.Place;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What functions return that static fields lead to, as the accessor of a singleton does: who calls
 * it has what is in the field, and may put a value there that depends on the arguments. What is
 * returned may lead on to it, too, and what a call gives may be part of any of its arguments.
 *
 * @param places the fields, without those whose objects never change
 * @param isAlways whether nothing else is returned
 * @param isOfEnum whether a field of a constant of an enum may lead to it
 */
record ReturnedStatics(Set<Place> places, boolean isAlways, boolean isOfEnum) {
  private static final ReturnedStatics NONE = new ReturnedStatics(Set.of(), false, false);
  private static final int MOST_FUNCTIONS = 100;

  private static final ClassValue<Map<Function, ReturnedStatics>> OF_HOST =
      new ClassValue<>() {
        @Override
        protected Map<Function, ReturnedStatics> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  /** Those of a function, as far as can be seen: not of what it calls by the receiver's class. */
  static ReturnedStatics of(Function function) {
    return of(function, new HashSet<>());
  }

  private static ReturnedStatics of(Function function, Set<Function> seen) {
    Types types = Types.of(function.host());
    if (!types.isShadowed(function.type().returnType()) || hasNoNumbers(function, types)) {
      return NONE;
    }
    ReturnedStatics known = OF_HOST.get(function.host()).get(function);
    if (known != null) {
      return known;
    }
    if (seen.size() >= MOST_FUNCTIONS
        || !seen.add(function)
        || Handwritten.of(function) != null
        || Rules.method(function) != null) {
      return NONE;
    }
    boolean isOutermost = seen.size() == 1;
    ReturnedStatics found;
    try {
      found = new Search(function.body(), types, seen).found();
    } catch (GradientException e) {
      return NONE; // it is not derived
    }
    if (isOutermost) { // what has met itself on the way is not known yet
      OF_HOST.get(function.host()).put(function, found);
    }
    return found;
  }

  private static boolean hasNoNumbers(Function function, Types types) {
    try {
      return Statics.hasNoNumbers(types.resolve(function.type().returnType(), Location.NONE));
    } catch (GradientException e) { // a class that code names and never loads
      return false;
    }
  }

  /** Whether the one object that is returned never is another. */
  boolean isFound() {
    return isAlways && !places.isEmpty();
  }

  /** Where the returned values of a body come from. */
  private static final class Search {
    private final Body body;
    private final Types types;
    private final Set<Function> seen;
    private final Map<Value, Op> definitions;
    private final Map<Value, List<Value>> incoming;
    private final Set<Value> visited = new HashSet<>();
    private final Set<Place> places = new HashSet<>();
    private boolean isAlways = true;
    private boolean isOfEnum;

    Search(Body body, Types types, Set<Function> seen) {
      this.body = body;
      this.types = types;
      this.seen = seen;
      this.definitions = body.definitions();
      this.incoming = body.incoming();
    }

    ReturnedStatics found() {
      for (Block block : body.blocks()) {
        if (block.terminator() instanceof Terminator.Return returned && returned.value() != null) {
          follow(returned.value());
        }
      }
      return new ReturnedStatics(Set.copyOf(places), isAlways, isOfEnum);
    }

    private void follow(Value value) {
      if (!visited.add(value)) {
        return;
      }
      List<Value> passed = incoming.get(value);
      if (passed != null) {
        passed.forEach(this::follow);
        return;
      }
      switch (definitions.get(value)) {
        case Op.Constant constant when constant.value() == null -> {}
        case Op.Cast cast -> follow(cast.operand());
        case Op.LoadElement load -> follow(load.array());
        case Op.LoadField load when load.receiver() != null -> {
          if (types.isEnum(load.receiver(), load)) {
            isAlways = false;
            isOfEnum |= !types.isConstantOfEnum(load);
          } else {
            follow(load.receiver());
          }
        }
        case Op.LoadField load when types.isShadowed(load.field().type()) -> {
          Place place = Statics.place(load.field(), types, load.location());
          if (!Statics.holdsNothing(place) && !Statics.isConstant(place)) {
            places.add(place);
          }
        }
        case Op.Call call -> follow(call, Calls.target(call, types));
        case Op.Apply apply -> follow(apply, Calls.target(apply, types));
        case Op.New created -> {
          isAlways = false;
          followAll(created.arguments());
        }
        case Op.Lambda lambda -> {
          isAlways = false;
          followAll(lambda.captured());
        }
        case null, default -> isAlways = false;
      }
    }

    private void follow(Op call, @Nullable Target target) {
      ReturnedStatics returned =
          target instanceof Target.Direct direct ? of(direct.function(), seen) : NONE;
      places.addAll(returned.places);
      isAlways &= returned.isAlways;
      isOfEnum |= returned.isOfEnum;
      if (target instanceof Target.Direct || target instanceof Target.Dispatched) {
        boolean before = isAlways;
        followAll(call.operands());
        isAlways = before;
      }
    }

    private void followAll(List<Value> values) {
      for (Value value : values) {
        if (types.isShadowed(value.type())) {
          follow(value);
        }
      }
    }
  }
}
