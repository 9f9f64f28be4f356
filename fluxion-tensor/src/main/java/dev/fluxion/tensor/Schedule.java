package dev.fluxion.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Program} runs for inputs of certain types and shapes.
 *
 * @param isPossible whether the inputs fit together
 * @param forms of the inputs
 * @param operands of inputs that are {@link Deferred}
 * @param size how many values there are: those of the program, then operands of deferred ones
 * @param steps what is done
 * @param results the values that are the results
 */
record Schedule(
    boolean isPossible, Form[] forms, Operand[] operands, int size, Step[] steps, int[] results) {
  /** Sets some of the values. */
  interface Step {
    void run(@Nullable Object[] values);
  }

  /**
   * What matters of an input.
   *
   * @param type of the elements; null of what is no tensor
   * @param shape empty of what is no tensor
   * @param function of what is deferred
   */
  record Form(Sort sort, @Nullable DType type, int[] shape, @Nullable Entrywise function) {
    static Form of(@Nullable Object input) {
      if (input instanceof Tensor x) {
        Storage elements = x.elements();
        Entrywise function = elements instanceof Deferred later ? later.function() : null;
        return new Form(sort(elements), elements.type(), x.dimensions(), function);
      }
      return new Form(input == null ? Sort.NULL : Sort.NUMBER, null, new int[0], null);
    }

    static Form ofElements(DType type, int[] shape) {
      return new Form(Sort.TENSOR, type, shape, null);
    }

    private static Sort sort(Storage elements) {
      boolean isThere =
          elements instanceof Buffer
              || elements instanceof Packed
              || elements instanceof Mapped
              || elements instanceof ChannelsLast;
      return isThere
          ? Sort.TENSOR
          : elements instanceof Deferred
              ? Sort.DEFERRED
              : elements instanceof Repeated ? Sort.REPEATED : Sort.WAITING;
    }

    boolean fits(@Nullable Object input) {
      if (input instanceof Tensor x) {
        Storage elements = x.elements();
        if (elements instanceof Buffer own) { // which most are
          return sort == Sort.TENSOR
              && type == own.type()
              && Shapes.areEqual(shape, x.dimensions());
        }
        return sort == sort(elements)
            && type == elements.type()
            && Shapes.areEqual(shape, x.dimensions())
            && (sort != Sort.DEFERRED || ((Deferred) elements).function() == function);
      }
      return sort == (input == null ? Sort.NULL : Sort.NUMBER);
    }
  }

  /** What an input is. */
  enum Sort {
    /** A cotangent that is zero. */
    NULL,
    /** A number. */
    NUMBER,
    /** A tensor with elements. */
    TENSOR,
    /** A tensor all of whose elements are one number. */
    REPEATED,
    /** A sum of matrix products or slices that may be computed with others to come. */
    WAITING,
    /** A tensor whose elements are quickly computed from others. */
    DEFERRED
  }

  /**
   * An operand of a deferred value.
   *
   * @param of the deferred value
   * @param isSecond whether it is the second operand
   * @param value where it goes
   * @param form of a value that is not there yet; null if it is a value that is
   */
  record Operand(int of, boolean isSecond, int value, @Nullable Form form) {
    boolean take(@Nullable Object[] values) {
      if (!(values[of] instanceof Tensor x) || !(x.elements() instanceof Deferred later)) {
        return false; // another thread has computed it meanwhile
      }
      Object operand = isSecond ? later.second() : later.first();
      if (form == null) {
        return values[value] == operand;
      }
      values[value] = operand;
      return form.fits(operand);
    }
  }

  /**
   * The values with operands of deferred ones; null where this is not for such inputs.
   *
   * @param values of the program, of which inputs and constants are set
   */
  @Nullable Object @Nullable [] values(@Nullable Object[] values) {
    for (int i = 0; i < forms.length; i++) {
      if (!forms[i].fits(values[i])) {
        return null;
      }
    }
    if (operands.length == 0) {
      return values;
    }
    @Nullable Object[] all = Arrays.copyOf(values, size);
    for (Operand operand : operands) {
      if (!operand.take(all)) {
        return null;
      }
    }
    return all;
  }

  /**
   * Computes the results; false if it cannot.
   *
   * @param values with inputs, constants and operands of deferred values
   * @param to where the results go, at the end
   */
  boolean run(@Nullable Object[] values, @Nullable Object[] to) {
    if (!isPossible) {
      return false;
    }
    for (Step step : steps) {
      step.run(values);
    }
    for (int i = 0; i < results.length; i++) {
      to[to.length - results.length + i] = values[results[i]];
    }
    return true;
  }
}
