package dev.fluxion.grad;

import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one operation of several that stand one after the other in code, for a type whose
 * operations cost more to begin, and to hand on in memory, than to compute. The type names it by
 * {@link FusedBy}.
 *
 * <p>It is asked about code as it is going to run, forward and reverse sweeps among it, so what it
 * makes is never differentiated.
 */
public interface Fuser {
  /**
   * A call that is to be part of one operation.
   *
   * @param callee what is called
   * @param arguments its arguments, the receiver first
   */
  record Part(Callee callee, List<Argument> arguments) {}

  /**
   * What is called: a method, or a function behind a handle, such as a rule.
   *
   * @param method the method; of a function, how its handle is called
   * @param function the function, or null
   */
  record Callee(MethodRef method, @Nullable Function function) {}

  /** An argument of a part. */
  sealed interface Argument {
    /** What the operation is given. */
    record Input(int index) implements Argument {}

    /** The result of a part that comes before. */
    record Result(int part) implements Argument {}

    /** A value that is the same each time. */
    record Constant(@Nullable Object value) implements Argument {}
  }

  /** One operation in the place of several. */
  interface Operation {
    /** Whether it is worth while for such an input; else the parts run one by one. */
    boolean pays(@Nullable Object input);

    /** How much room it needs: for the inputs, what it likes, and the results. */
    int room();

    /**
     * Sets the last values, the results; the inputs are the first. Returns false where the inputs
     * do not fit together, and the parts, one by one, are to do, or to refuse, what they do.
     */
    boolean run(@Nullable Object[] values);

    /**
     * Whether it keeps nothing: when it has run, neither what it was given nor what was lent while
     * it ran is to be found anywhere but in its results, see {@link Lender#lends}.
     */
    default boolean keepsNothing() {
      return false;
    }
  }

  /**
   * Whether a call can be a part. Adding adjoints, of which null is zero, is one of {@code
   * Adjoints.sum}.
   */
  boolean takes(Callee callee);

  /**
   * The operation in the place of parts, or null where it gains nothing.
   *
   * @param inputs how many inputs there are
   * @param results the parts whose results are read by others
   * @param kept those of them that are but kept, for the reverse sweep, say
   */
  @Nullable Operation fuse(List<Part> parts, int inputs, List<Integer> results, Set<Integer> kept);
}
