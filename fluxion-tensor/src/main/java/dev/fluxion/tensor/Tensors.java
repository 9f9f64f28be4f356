package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.VectorSpace;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Several tensors as one value: what a loop over several tensors reads, and what it writes. A
 * number takes part as a float64 tensor of shape ().
 */
@Primitive(TensorsRules.class)
final class Tensors implements VectorSpace<Tensors> {
  private final Tensor[] parts;

  private Tensors(Tensor[] parts) {
    this.parts = parts;
  }

  @Primitive(TensorsRules.class)
  static Tensors of(Tensor a) {
    return new Tensors(new Tensor[] {a});
  }

  @Primitive(TensorsRules.class)
  static Tensors of(Tensor a, Tensor b) {
    return new Tensors(new Tensor[] {a, b});
  }

  @Primitive(TensorsRules.class)
  static Tensors of(Tensor a, Tensor b, Tensor c) {
    return new Tensors(new Tensor[] {a, b, c});
  }

  static Tensors of(int count, IntFunction<Tensor> part) {
    Tensor[] parts = new Tensor[count];
    for (int i = 0; i < count; i++) {
      parts[i] = part.apply(i);
    }
    return new Tensors(parts);
  }

  @Primitive(TensorsRules.class)
  static Tensors ofNumbers(double[] numbers) {
    return of(numbers.length, i -> Tensor.of(new double[] {numbers[i]}));
  }

  @Primitive(TensorsRules.class)
  double[] toNumbers() {
    double[] numbers = new double[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = parts[i].item();
    }
    return numbers;
  }

  @Primitive(TensorsRules.class)
  int count() {
    return parts.length;
  }

  @Primitive(TensorsRules.class)
  Tensor get(int index) {
    return parts[index];
  }

  /** Zeros of these shapes, but for one part. */
  @Primitive(TensorsRules.class)
  Tensors place(int index, Tensor part) {
    return of(parts.length, i -> i == index ? part : parts[i].zero());
  }

  @Primitive(TensorsRules.class)
  Tensors and(Tensors others) {
    int count = parts.length;
    return of(count + others.parts.length, i -> i < count ? parts[i] : others.parts[i - count]);
  }

  @Primitive(TensorsRules.class)
  Tensors first(int count) {
    return of(count, i -> parts[i]);
  }

  @Primitive(TensorsRules.class)
  Tensors from(int start) {
    return of(parts.length - start, i -> parts[start + i]);
  }

  /** Each part summed over the axes along which another's has stretched to it, in that's type. */
  @Primitive(TensorsRules.class)
  Tensors sumTo(Tensors like) {
    return of(
        parts.length, i -> parts[i].sumTo(like.parts[i].dimensions()).cast(like.parts[i].dtype()));
  }

  /** Each part stretched to the shape of another's, in that's type. */
  @Primitive(TensorsRules.class)
  Tensors broadcastTo(Tensors like) {
    return of(
        parts.length,
        i -> parts[i].cast(like.parts[i].dtype()).broadcastTo(like.parts[i].dimensions()));
  }

  private Tensors each(UnaryOperator<Tensor> function) {
    return of(parts.length, i -> function.apply(parts[i]));
  }

  @Override
  @Primitive(TensorsRules.class)
  public Tensors plus(Tensors other) {
    return of(parts.length, i -> parts[i].plus(other.parts[i]));
  }

  @Override
  @Primitive(TensorsRules.class)
  public Tensors zero() {
    return each(Tensor::zero);
  }

  @Override
  @Primitive(TensorsRules.class)
  public double item() {
    return parts[0].item();
  }
}
