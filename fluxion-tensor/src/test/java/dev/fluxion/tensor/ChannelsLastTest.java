package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Fn2;
import dev.fluxion.grad.Grad;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images with their channels last beside the same images in the usual order. */
class ChannelsLastTest {
  private static final int[] SHAPE = {2, 8, 3, 5};

  private static Tensor random(long seed, int... shape) {
    return Tensor.uniform(seed, -1, 1, shape);
  }

  /** Images with their channels last, and the same ones. */
  private static Tensor[] images(long seed) {
    Tensor last = ChannelsLast.images(random(seed, 2, 3, 5, 8));
    return new Tensor[] {last, Tensor.of(last.toFloatArray(), SHAPE)};
  }

  private static void assertLike(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertEquals(expected.dtype(), actual.dtype());
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 2e-6);
  }

  @Test
  void elementsAreWhereTheyBelong() {
    Tensor turned = random(1, 2, 3, 5, 8);
    Tensor last = ChannelsLast.images(turned);
    assertArrayEquals(SHAPE, last.shape());
    assertLike(turned.permute(0, 3, 1, 2), last);
    assertTrue(ChannelsLast.isIn(last), "who reads the elements changes nothing");
    assertSame(turned, ChannelsLast.turned(last));
    assertFalse(ChannelsLast.isIn(last.reshape(8, 2, 3, 5)));
    assertLike(turned.permute(0, 3, 1, 2).reshape(16, 15), last.reshape(16, 15));
    Tensor assigned = Tensor.zeros(SHAPE);
    assigned.assign(last);
    assertLike(last.plus(last), assigned.plus(last));
  }

  @Test
  void keepTheirOrder() {
    List<Fn1<Tensor, Tensor>> functions = new ArrayList<>();
    functions.add(Tensor::tanh);
    functions.add(x -> x.times(3).plus(1));
    functions.add(x -> Tensor.map(a -> a > 0 ? a * a : -a, x));
    functions.add(x -> Normalization.batch(x, 1e-5));
    functions.add(x -> x.maxPool2d(2));
    functions.add(x -> x.meanPool2d(2, 1, 1));
    for (int[] shape :
        new int[][] {
          {8, 1, 1}, {1, 8, 1, 1}, {}, {1, 3, 5}, {2, 1, 1, 1}, {2, 1, 3, 5}, {1, 8, 3, 5}
        }) {
      Tensor other = random(7, shape);
      functions.add(x -> x.times(other));
      functions.add(x -> other.minus(x));
      functions.add(x -> Tensor.map((a, b) -> a * b + 1, x, other));
    }
    Tensor other = random(8, SHAPE);
    functions.add(x -> x.plus(other));
    functions.add(x -> x.plus(Tensor.full(2, SHAPE)));
    functions.add(Fluxion.compiled((Tensor x) -> x.times(2).plus(other).tanh()));
    for (Fn1<Tensor, Tensor> f : functions) {
      Tensor[] x = images(1);
      Tensor y = f.apply(x[0]);
      assertTrue(ChannelsLast.isIn(y));
      assertLike(f.apply(x[1]), y);
    }
  }

  @Test
  void giveTheSame() {
    List<Fn1<Tensor, Tensor>> functions = new ArrayList<>();
    for (int[] shape : new int[][] {{5}, {3, 5}, {3, 1}, {1}, {1, 1}, {4, 1, 8, 3, 5}}) {
      Tensor other = random(7, shape);
      functions.add(x -> x.times(other));
      functions.add(Fluxion.compiled((Tensor x) -> x.times(other).plus(1).tanh()));
      functions.add(x -> Tensor.map((a, b) -> a * b + 1, x, other));
    }
    for (int[] axes : new int[][] {{0}, {1}, {2, 3}, {0, 2, 3}, {1, 2}, {0, 1, 2, 3}}) {
      functions.add(x -> x.sum(axes, true));
      functions.add(x -> x.mean(axes, false));
      functions.add(x -> x.max(axes, false));
    }
    for (int[] shape :
        new int[][] {{8, 1, 1}, {1, 8, 1, 1}, {}, {5}, {3, 5}, {1, 3, 1}, {2, 1, 1, 1}}) {
      functions.add(x -> x.sumTo(shape));
    }
    functions.add(x -> Normalization.layer(x, 3, 1e-5));
    functions.add(x -> Normalization.instance(x, 1e-5));
    functions.add(x -> Normalization.group(x, 4, 1e-5));
    for (int[] pool : new int[][] {{2, 2, 0}, {2, 1, 1}, {3, 2, 1}, {3, 1, 0}}) {
      functions.add(x -> x.maxPool2d(pool[0], pool[1], pool[2]));
      functions.add(x -> x.relu().maxPool2d(pool[0], pool[1], pool[2])); // with equal elements
      functions.add(x -> x.meanPool2d(pool[0], pool[1], pool[2]));
    }
    functions.add(x -> x.concat(x.plus(1), 1));
    functions.add(x -> x.slice(1, 2, 6));
    functions.add(x -> x.softmax());
    functions.add(x -> x.reshape(-1, 4).matmul(random(9, 4, 3)));
    functions.add(x -> x.cast(DType.FLOAT64));
    functions.add(x -> x.greater(0.25).cast(DType.FLOAT32).plus(x));
    functions.add(x -> Tensor.where(x.greater(0), x, x.neg()));
    for (Fn1<Tensor, Tensor> f : functions) {
      Tensor[] x = images(1);
      assertLike(f.apply(x[1]), f.apply(x[0]));
      Fn1<Tensor, Tensor> gradient = a -> Grad.gradient(b -> f.apply(b).square().sum(), a);
      assertLike(gradient.apply(x[1]), gradient.apply(x[0]));
    }
  }

  @Test
  void derivativesOfNormalisationAreThose() {
    Fn2<Tensor, Tensor, Tensor> f =
        (x, d) -> Grad.gradient(a -> Normalization.batch(a, 0.1).times(d).sum(), x);
    Tensor[] x = images(1);
    Tensor[] d = images(2);
    for (int i = 0; i < 4; i++) {
      assertLike(f.apply(x[1], d[1]), f.apply(x[i % 2], d[i / 2]));
      Tensor t = d[i / 2];
      assertLike(
          Grad.hessianVectorProduct(a -> Normalization.batch(a, 0.1).tanh().sum(), x[1], d[1]),
          Grad.hessianVectorProduct(a -> Normalization.batch(a, 0.1).tanh().sum(), x[i % 2], t));
    }
  }

  /** What a network learns. */
  record Network(Tensor first, Tensor second, Tensor third, Tensor gamma, Tensor beta) {
    Network cast(DType type) {
      return new Network(
          first.cast(type), second.cast(type), third.cast(type), gamma.cast(type), beta.cast(type));
    }

    Tensor loss(Tensor x) {
      Tensor a = x.conv2d(first, 1, 1).relu();
      Tensor b = Normalization.batch(a.conv2d(second, 1, 1), 1e-5).times(gamma).plus(beta);
      Tensor c = b.plus(a).relu();
      Tensor d = c.maxPool2d(2).conv2d(third, 2, 1).tanh().plus(c.conv2d(third, 4, 1));
      return d.mean(new int[] {2, 3}, false).square().sum().plus(b.abs().mean());
    }
  }

  @Test
  void networksOfThemHaveTheGradientsOfOthers() {
    assumeTrue(NativeMath.hasOneDnn());
    Network network =
        new Network(
            random(1, 16, 3, 3, 3).times(0.3),
            random(2, 16, 16, 3, 3).times(0.1),
            random(3, 24, 16, 3, 3).times(0.1),
            random(4, 16, 1, 1).plus(1),
            random(5, 16, 1, 1));
    Tensor x = random(6, 8, 3, 16, 16);
    assertTrue(ChannelsLast.isIn(x.conv2d(network.first, 1, 1)));
    Network gradient = Grad.gradient(n -> n.loss(x), network);
    Network precise =
        Grad.gradient(n -> n.loss(x.cast(DType.FLOAT64)), network.cast(DType.FLOAT64));
    assertNear(precise.first, gradient.first);
    assertNear(precise.second, gradient.second);
    assertNear(precise.third, gradient.third);
    assertNear(precise.gamma, gradient.gamma);
    assertNear(precise.beta, gradient.beta);
    assertNear(
        Grad.gradient(y -> network.cast(DType.FLOAT64).loss(y), x.cast(DType.FLOAT64)),
        Grad.gradient(y -> network.loss(y), x));
  }

  private static void assertNear(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    double size = expected.abs().max().item();
    assertTrue(size > 0);
    assertEquals(0, actual.cast(DType.FLOAT64).minus(expected).abs().max().item(), 2e-5 * size);
  }
}
