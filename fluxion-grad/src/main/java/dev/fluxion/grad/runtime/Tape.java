package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a forward sweep leaves for the reverse sweep: stacks of numbers and references, and the
 * shadows of objects that were not handed over with one.
 *
 * <p>A called function pushes what its own reverse sweep needs; calls are reversed in the opposite
 * order, so stacks suffice. A tape belongs to one thread at a time.
 */
public final class Tape {
  private static final ThreadLocal<@Nullable Tape> FREE = new ThreadLocal<>();

  /** Where a reverse function leaves the adjoints of its floating-point arguments. */
  public final double[] numbers = new double[256];

  /** Where a reverse function leaves the adjoints of its arguments of a vector space. */
  public final @Nullable Object[] references = new Object[256];

  /** The shadow of what the last forward function returned. */
  public @Nullable Object shadow;

  private double[] doubles = new double[64];
  private long[] longs = new long[64];
  private @Nullable Object[] objects = new Object[64];
  private int doubleCount;
  private int longCount;
  private int objectCount;
  private @Nullable Map<Object, Object> shadows;
  private int callbacks;
  private int calls;
  private final Thread owner = Thread.currentThread();

  private Tape() {}

  /** An empty tape; give it back with {@link #release}. */
  public static Tape acquire() {
    Tape tape = FREE.get();
    if (tape == null) {
      return new Tape();
    }
    FREE.remove();
    return tape;
  }

  /** Empties the tape and keeps it for this thread's next use. */
  public void release() {
    Arrays.fill(objects, 0, objectCount, null);
    doubleCount = 0;
    longCount = 0;
    objectCount = 0;
    shadow = null;
    shadows = null;
    callbacks = 0;
    calls = 0;
    FREE.set(this);
  }

  /** Pushes a number. */
  public void push(double value) {
    if (doubleCount == doubles.length) {
      doubles = Arrays.copyOf(doubles, 2 * doubleCount);
    }
    doubles[doubleCount++] = value;
  }

  /** Pushes a number. */
  public void push(float value) {
    push((double) value);
  }

  /** Pushes a number. */
  public void push(long value) {
    if (longCount == longs.length) {
      longs = Arrays.copyOf(longs, 2 * longCount);
    }
    longs[longCount++] = value;
  }

  /** Pushes a number. */
  public void push(int value) {
    push((long) value);
  }

  /** Pushes a reference. */
  public void push(@Nullable Object value) {
    if (objectCount == objects.length) {
      objects = Arrays.copyOf(objects, 2 * objectCount);
    }
    objects[objectCount++] = value;
  }

  /** Pops what was pushed as a double. */
  public double popDouble() {
    return doubles[--doubleCount];
  }

  /** Pops what was pushed as a float. */
  public float popFloat() {
    return (float) popDouble();
  }

  /** Pops what was pushed as a long. */
  public long popLong() {
    return longs[--longCount];
  }

  /** Pops what was pushed as an int. */
  public int popInt() {
    return (int) popLong();
  }

  /** Pops what was pushed as a reference. */
  public @Nullable Object popObject() {
    Object value = objects[--objectCount];
    objects[objectCount] = null;
    return value;
  }

  /** The shadow of an object, made when there is none yet; null of null. */
  public @Nullable Object shadowOf(@Nullable Object primal) {
    if (primal == null) {
      return null;
    }
    Object known = map().get(primal);
    if (known == null) {
      known = Shadows.zero(primal, this);
      if (known != null) {
        remember(primal, known);
        Contents.of(primal).forEach(this::adopt);
      }
    }
    return known;
  }

  /** The shadow that a shadow's slot holds, made when there is none for the object there. */
  public @Nullable Object shadowAt(Shadow holder, int slot, @Nullable Object primal) {
    Object known = holder.references[slot];
    if (isMissing(known, primal)) {
      known = shadowOf(primal);
      holder.references[slot] = known;
    }
    return known;
  }

  /** The shadow of an array's element, made when there is none for the object there. */
  public @Nullable Object shadowAt(@Nullable Object[] holder, int index, @Nullable Object primal) {
    Object known = holder[index];
    if (isMissing(known, primal)) {
      known = shadowOf(primal);
      holder[index] = known;
    }
    return known;
  }

  /** Whether a place has no shadow, or that of an object that has been replaced meanwhile. */
  private static boolean isMissing(@Nullable Object known, @Nullable Object primal) {
    return primal != null
        && (known == null
            || (known instanceof Shadow one && one.primal != null && one.primal != primal));
  }

  /**
   * Tells the shadow of something that goes into code that is not looked into, where it can be
   * found again by its identity. Without a shadow it is a constant, and what a container holds too.
   */
  public void announce(@Nullable Object primal, @Nullable Object known) {
    if (primal == null) {
      return;
    }
    if (known == null) {
      adopt(primal);
      return;
    }
    remember(primal, known);
    if (primal instanceof Object[] array && !Shadows.isNumeric(array.getClass())) {
      Object[] parts = (Object[]) known;
      for (int i = 0; i < array.length; i++) {
        announce(array[i], parts[i]);
      }
    }
  }

  private void remember(Object primal, Object known) {
    map().put(primal, known);
    if (known instanceof Shadow one) {
      one.primal = primal;
    }
  }

  /** Finds the shadows of the elements of an array that code has had a chance to move. */
  public void refresh(@Nullable Object primal, @Nullable Object known) {
    if (primal instanceof Object[] array && known != null && !Shadows.isNumeric(array.getClass())) {
      @Nullable Object[] parts = (@Nullable Object[]) known;
      for (int i = 0; i < array.length; i++) {
        parts[i] = found(array[i], "an array");
      }
    }
  }

  private Map<Object, Object> map() {
    if (shadows == null) {
      shadows = new IdentityHashMap<>();
    }
    return shadows;
  }

  private void adopt(@Nullable Object primal) {
    if (primal == null || (shadows != null && shadows.containsKey(primal))) {
      return;
    }
    if (Carriers.mayCarry(primal.getClass())) {
      shadowOf(primal);
      Contents.of(primal).forEach(this::adopt);
    }
  }

  /**
   * The shadow of something that came out of code that is not looked into.
   *
   * @param where the code, for people
   */
  public @Nullable Object found(@Nullable Object primal, String where) {
    if (primal == null || !Carriers.mayCarry(primal.getClass())) {
      return null;
    }
    Object known = map().get(primal);
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
    if (Carriers.isPlatform(primal.getClass())
        && !primal.getClass().isArray()
        && !Carriers.isValue(primal.getClass())) {
      return shadowOf(primal);
    }
    throw new GradientException(
        "cannot differentiate through "
            + where
            + ": a "
            + primal.getClass().getSimpleName()
            + " came out of it that did not go in, so what it depends on is not known; compute it"
            + " in a loop, or wrap it in Grad.stopGradient if it is a constant");
  }

  /** How full the tape is. */
  private record Mark(int doubles, int longs, int objects, int callbacks, int calls) {}

  /** How full the tape is, for {@link #unwind}. */
  public Object mark() {
    return new Mark(doubleCount, longCount, objectCount, callbacks, calls);
  }

  /**
   * Takes what was pushed since a mark, by a call that threw an exception.
   *
   * @param trouble why that cannot be undone, or null
   */
  public void unwind(Object mark, Throwable exception, @Nullable String trouble) {
    if (trouble != null) {
      throw new GradientException(trouble, exception);
    }
    Mark before = (Mark) mark;
    Arrays.fill(objects, before.objects, objectCount, null);
    doubleCount = before.doubles;
    longCount = before.longs;
    objectCount = before.objects;
    callbacks = before.callbacks;
    calls = before.calls;
  }

  /** Begins a call of code that may call back. */
  public int enter() {
    int outer = callbacks;
    callbacks = 0;
    calls++;
    return outer;
  }

  /** Ends a call of code that may have called back. */
  public void leave(int outer) {
    push(callbacks);
    callbacks = outer;
    calls--;
  }

  /** Refuses to record what happens on another thread, or outside of a call. */
  public void checkOwner(Class<?> type) {
    if (Thread.currentThread() != owner || calls == 0) {
      throw new GradientException(
          "cannot differentiate a "
              + type.getSimpleName()
              + " that is called back on another thread or after the call that took it");
    }
  }

  /** Records that a function was called back. */
  public void called(Target target, boolean returnsNumber) {
    push(target);
    push(returnsNumber ? 1 : 0);
    callbacks++;
  }

  /** Reverses what a call of code has called back. */
  public void reverseCallbacks() throws Throwable {
    for (int i = popInt(); i > 0; i--) {
      boolean returnsNumber = popInt() != 0;
      Target target = (Target) Objects.requireNonNull(popObject());
      target.reverse(returnsNumber ? new Object[] {this, 0.0} : new Object[] {this});
    }
  }
}
