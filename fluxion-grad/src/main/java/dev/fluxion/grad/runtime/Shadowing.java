package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** The shadows of objects that were not handed over with one, by the identity of the objects. */
public sealed class Shadowing permits Tape, Tangents.Direction {
  private @Nullable Map<Object, Object> shadows;
  private final @Nullable Shadowing outer;
  private boolean isSealed;

  Shadowing() {
    this(null);
  }

  /** What another knows is known here too. */
  Shadowing(@Nullable Shadowing outer) {
    this.outer = outer;
  }

  /** Forgets all shadows. */
  final void forget() {
    shadows = null;
    isSealed = false;
  }

  /** Says that all objects are known by now: another one has come in place of one of them. */
  public final void seal() {
    isSealed = true;
  }

  /** Says what the shadow of an object is. */
  public final void define(Object primal, Object shadow) {
    remember(primal, shadow);
  }

  /** The shadow of an object, made when there is none yet; null of null. */
  @Primitive(Shadowing.class)
  public @Nullable Object shadowOf(@Nullable Object object) {
    Object primal = Called.behind(object);
    if (primal != null && known(primal) == null) {
      Contents.of(primal).forEach(this::alsoElsewhere);
    }
    return shadowOf(primal, false);
  }

  /** Says of a part of what is met for the first time that it is something else's too. */
  private void alsoElsewhere(@Nullable Object part) {
    if (part != null && isVariable(part) && known(part) instanceof Shadow variable) {
      variable.isAmbiguous = true; // until it comes out again, nothing is wrong
    }
  }

  private @Nullable Object shadowOf(@Nullable Object primal, boolean isConstant) {
    if (primal == null) {
      return null;
    }
    Object known = known(primal);
    if (known == null) {
      known = Shadows.zero(primal, this::shadowOf);
      if (known != null) {
        if (isSealed) {
          throw new GradientException(
              "a "
                  + primal.getClass().getSimpleName()
                  + " has been put into an argument or the result after the pullback was made;"
                  + " leave their lists and maps as they are until the gradients are taken");
        }
        remember(primal, known);
        Contents.of(primal).forEach(part -> adopt(part, isConstant));
        if (known instanceof Shadow one) {
          one.isConstant = isConstant;
        }
      }
    }
    return known;
  }

  /**
   * The shadow of an argument: a number or vector gets one of its own, though another argument may
   * be the very same object.
   */
  public final @Nullable Object shadowOfArgument(Object primal) {
    if (!Carriers.isValue(primal.getClass())) {
      checkParts(primal);
      return shadowOf(primal);
    }
    Shadow cell = (Shadow) Objects.requireNonNull(Shadows.zero(primal, this::shadowOf));
    cell.isAmbiguous = known(primal) != null;
    remember(primal, cell);
    return cell;
  }

  /** What a container holds has its shadow by its identity, so it must not be met already. */
  private void checkParts(Object argument) {
    if (known(argument) != null) {
      return; // two arguments are the same container
    }
    for (Object part : Contents.of(argument)) {
      if (part != null && isVariable(part)) {
        throw new GradientException(
            "the same "
                + part.getClass().getSimpleName()
                + " is in two arguments, in a "
                + argument.getClass().getSimpleName()
                + " in one of them: its derivatives could not be told apart; give one a copy");
      }
    }
  }

  /**
   * The shadow of what came to a place without one, as a constant does. Each place has an adjoint
   * of its own, though places may share a number or vector.
   */
  @Primitive(Shadowing.class)
  public @Nullable Object shadowOfPlace(@Nullable Object primal) {
    return primal != null && Carriers.isValue(primal.getClass())
        ? Shadows.zero(primal, this::shadowOf)
        : shadowOf(primal);
  }

  /** The shadow that a shadow's slot holds, made when there is none for the object there. */
  public @Nullable Object shadowAt(Shadow holder, int slot, @Nullable Object primal) {
    Object known = holder.references[slot];
    if (isMissing(known, primal)) {
      known = known == null ? shadowOfPlace(primal) : shadowOf(primal);
      holder.references[slot] = known;
    }
    return known;
  }

  /** The shadow of an array's element, made when there is none for the object there. */
  public @Nullable Object shadowAt(@Nullable Object[] holder, int index, @Nullable Object primal) {
    Object known = holder[index];
    if (isMissing(known, primal)) {
      known = known == null ? shadowOfPlace(primal) : shadowOf(primal);
      holder[index] = known;
    }
    return known;
  }

  /** Whether a place has no shadow, or that of an object that has been replaced meanwhile. */
  @Primitive(Shadowing.class)
  private static boolean isMissing(@Nullable Object known, @Nullable Object primal) {
    return primal != null
        && (known == null
            || (known instanceof Shadow one
                && one.primal != null
                && one.primal != primal
                && one.primal != Called.behind(primal)));
  }

  /**
   * Tells the shadow of something that goes into code that is not looked into, where it can be
   * found again by its identity. Without a shadow it is a constant, and what a container holds too.
   */
  public void announce(@Nullable Object primal, @Nullable Object known) {
    if (primal == null || !Carriers.mayCarry(primal.getClass())) {
      return;
    }
    Loans.keep(primal);
    if (primal instanceof BaseStream<?, ?> stream && stream.isParallel()) {
      BaseStream<?, ?> _ =
          stream.sequential(); // what it calls back is recorded in the order in which it happens
    }
    if (known == null || (known instanceof Shadow shadow && shadow.isConstant)) {
      adopt(primal, true);
      return;
    }
    if (isVariable(primal)) {
      return; // a number does not change, and where it came from is where its adjoint belongs
    }
    remember(primal, known);
    if (primal instanceof Object[] array) {
      Object[] parts = (Object[]) known;
      for (int i = 0; i < array.length; i++) {
        announce(array[i], parts[i]);
      }
    }
  }

  /** Whether a number or vector has a shadow, and not as a constant. */
  private boolean isVariable(Object primal) {
    return Carriers.isValue(primal.getClass())
        && known(primal) instanceof Shadow known
        && !known.isConstant;
  }

  private void remember(Object object, Object known) {
    Object primal = Objects.requireNonNull(Called.behind(object));
    map().put(primal, known);
    if (known instanceof Shadow one) {
      one.primal = primal;
    }
  }

  /**
   * Tells what is known of the parts of a container that a constructor has made again, of those of
   * the one that it made first.
   *
   * @param where the field that holds it, for people
   */
  public void rebuilt(@Nullable Object first, @Nullable Object again, String where) {
    if (first == again || first == null || again == null) {
      return;
    }
    if (!Rebuilding.isContainer(again)) {
      Rebuilding.refuseContainers(first, again, where);
      return;
    }
    List<@Nullable Object> parts = Rebuilding.parts(first);
    List<@Nullable Object> others = Rebuilding.parts(again);
    Rebuilding.requireSame(first, parts.size(), again, others.size(), where);
    for (int i = 0; i < parts.size(); i++) {
      Object part = Called.behind(parts.get(i));
      Object other = Called.behind(others.get(i));
      Object known = other == null ? null : known(other);
      if (part != null && part != other && known != null) {
        remember(part, known);
      }
      rebuilt(part, other, where);
    }
  }

  /** Finds the shadows of the elements of an array that code has had a chance to move. */
  public void refresh(@Nullable Object primal, @Nullable Object known) {
    if (primal instanceof Object[] array && known != null) {
      @Nullable Object[] parts = (@Nullable Object[]) known;
      for (int i = 0; i < array.length; i++) {
        parts[i] = found(array[i], "an array");
      }
    }
  }

  /** Finds the shadows of the elements of an array of shadows that code has changed. */
  public void reload(@Nullable Object primal, @Nullable Object known) {
    if (primal instanceof Object[] array && known != null) {
      @Nullable Object[] parts = (@Nullable Object[]) known;
      for (int i = 0; i < array.length; i++) {
        parts[i] = shadowOf(array[i]);
      }
    }
  }

  /** The shadow that has been remembered for an object, or null. */
  public final @Nullable Object known(Object primal) {
    Object here = shadows == null ? null : shadows.get(primal);
    return here != null || outer == null ? here : outer.known(primal);
  }

  private Map<Object, Object> map() {
    if (shadows == null) {
      shadows = new IdentityHashMap<>();
    }
    return shadows;
  }

  private void adopt(@Nullable Object object, boolean isConstant) {
    Object primal = Called.behind(object);
    if (primal == null) {
      return;
    }
    if (known(primal) != null) {
      if (isConstant) {
        alsoElsewhere(primal);
      }
      return;
    }
    if (Carriers.mayCarry(primal.getClass())) {
      shadowOf(primal, isConstant);
      Contents.of(primal).forEach(part -> adopt(part, isConstant));
    }
  }

  /**
   * The shadow of something that came out of code that is not looked into.
   *
   * @param where the code, for people
   */
  public @Nullable Object found(@Nullable Object object, String where) {
    Object primal = Called.behind(object);
    if (primal == null || !Carriers.mayCarry(primal.getClass())) {
      return null;
    }
    Object known = known(primal);
    if (known instanceof Shadow one && one.isAmbiguous && Carriers.isValue(primal.getClass())) {
      throw new GradientException(
          "cannot differentiate through "
              + where
              + ": a "
              + primal.getClass().getSimpleName()
              + " came out of it that is an argument, or depends on one, and as the very same object"
              + " is a constant or another argument too, so which derivative it has is not known;"
              + " use a copy for one of them");
    }
    if (known != null) {
      return known;
    }
    if (primal instanceof Object[] array && !Shadows.isNumeric(array.getClass())) {
      @Nullable Object[] parts = new @Nullable Object[array.length];
      for (int i = 0; i < array.length; i++) {
        parts[i] = found(array[i], where);
      }
      map().put(primal, parts);
      return parts;
    }
    if (primal instanceof Called) {
      return shadowOf(primal, false);
    }
    if (Carriers.isPlatform(primal.getClass())
        && !primal.getClass().isArray()
        && !Carriers.isValue(primal.getClass())) {
      requireKnownParts(primal, where);
      return shadowOf(primal, false);
    }
    throw unknown(primal, where);
  }

  /** That no container came out with a number in it that was made by code not looked into. */
  private void requireKnownParts(Object container, String where) {
    for (Object part : Contents.of(container)) {
      Object primal = Called.behind(part);
      if (primal == null || known(primal) != null || !Carriers.mayCarry(primal.getClass())) {
        continue;
      }
      if (Carriers.isValue(primal.getClass())) {
        throw unknown(primal, where);
      }
      requireKnownParts(primal, where);
    }
  }

  private static GradientException unknown(Object primal, String where) {
    return new GradientException(
        "cannot differentiate through "
            + where
            + ": a "
            + primal.getClass().getSimpleName()
            + " came out of it that did not go in, so what it depends on is not known; compute it"
            + " in a loop, or wrap it in Grad.stopGradient if it is a constant");
  }
}
