package dev.fluxion.tensor;

import dev.fluxion.grad.LentBy;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.VectorSpace;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Several tensors as one value: what a loop over several tensors reads, and what it writes. A
 * number takes part as a float64 tensor of shape ().
 */
@Primitive(TupleRules.class)
@LentBy(TensorLender.class)
final class Tuple implements VectorSpace<Tuple> {
  private final Tensor[] parts;

  private Tuple(Tensor[] parts) {
    this.parts = parts;
  }

  @Primitive(TupleRules.class)
  static Tuple of(Tensor a) {
    return new Tuple(new Tensor[] {a});
  }

  @Primitive(TupleRules.class)
  static Tuple of(Tensor a, Tensor b) {
    return new Tuple(new Tensor[] {a, b});
  }

  @Primitive(TupleRules.class)
  static Tuple of(Tensor a, Tensor b, Tensor c) {
    return new Tuple(new Tensor[] {a, b, c});
  }

  static Tuple of(Tensor[] parts) {
    return new Tuple(parts);
  }

  static Tuple of(int count, IntFunction<Tensor> part) {
    Tensor[] parts = new Tensor[count];
    for (int i = 0; i < count; i++) {
      parts[i] = part.apply(i);
    }
    return new Tuple(parts);
  }

  /** The tensors, which stay as they are. */
  Tensor[] parts() {
    return parts;
  }

  @Primitive(TupleRules.class)
  static Tuple ofNumbers(double[] numbers) {
    return of(numbers.length, i -> Tensor.of(new double[] {numbers[i]}));
  }

  @Primitive(TupleRules.class)
  double[] toNumbers() {
    double[] numbers = new double[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = parts[i].item();
    }
    return numbers;
  }

  @Primitive(TupleRules.class)
  int count() {
    return parts.length;
  }

  @Primitive(TupleRules.class)
  Tensor get(int index) {
    return parts[index];
  }

  /** Zeros of these shapes, but for one part. */
  @Primitive(TupleRules.class)
  Tuple place(int index, Tensor part) {
    return of(parts.length, i -> i == index ? part : parts[i].zero());
  }

  @Primitive(TupleRules.class)
  Tuple and(Tuple others) {
    int count = parts.length;
    return of(count + others.parts.length, i -> i < count ? parts[i] : others.parts[i - count]);
  }

  @Primitive(TupleRules.class)
  Tuple first(int count) {
    return of(count, i -> parts[i]);
  }

  @Primitive(TupleRules.class)
  Tuple from(int start) {
    return of(parts.length - start, i -> parts[start + i]);
  }

  /** Each part summed over the axes along which another's has stretched to it, in that's type. */
  @Primitive(TupleRules.class)
  Tuple sumTo(Tuple like) {
    return of(
        parts.length, i -> parts[i].sumTo(like.parts[i].dimensions()).cast(like.parts[i].dtype()));
  }

  /** Each part stretched to the shape of another's, in that's type. */
  @Primitive(TupleRules.class)
  Tuple broadcastTo(Tuple like) {
    return of(
        parts.length,
        i -> parts[i].cast(like.parts[i].dtype()).broadcastTo(like.parts[i].dimensions()));
  }

  private Tuple each(UnaryOperator<Tensor> function) {
    return of(parts.length, i -> function.apply(parts[i]));
  }

  @Override
  @Primitive(TupleRules.class)
  public Tuple plus(Tuple other) {
    return of(parts.length, i -> parts[i].plus(other.parts[i]));
  }

  @Override
  @Primitive(TupleRules.class)
  public Tuple zero() {
    return each(Tensor::zero);
  }

  @Override
  @Primitive(TupleRules.class)
  public double item() {
    return parts[0].item();
  }
}
