package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/** The derivatives of putting tensors together and taking them apart, and of loops over them. */
final class TensorsRules {
  private TensorsRules() {}

  // ---------------------------------------------------------------- loops

  @Pullback(of = "run", argument = 1)
  static Tensors run(Kernel kernel, Tensors xs, Tensors ys, Tensors dys) {
    return Fused.run(kernel.pullback(), xs.and(dys)).sumTo(xs);
  }

  @Pushforward(of = "run", argument = 1)
  static Tensors runForward(Kernel kernel, Tensors xs, Tensors ys, Tensors dxs) {
    return Fused.run(kernel.pushforward(), xs.and(dxs));
  }

  // ---------------------------------------------------------------- together

  @Pullback(of = "of")
  static Tensor of(Tensor a, Tensors y, Tensors dy) {
    return dy.get(0);
  }

  @Pushforward(of = "of")
  static Tensors ofForward(Tensor a, Tensors y, Tensor t) {
    return Tensors.of(t);
  }

  @Pullback(of = "of")
  static Tensor firstOfTwo(Tensor a, Tensor b, Tensors y, Tensors dy) {
    return dy.get(0);
  }

  @Pullback(of = "of", argument = 1)
  static Tensor secondOfTwo(Tensor a, Tensor b, Tensors y, Tensors dy) {
    return dy.get(1);
  }

  @Pushforward(of = "of")
  static Tensors firstOfTwoForward(Tensor a, Tensor b, Tensors y, Tensor t) {
    return y.place(0, t);
  }

  @Pushforward(of = "of", argument = 1)
  static Tensors secondOfTwoForward(Tensor a, Tensor b, Tensors y, Tensor t) {
    return y.place(1, t);
  }

  @Pullback(of = "of")
  static Tensor firstOfThree(Tensor a, Tensor b, Tensor c, Tensors y, Tensors dy) {
    return dy.get(0);
  }

  @Pullback(of = "of", argument = 1)
  static Tensor secondOfThree(Tensor a, Tensor b, Tensor c, Tensors y, Tensors dy) {
    return dy.get(1);
  }

  @Pullback(of = "of", argument = 2)
  static Tensor thirdOfThree(Tensor a, Tensor b, Tensor c, Tensors y, Tensors dy) {
    return dy.get(2);
  }

  @Pushforward(of = "of")
  static Tensors firstOfThreeForward(Tensor a, Tensor b, Tensor c, Tensors y, Tensor t) {
    return y.place(0, t);
  }

  @Pushforward(of = "of", argument = 1)
  static Tensors secondOfThreeForward(Tensor a, Tensor b, Tensor c, Tensors y, Tensor t) {
    return y.place(1, t);
  }

  @Pushforward(of = "of", argument = 2)
  static Tensors thirdOfThreeForward(Tensor a, Tensor b, Tensor c, Tensors y, Tensor t) {
    return y.place(2, t);
  }

  @Pullback(of = "ofNumbers")
  static double[] ofNumbers(double[] numbers, Tensors y, Tensors dy) {
    return dy.toNumbers();
  }

  @Pushforward(of = "ofNumbers")
  static Tensors ofNumbersForward(double[] numbers, Tensors y, double[] t) {
    return Tensors.ofNumbers(t);
  }

  @Pullback(of = "toNumbers")
  static Tensors toNumbers(Tensors x, double[] y, double[] dy) {
    return Tensors.ofNumbers(dy);
  }

  @Pushforward(of = "toNumbers")
  static double[] toNumbersForward(Tensors x, double[] y, Tensors t) {
    return t.toNumbers();
  }

  @Pullback(of = "and")
  static Tensors and(Tensors a, Tensors b, Tensors y, Tensors dy) {
    return dy.first(a.count());
  }

  @Pullback(of = "and", argument = 1)
  static Tensors andOthers(Tensors a, Tensors b, Tensors y, Tensors dy) {
    return dy.from(a.count());
  }

  @Pushforward(of = "and")
  static Tensors andForward(Tensors a, Tensors b, Tensors y, Tensors t) {
    return t.and(b.zero());
  }

  @Pushforward(of = "and", argument = 1)
  static Tensors andOthersForward(Tensors a, Tensors b, Tensors y, Tensors t) {
    return a.zero().and(t);
  }

  // ---------------------------------------------------------------- apart

  @Pullback(of = "get")
  static Tensors get(Tensors x, int index, Tensor y, Tensor dy) {
    return x.place(index, dy);
  }

  @Pushforward(of = "get")
  static Tensor getForward(Tensors x, int index, Tensor y, Tensors t) {
    return t.get(index);
  }

  @Pullback(of = "place", argument = 2)
  static Tensor place(Tensors like, int index, Tensor part, Tensors y, Tensors dy) {
    return dy.get(index);
  }

  @Pushforward(of = "place", argument = 2)
  static Tensors placeForward(Tensors like, int index, Tensor part, Tensors y, Tensor t) {
    return like.place(index, t);
  }

  @Pullback(of = "first")
  static Tensors first(Tensors x, int count, Tensors y, Tensors dy) {
    return dy.and(x.from(count).zero());
  }

  @Pushforward(of = "first")
  static Tensors firstForward(Tensors x, int count, Tensors y, Tensors t) {
    return t.first(count);
  }

  @Pullback(of = "from")
  static Tensors from(Tensors x, int start, Tensors y, Tensors dy) {
    return x.first(start).zero().and(dy);
  }

  @Pushforward(of = "from")
  static Tensors fromForward(Tensors x, int start, Tensors y, Tensors t) {
    return t.from(start);
  }

  // ---------------------------------------------------------------- sums

  @Pullback(of = "sumTo")
  static Tensors sumTo(Tensors x, Tensors like, Tensors y, Tensors dy) {
    return dy.broadcastTo(x);
  }

  @Pushforward(of = "sumTo")
  static Tensors sumToForward(Tensors x, Tensors like, Tensors y, Tensors t) {
    return t.sumTo(like);
  }

  @Pullback(of = "broadcastTo")
  static Tensors broadcastTo(Tensors x, Tensors like, Tensors y, Tensors dy) {
    return dy.sumTo(x);
  }

  @Pushforward(of = "broadcastTo")
  static Tensors broadcastToForward(Tensors x, Tensors like, Tensors y, Tensors t) {
    return t.broadcastTo(like);
  }

  @Pullback(of = "plus")
  static Tensors plusLeft(Tensors a, Tensors b, Tensors y, Tensors dy) {
    return dy;
  }

  @Pullback(of = "plus", argument = 1)
  static Tensors plusRight(Tensors a, Tensors b, Tensors y, Tensors dy) {
    return dy;
  }

  @Pushforward(of = "plus")
  static Tensors plusLeftForward(Tensors a, Tensors b, Tensors y, Tensors t) {
    return t;
  }

  @Pushforward(of = "plus", argument = 1)
  static Tensors plusRightForward(Tensors a, Tensors b, Tensors y, Tensors t) {
    return t;
  }

  @Pullback(of = "item")
  static Tensors item(Tensors x, double y, double dy) {
    return x.place(0, x.get(0).fill(dy));
  }
}
