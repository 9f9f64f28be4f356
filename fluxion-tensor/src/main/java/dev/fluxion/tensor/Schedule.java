package dev.fluxion.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Program} runs for inputs of certain types and shapes.
 *
 * @param forms of the inputs
 * @param steps what is done
 * @param results the values that are the results
 */
record Schedule(Form[] forms, Step[] steps, int[] results) {
  /** Sets some of the program's values. */
  interface Step {
    void run(@Nullable Object[] values);
  }

  /**
   * What matters of an input.
   *
   * @param type of the elements; null of what is no tensor
   * @param shape empty of what is no tensor
   */
  record Form(Sort sort, @Nullable DType type, int[] shape) {
    static Form of(@Nullable Object input) {
      return input instanceof Tensor x
          ? new Form(sort(x), x.dtype(), x.dimensions())
          : new Form(input == null ? Sort.NULL : Sort.NUMBER, null, new int[0]);
    }

    private static Sort sort(Tensor x) {
      Storage elements = x.elements();
      return elements instanceof Buffer
          ? Sort.TENSOR
          : elements instanceof Repeated
              ? Sort.REPEATED
              : elements instanceof Products ? Sort.WAITING : Sort.TENSOR;
    }

    boolean fits(@Nullable Object input) {
      if (input instanceof Tensor x) {
        return type == x.dtype()
            && (shape == x.dimensions() || Arrays.equals(shape, x.dimensions()))
            && sort == sort(x);
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
    /** A sum of matrix products that may be computed with others to come. */
    WAITING
  }

  boolean fits(@Nullable Object[] inputs) {
    for (int i = 0; i < forms.length; i++) {
      if (!forms[i].fits(inputs[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Computes the results.
   *
   * @param values all of the program, of which inputs and constants are set
   * @param to where the results go, behind the inputs
   */
  void run(@Nullable Object[] values, @Nullable Object[] to) {
    for (Step step : steps) {
      step.run(values);
    }
    for (int i = 0; i < results.length; i++) {
      to[forms.length + i] = values[results[i]];
    }
  }
}
