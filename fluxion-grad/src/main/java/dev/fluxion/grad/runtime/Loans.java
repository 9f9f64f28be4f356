package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Lender;
import dev.fluxion.grad.LentBy;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory that is lent to a derivative, from its beginning to its end, on one thread.
 *
 * <p>Generated code calls {@link #begin} before each operation of which a {@link Lender} says that
 * it keeps nothing, {@link #own} after it, and {@link #keep} where an object gets to where others
 * may find it. So only what such operations have borrowed, and nobody else can find, is given back.
 * Nothing is lent to other code, which may run for long: what it drops is the collector's.
 */
public final class Loans {
  private static final int FEWEST = 64;

  private static final ClassValue<Optional<Lender>> LENDERS =
      new ClassValue<>() {
        @Override
        protected Optional<Lender> computeValue(Class<?> type) {
          LentBy named = type.getAnnotation(LentBy.class);
          return Optional.ofNullable(named).map(given -> made(given.value()));
        }
      };

  /** Where a thread's loans are; it stays, so that no map changes. */
  private static final class Place {
    private @Nullable Loans current;
  }

  private static final ThreadLocal<Place> PLACES = ThreadLocal.withInitial(Place::new);

  /** Whether there is anything to lend, so that nothing else is slower for it. */
  private static boolean isExpected;

  /** Memory that is lent. */
  public interface Loan {
    /**
     * Says that it is lent to the derivative, and not to code that the derivative has called.
     *
     * @return whether it is to be given back
     */
    boolean own();

    /** Whether it may be read after the derivative has ended. */
    boolean isKept();

    /** Takes it back: nobody reads it any more. */
    void giveBack();

    /** Says that it is remembered as it is, so that it changes no more. */
    default void hold() {}
  }

  private final Place place = PLACES.get();
  private boolean isLending; // since the last call of begin
  private @Nullable Loan[] lent = new @Nullable Loan[FEWEST];
  private int count;
  private Reference<Loan>[] own = references(FEWEST); // of which the collector frees what is dead
  private int owned;
  private int derivative;

  Loans() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Reference<Loan>[] references(int size) {
    return new Reference[size];
  }

  private static Lender made(Class<? extends Lender> type) {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new GradientException(
          type.getName() + " cannot be made; a lender has a constructor without parameters", e);
    }
  }

  /** What lends the memory of a type's objects, or null. */
  public static @Nullable Lender lender(Class<?> type) {
    return LENDERS.get(type).orElse(null);
  }

  /** Says that there is memory to lend, before the first is lent. */
  public static void expect() {
    isExpected = true;
  }

  static boolean areExpected() {
    return isExpected;
  }

  // ---------------------------------------------------------------- of a thread

  /** The loans of this thread's derivative if they are lent at the moment, or null. */
  public static @Nullable Loans current() {
    Loans loans = isExpected ? PLACES.get().current : null;
    return loans != null && loans.isLending ? loans : null;
  }

  /**
   * Lends nothing on this thread until {@link #resume}, while code runs that may do anything.
   *
   * @return what to resume
   */
  public static @Nullable Loans pause() {
    Loans loans = current();
    if (loans != null) {
      loans.isLending = false;
    }
    return loans;
  }

  /** Goes on lending. */
  public static void resume(@Nullable Loans loans) {
    if (loans != null) {
      loans.isLending = true;
    }
  }

  /**
   * Begins to lend to a derivative on the thread where this was made; {@link #close} ends it. Only
   * the outermost borrows: of those that are taken in it there may be many, each of other sizes.
   *
   * @return whether it is lent to
   */
  boolean open() {
    if (place.current != null) {
      return false;
    }
    place.current = this;
    derivative++;
    return true;
  }

  /** Ends lending. */
  void close() {
    place.current = null;
    isLending = false;
    drop();
    if (owned > 0) {
      Arrays.fill(own, 0, owned, null);
      owned = 0;
    }
  }

  /** A number that tells one derivative on a thread from the next. */
  public int derivative() {
    return derivative;
  }

  /** Lends memory. */
  public void add(Loan loan) {
    if (count == lent.length) {
      lent = Arrays.copyOf(lent, 2 * count);
    }
    lent[count++] = loan;
  }

  private void drop() {
    if (count > 0) {
      Arrays.fill(lent, 0, count, null);
      count = 0;
    }
  }

  private void own() {
    for (int i = 0; i < count; i++) {
      Loan loan = Objects.requireNonNull(lent[i]);
      lent[i] = null;
      if (loan.own()) {
        if (owned == own.length) {
          own = Arrays.copyOf(own, 2 * owned);
        }
        own[owned++] = new WeakReference<>(loan);
      }
    }
    count = 0;
  }

  /** Gives back what is not kept. */
  void giveBack() {
    for (int i = 0; i < owned; i++) {
      Loan loan = own[i].get();
      if (loan != null && !loan.isKept()) {
        loan.giveBack();
      }
    }
  }

  // ---------------------------------------------------------------- called by generated code

  /** Begins to lend to an operation. */
  public static void begin(Tape tape) {
    Loans loans = tape.loans();
    if (loans != null) {
      loans.drop(); // what one that failed has borrowed
      loans.isLending = true;
    }
  }

  /** Says that what was lent since the last call of {@link #begin} is the derivative's. */
  public static void own(Tape tape) {
    Loans loans = tape.loans();
    if (loans != null) {
      loans.isLending = false;
      if (loans.count > 0) {
        loans.own();
      }
    }
  }

  /**
   * Says that an object, or the elements of an array, if their memory is lent, may be read after
   * the derivative has ended.
   */
  public static void keep(@Nullable Object object) {
    if (isExpected && object != null) {
      keep(object, object.getClass());
    }
  }

  private static void keep(Object object, Class<?> type) {
    if (object instanceof Object[] array) {
      boolean areLent = lender(type.componentType()) != null;
      for (int i = 0; areLent && i < array.length; i++) {
        keep(array[i]);
      }
      return;
    }
    Lender lender = lender(type);
    if (lender != null) {
      lender.keep(object);
    }
  }
}
