package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import java.lang.invoke.MethodHandle;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a forward sweep leaves for the reverse sweep: stacks of numbers and references, and the
 * shadows of objects that were not handed over with one.
 *
 * <p>A called function pushes what its own reverse sweep needs; calls are reversed in the opposite
 * order, so stacks suffice. A tape belongs to one thread at a time.
 */
public final class Tape extends Shadowing {
  /** How many entries of its stacks a tape may have that a thread keeps whatever happens. */
  private static final int SMALL = 1 << 16;

  /**
   * A thread's tape while nobody uses it; where it lies stays, so that no map changes. A tape that
   * has grown large is given up when memory is short: a thread may live for long after it.
   */
  private static final class Free {
    private @Nullable Tape tape;
    private @Nullable SoftReference<Tape> large;

    @Nullable Tape take() {
      Tape taken = tape;
      if (taken == null && large != null) {
        taken = large.get();
        large = null;
      }
      tape = null;
      return taken;
    }

    void put(Tape given) {
      if (given.size() <= SMALL) {
        tape = given;
      } else {
        large = given.reference();
      }
    }
  }

  private static final ThreadLocal<Free> FREE = ThreadLocal.withInitial(Free::new);

  /** Where the tape is put back, if it is its thread's. */
  private @Nullable Free place;

  private @Nullable SoftReference<Tape> reference;

  /** Where a reverse function leaves the adjoints of its floating-point arguments. */
  public final double[] numbers = new double[256];

  /** Where a reverse function leaves the adjoints of its arguments of a vector space. */
  public final @Nullable Object[] references = new Object[256];

  /** The shadow of what the last forward function returned. */
  public @Nullable Object shadow;

  private @Nullable Object[] cells = new Object[4];
  private boolean hasCells;
  private double[] doubles = new double[64];
  private long[] longs = new long[64];
  private @Nullable Object[] objects = new Object[64];
  private @Nullable Object[] shadowStack = new Object[16];
  private int doubleCount;
  private int longCount;
  private int objectCount;
  private int shadowCount;
  private boolean lasts;
  private volatile @Nullable GradientException refusal;
  private int callbacks;
  private int calls;
  private final Thread owner = Thread.currentThread();

  private @Nullable Copies copies;
  private @Nullable Events events;
  private @Nullable Loans loans; // while it borrows
  private @Nullable Loans ownLoans;

  private Tape() {
    this(null);
  }

  private Tape(@Nullable Tape outer) {
    super(outer);
  }

  /** An empty tape; give it back with {@link #release}. */
  public static Tape acquire() {
    Free free = FREE.get();
    Tape tape = free.take();
    if (tape == null) {
      tape = new Tape();
      tape.place = free;
    }
    return tape;
  }

  private int size() {
    return doubles.length + longs.length + objects.length + shadowStack.length;
  }

  private SoftReference<Tape> reference() {
    if (reference == null) {
      reference = new SoftReference<>(this);
    }
    return reference;
  }

  /** A tape of one's own, as for a derivative within code that is differentiated itself. */
  @Primitive(Tape.class)
  public static Tape fresh() {
    return new Tape();
  }

  /** A tape to throw away, of a part of what is recorded here: it knows all shadows known here. */
  public Tape part() {
    return new Tape(this);
  }

  /** What happens once, though what is recorded here may run again; null when it does not. */
  public @Nullable Events events() {
    return events;
  }

  /** Says that what is recorded here may run again, or does so now. */
  public void expect(@Nullable Events expected) {
    events = expected;
  }

  /** Whether what happens once has happened before. */
  public boolean isRepeated() {
    return events != null && events.areOver();
  }

  /** The result that the next of the things that happen once has had. */
  public @Nullable Object result() {
    return events == null ? null : events.next();
  }

  /** Says what one of the things that happen once has led to. */
  public void happened(@Nullable Object result) {
    if (events != null) {
      events.add(result);
    }
  }

  /**
   * Lends memory to the derivative that is recorded here and ends with it, unless another one
   * borrows already; {@link #giveBack} gives back what it has not handed out.
   */
  public void borrow() {
    if (Loans.areExpected()) {
      if (ownLoans == null) {
        ownLoans = new Loans();
      }
      loans = ownLoans.open() ? ownLoans : null;
    }
  }

  /** What is lent, or null. */
  @Nullable Loans loans() {
    return loans;
  }

  /** Gives back the memory of what is neither the result of the derivative nor kept elsewhere. */
  public void giveBack() {
    if (loans != null) {
      loans.giveBack();
    }
  }

  /** The copies of arrays that this tape holds. */
  public Copies copies() {
    if (copies == null) {
      copies = new Copies();
    }
    return copies;
  }

  /** A tape that can be read several times: see {@link #rewind}. */
  @Primitive(Tape.class)
  public static Tape lasting() {
    Tape tape = new Tape();
    tape.lasts = true;
    return tape;
  }

  /** Empties the tape and keeps it for this thread's next use. */
  public void release() {
    if (objectCount > 0 || shadowCount > 0) { // only after an exception
      Arrays.fill(objects, 0, objectCount, null);
      Arrays.fill(shadowStack, 0, shadowCount, null);
      objectCount = 0;
      shadowCount = 0;
    }
    doubleCount = 0;
    longCount = 0;
    shadow = null;
    if (hasCells) {
      Arrays.fill(cells, null);
      hasCells = false;
    }
    forget();
    callbacks = 0;
    calls = 0;
    if (refusal != null) { // the fence of a volatile write costs as much as a short gradient
      refusal = null;
    }
    copies = null;
    events = null;
    if (loans != null) {
      loans.close();
      loans = null;
    }
    if (place != null) {
      place.put(this);
    }
  }

  /** The shadow of a static field. */
  public Shadow cell(int index) {
    if (index >= cells.length) {
      cells = Adjoints.ensure(cells, index + 1);
    }
    Shadow cell = (Shadow) cells[index];
    if (cell == null) {
      cell = new Shadow(1, 1);
      cells[index] = cell;
      hasCells = true;
    }
    return cell;
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
      objects = Adjoints.ensure(objects, 2 * objectCount);
    }
    objects[objectCount++] = value;
  }

  /** Pushes a shadow: what the reverse sweep changes, where it only reads all else. */
  public void pushShadow(@Nullable Object value) {
    if (shadowCount == shadowStack.length) {
      shadowStack = Adjoints.ensure(shadowStack, 2 * shadowCount);
    }
    shadowStack[shadowCount++] = value;
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
    if (!lasts) {
      objects[objectCount] = null;
    }
    return value;
  }

  /** Pops what was pushed as a shadow. */
  public @Nullable Object popShadow() {
    Object value = shadowStack[--shadowCount];
    if (!lasts) {
      shadowStack[shadowCount] = null;
    }
    return value;
  }

  /** How full the tape is. */
  private record Mark(int doubles, int longs, int objects, int shadows) {}

  /** How full the tape is, for {@link #rewind}. */
  public Object mark() {
    return new Mark(doubleCount, longCount, objectCount, shadowCount);
  }

  /**
   * Makes a tape that {@link #lasting lasts} as it was at a mark, before a reverse sweep: what was
   * popped is there again, and all shadows on it are zero.
   *
   * @param others shadows that are made zero besides
   */
  public void rewind(Object mark, List<Object> others) {
    Mark before = (Mark) mark;
    doubleCount = before.doubles;
    longCount = before.longs;
    objectCount = before.objects;
    shadowCount = before.shadows;
    Set<Object> cleared = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < shadowCount; i++) {
      Shadows.clear(shadowStack[i], cleared);
    }
    for (Object cell : cells) {
      Shadows.clear(cell, cleared);
    }
    for (Object other : others) {
      Shadows.clear(other, cleared);
    }
    Arrays.fill(references, null);
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
    GradientException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    push(callbacks);
    callbacks = outer;
    calls--;
  }

  /**
   * Refuses to record what happens on another thread, or outside of a call.
   *
   * @param type what is called back, for people
   */
  @Primitive(Tape.class)
  public void checkOwner(String type) {
    if (Thread.currentThread() != owner || calls == 0) {
      throw new GradientException(
          "cannot differentiate a "
              + type
              + " that is called back on another thread or after the call that took it");
    }
  }

  /** Remembers what a callback threw because it cannot be differentiated: nobody may catch that. */
  public void refuse(Throwable exception) {
    GradientException said = Adjoints.refusal(exception);
    if (said != null) {
      refusal = said;
    }
  }

  /** Records that a function was called back. */
  public void called(Target target, int returnsNumber) {
    push(target);
    push(returnsNumber);
    callbacks++;
  }

  /** Reverses what a call of code has called back. */
  public void reverseCallbacks() throws Throwable {
    for (int i = popInt(); i > 0; i--) {
      boolean returnsNumber = popInt() != 0;
      MethodHandle reverse = ((Target) Objects.requireNonNull(popObject())).reverse;
      if (returnsNumber) {
        reverse.invokeExact(this, 0.0);
      } else {
        reverse.invokeExact(this);
      }
    }
  }
}
