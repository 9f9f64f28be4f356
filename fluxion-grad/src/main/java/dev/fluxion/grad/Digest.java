package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Layout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A number that stands for all numbers in some values: another one when any of them differs. */
final class Digest {
  private static final long FACTOR = 0x9E3779B97F4A7C15L; // odd: of 2⁶⁴ over the golden ratio

  private long sum;

  private Digest() {}

  /**
   * Makes one.
   *
   * @param value besides, if it is a number or vector
   */
  static long of(List<Leaves.Leaf> leaves, @Nullable Object value) {
    Digest digest = new Digest();
    if (value != null && Carriers.isValue(value.getClass())) {
      digest.add(value);
    }
    for (Leaves.Leaf leaf : leaves) {
      digest.add(leaf.primal());
    }
    return digest.sum;
  }

  private void add(long bits) {
    long mixed = (sum ^ bits) * FACTOR;
    sum = mixed ^ (mixed >>> 29);
  }

  private void add(double number) {
    add(Double.doubleToLongBits(number));
  }

  private void add(Object primal) {
    switch (primal) {
      case double[] numbers -> {
        add(numbers.length);
        for (double number : numbers) {
          add(number);
        }
      }
      case float[] numbers -> {
        add(numbers.length);
        for (float number : numbers) {
          add(number);
        }
      }
      case Number number -> add(number.doubleValue());
      case OptionalDouble number -> number.ifPresent(this::add);
      case VectorSpace<?> vector -> addVector(vector, 0);
      default -> addFields(primal);
    }
  }

  private void addFields(Object object) {
    for (Layout.Slot slot : Layout.of(object.getClass()).slots()) {
      if (slot.isNumber() || VectorSpace.class.isAssignableFrom(slot.field().type())) {
        Object value = TangentStructure.read(slot.field(), object);
        if (value != null) {
          add(value);
        }
      }
    }
  }

  /** The arrays of numbers in a vector's fields, or in theirs. */
  private void addVector(@Nullable Object part, int depth) {
    if (part instanceof double[] || part instanceof float[]) {
      add(part);
    } else if (part != null
        && depth < 3
        && part.getClass().getModule() != Object.class.getModule()) {
      for (MethodHandle reference : Fields.of(part.getClass()).references()) {
        addVector(Fields.read(reference, part), depth + 1);
      }
    }
  }
}
