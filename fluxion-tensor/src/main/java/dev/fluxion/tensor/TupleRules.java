package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/** The derivatives of putting tensors together and taking them apart, and of loops over them. */
final class TupleRules {
  private TupleRules() {}

  // ---------------------------------------------------------------- loops

  @Pullback(of = "run", argument = 1)
  static Tuple run(Kernel kernel, Tuple xs, Tuple ys, Tuple dys) {
    return Fused.run(kernel.pullback(), xs.and(dys)).sumTo(xs);
  }

  @Pushforward(of = "run", argument = 1)
  static Tuple runForward(Kernel kernel, Tuple xs, Tuple ys, Tuple dxs) {
    return Fused.run(kernel.pushforward(), xs.and(dxs));
  }

  // ---------------------------------------------------------------- together

  @Pullback(of = "of")
  static Tensor of(Tensor a, Tuple y, Tuple dy) {
    return dy.get(0);
  }

  @Pushforward(of = "of")
  static Tuple ofForward(Tensor a, Tuple y, Tensor t) {
    return Tuple.of(t);
  }

  @Pullback(of = "of")
  static Tensor firstOfTwo(Tensor a, Tensor b, Tuple y, Tuple dy) {
    return dy.get(0);
  }

  @Pullback(of = "of", argument = 1)
  static Tensor secondOfTwo(Tensor a, Tensor b, Tuple y, Tuple dy) {
    return dy.get(1);
  }

  @Pushforward(of = "of")
  static Tuple firstOfTwoForward(Tensor a, Tensor b, Tuple y, Tensor t) {
    return y.place(0, t);
  }

  @Pushforward(of = "of", argument = 1)
  static Tuple secondOfTwoForward(Tensor a, Tensor b, Tuple y, Tensor t) {
    return y.place(1, t);
  }

  @Pullback(of = "of")
  static Tensor firstOfThree(Tensor a, Tensor b, Tensor c, Tuple y, Tuple dy) {
    return dy.get(0);
  }

  @Pullback(of = "of", argument = 1)
  static Tensor secondOfThree(Tensor a, Tensor b, Tensor c, Tuple y, Tuple dy) {
    return dy.get(1);
  }

  @Pullback(of = "of", argument = 2)
  static Tensor thirdOfThree(Tensor a, Tensor b, Tensor c, Tuple y, Tuple dy) {
    return dy.get(2);
  }

  @Pushforward(of = "of")
  static Tuple firstOfThreeForward(Tensor a, Tensor b, Tensor c, Tuple y, Tensor t) {
    return y.place(0, t);
  }

  @Pushforward(of = "of", argument = 1)
  static Tuple secondOfThreeForward(Tensor a, Tensor b, Tensor c, Tuple y, Tensor t) {
    return y.place(1, t);
  }

  @Pushforward(of = "of", argument = 2)
  static Tuple thirdOfThreeForward(Tensor a, Tensor b, Tensor c, Tuple y, Tensor t) {
    return y.place(2, t);
  }

  @Pullback(of = "ofNumbers")
  static double[] ofNumbers(double[] numbers, Tuple y, Tuple dy) {
    return dy.toNumbers();
  }

  @Pushforward(of = "ofNumbers")
  static Tuple ofNumbersForward(double[] numbers, Tuple y, double[] t) {
    return Tuple.ofNumbers(t);
  }

  @Pullback(of = "toNumbers")
  static Tuple toNumbers(Tuple x, double[] y, double[] dy) {
    return Tuple.ofNumbers(dy);
  }

  @Pushforward(of = "toNumbers")
  static double[] toNumbersForward(Tuple x, double[] y, Tuple t) {
    return t.toNumbers();
  }

  @Pullback(of = "and")
  static Tuple and(Tuple a, Tuple b, Tuple y, Tuple dy) {
    return dy.first(a.count());
  }

  @Pullback(of = "and", argument = 1)
  static Tuple andOthers(Tuple a, Tuple b, Tuple y, Tuple dy) {
    return dy.from(a.count());
  }

  @Pushforward(of = "and")
  static Tuple andForward(Tuple a, Tuple b, Tuple y, Tuple t) {
    return t.and(b.zero());
  }

  @Pushforward(of = "and", argument = 1)
  static Tuple andOthersForward(Tuple a, Tuple b, Tuple y, Tuple t) {
    return a.zero().and(t);
  }

  // ---------------------------------------------------------------- apart

  @Pullback(of = "get")
  static Tuple get(Tuple x, int index, Tensor y, Tensor dy) {
    return x.place(index, dy);
  }

  @Pushforward(of = "get")
  static Tensor getForward(Tuple x, int index, Tensor y, Tuple t) {
    return t.get(index);
  }

  @Pullback(of = "place", argument = 2)
  static Tensor place(Tuple like, int index, Tensor part, Tuple y, Tuple dy) {
    return dy.get(index);
  }

  @Pushforward(of = "place", argument = 2)
  static Tuple placeForward(Tuple like, int index, Tensor part, Tuple y, Tensor t) {
    return like.place(index, t);
  }

  @Pullback(of = "first")
  static Tuple first(Tuple x, int count, Tuple y, Tuple dy) {
    return dy.and(x.from(count).zero());
  }

  @Pushforward(of = "first")
  static Tuple firstForward(Tuple x, int count, Tuple y, Tuple t) {
    return t.first(count);
  }

  @Pullback(of = "from")
  static Tuple from(Tuple x, int start, Tuple y, Tuple dy) {
    return x.first(start).zero().and(dy);
  }

  @Pushforward(of = "from")
  static Tuple fromForward(Tuple x, int start, Tuple y, Tuple t) {
    return t.from(start);
  }

  // ---------------------------------------------------------------- sums

  @Pullback(of = "sumTo")
  static Tuple sumTo(Tuple x, Tuple like, Tuple y, Tuple dy) {
    return dy.broadcastTo(x);
  }

  @Pushforward(of = "sumTo")
  static Tuple sumToForward(Tuple x, Tuple like, Tuple y, Tuple t) {
    return t.sumTo(like);
  }

  @Pullback(of = "broadcastTo")
  static Tuple broadcastTo(Tuple x, Tuple like, Tuple y, Tuple dy) {
    return dy.sumTo(x);
  }

  @Pushforward(of = "broadcastTo")
  static Tuple broadcastToForward(Tuple x, Tuple like, Tuple y, Tuple t) {
    return t.broadcastTo(like);
  }

  @Pullback(of = "plus")
  static Tuple plusLeft(Tuple a, Tuple b, Tuple y, Tuple dy) {
    return dy;
  }

  @Pullback(of = "plus", argument = 1)
  static Tuple plusRight(Tuple a, Tuple b, Tuple y, Tuple dy) {
    return dy;
  }

  @Pushforward(of = "plus")
  static Tuple plusLeftForward(Tuple a, Tuple b, Tuple y, Tuple t) {
    return t;
  }

  @Pushforward(of = "plus", argument = 1)
  static Tuple plusRightForward(Tuple a, Tuple b, Tuple y, Tuple t) {
    return t;
  }

  @Pullback(of = "item")
  static Tuple item(Tuple x, double y, double dy) {
    return x.place(0, x.get(0).fill(dy));
  }
}
