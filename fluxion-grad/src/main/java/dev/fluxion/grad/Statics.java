package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Constants;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The static fields that hold active values in the course of a derivative.
 *
 * <p>A static field is like a field of an object that all code has. Its shadow is a cell of the
 * tape, or of the tangents, so each derivative has its own; the field's place among these is the
 * cell's. What a field held before is a constant: what its cell has got in the end is dropped.
 *
 * @param places the fields, in a fixed order
 * @param isRepeated whether the code runs again, and must not repeat its effects
 */
record Statics(List<Place> places, boolean isRepeated) {
  /** No field. */
  static final Statics NONE = new Statics(List.of(), false);

  /** No field, in code that runs again. */
  static final Statics REPEATED = new Statics(List.of(), true);

  /** A static field: the class that declares it, and its name. */
  record Place(Class<?> owner, String field) {
    @Override
    public String toString() {
      return owner.getSimpleName() + "." + field;
    }
  }

  private static final Comparator<Place> ORDER =
      Comparator.comparing((Place place) -> place.owner.getName()).thenComparing(Place::field);

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** The cell of a field, or -1 when the field holds nothing active. */
  int cell(Place place) {
    return places.indexOf(place);
  }

  private Statics with(Collection<Place> others) {
    TreeSet<Place> all = new TreeSet<>(ORDER);
    all.addAll(places);
    all.addAll(others);
    return all.size() == places.size() ? this : new Statics(List.copyOf(all), isRepeated);
  }

  /**
   * The fields that a function and all that it calls make active. Which method a call chooses by
   * the receiver's class is guessed; should another be chosen that makes more fields active, it is
   * refused.
   */
  static Statics of(Function function, boolean[] active) {
    return of(function, active, Sight.NONE, NONE);
  }

  /**
   * The same, and the fields that are active anyway.
   *
   * @param sight code that may be called besides
   */
  static Statics of(Function function, boolean[] active, Sight sight, Statics others) {
    return Nesting.derive(function.name(), () -> search(function, active, sight, others));
  }

  private static Statics search(Function function, boolean[] active, Sight sight, Statics others) {
    Statics known = others;
    Created created = new Created();
    while (true) {
      Summaries summaries = Summaries.searching(known, sight, created);
      Statics more;
      try {
        more = known.with(summaries.of(function, active).statics());
      } catch (GradientException e) {
        throw Preparation.withCalls(e, function, active, known, Types.of(function.host()));
      }
      for (Function lambda : sight.lambdas()) {
        more = more.with(made(lambda, summaries));
      }
      if (more == known && created.isSettled()) {
        return known;
      }
      known = more;
      created = created.again();
    }
  }

  /** The fields that a captured lambda makes active when it is called with active values. */
  private static Set<Place> made(Function lambda, Summaries summaries) {
    Types types = Types.of(lambda.host());
    boolean[] active = new boolean[lambda.type().parameterCount()];
    for (int i = 0; i < active.length; i++) {
      active[i] = types.mayCarry(lambda.type().parameterType(i));
    }
    try {
      return summaries.of(lambda, active).statics();
    } catch (GradientException e) {
      return Set.of(); // should it be called, it is refused then
    }
  }

  /** The place of a field that code names. */
  static Place place(FieldRef field, Types types, Location location) {
    Class<?> named = types.resolve(field.owner(), location);
    Class<?> owner = declaring(named, field.name());
    return new Place(owner == null ? named : owner, field.name());
  }

  private static @Nullable Class<?> declaring(@Nullable Class<?> type, String field) {
    if (type == null) {
      return null;
    }
    DeclaredField declared = DeclaredField.of(type, field);
    if (declared != null && declared.isStatic()) {
      return type;
    }
    for (Class<?> parent : type.getInterfaces()) {
      Class<?> found = declaring(parent, field);
      if (found != null) {
        return found;
      }
    }
    return declaring(type.getSuperclass(), field);
  }

  /** Whether a field always has the same object, in which there is no number. */
  static boolean holdsNothing(Place place) {
    return holds(place, Statics::hasNoNumber);
  }

  /** Whether a field always has the same object, and that never changes. */
  static boolean isConstant(Place place) {
    return holds(place, object -> object != null && Constants.isUnchanging(object));
  }

  /** The class of the object that a field always has, or null when it may change or is not seen. */
  static @Nullable Class<?> classOf(Place place) {
    Object held = held(place);
    return held == null ? null : held.getClass();
  }

  /** The object that a field always has, or null when it may change or is not seen. */
  static @Nullable Object held(Place place) {
    List<Object> found = new ArrayList<>();
    boolean isFound = holds(place, object -> object != null && found.add(object));
    return isFound ? found.get(0) : null;
  }

  private static boolean hasNoNumber(@Nullable Object object) {
    if (object == null || !Carriers.mayCarry(object.getClass())) {
      return true;
    }
    Class<?> type = object.getClass();
    return !type.isArray() && !Carriers.isPlatform(type) && Layout.of(type).slots().isEmpty();
  }

  /** Whether a field is final, and what it holds is so. */
  private static boolean holds(Place place, Predicate<@Nullable Object> condition) {
    try {
      DeclaredField field = DeclaredField.of(place.owner, place.field);
      return field != null
          && field.isFinal()
          && !Carriers.isValue(field.type())
          && condition.test(field.getter(Types.privateLookup(place.owner)).invoke());
    } catch (Throwable e) { // it is out of reach, or its class cannot be initialised
      return false;
    }
  }

  // ---------------------------------------------------------------- constants of enums

  private static final ClassValue<Map<String, Boolean>> OF_ENUM =
      new ClassValue<>() {
        @Override
        protected Map<String, Boolean> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  /**
   * Whether a field of each constant of an enum always has the same object, which never changes.
   */
  static boolean isConstantOfEnum(Class<?> type, String field) {
    Class<?> owner = declaringOf(type, field);
    return owner != null
        && OF_ENUM.get(owner).computeIfAbsent(field, name -> isUnchanging(owner, name));
  }

  private static @Nullable Class<?> declaringOf(Class<?> type, String field) {
    for (Class<?> at = type; at != null && at != Enum.class; at = at.getSuperclass()) {
      if (DeclaredField.of(at, field) != null) {
        return at;
      }
    }
    return null;
  }

  private static boolean isUnchanging(Class<?> type, String name) {
    try {
      DeclaredField field = DeclaredField.of(type, name);
      Object @Nullable [] constants =
          (type.isEnum() ? type : type.getSuperclass()).getEnumConstants();
      if (field == null || !field.isFinal() || constants == null) {
        return false;
      }
      MethodHandle getter = field.getter(Types.privateLookup(type));
      for (Object constant : constants) {
        Object held = type.isInstance(constant) ? (Object) getter.invoke(constant) : null;
        if (held != null && !Constants.isUnchanging(held)) {
          return false;
        }
      }
      return true;
    } catch (Throwable e) { // it is out of reach, or its class cannot be initialised
      return false;
    }
  }

  // ---------------------------------------------------------------- types

  private static final ClassValue<Boolean> WITHOUT_NUMBERS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Layout.of(type).slots().isEmpty() && hasNoSubclass(type);
        }
      };

  /** Whether in no object of a class, or in an array of such, there is a number. */
  static boolean hasNoNumbers(Class<?> type) {
    Class<?> at = type;
    while (at.isArray()) {
      at = at.componentType();
    }
    return !at.isPrimitive()
        && !at.isInterface()
        && !Carriers.isPlatform(at)
        && !Carriers.isValue(at)
        && WITHOUT_NUMBERS.get(at);
  }

  /** Whether a class is final, or has constructors for itself only and does not extend itself. */
  private static boolean hasNoSubclass(Class<?> type) {
    if (Modifier.isFinal(type.getModifiers())) {
      return true;
    }
    try {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (!Modifier.isPrivate(
            constructor.getModifiers())) { // as those for nested classes once were
          return false;
        }
      }
      for (Class<?> member : type.getNestHost().getNestMembers()) {
        if (member != type && type.isAssignableFrom(member)) {
          return false;
        }
      }
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }
}
