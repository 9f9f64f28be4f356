package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;

/** The pullbacks of sums, of rearrangements, and of the matrix product. */
final class ShapeRules {
  private ShapeRules() {}

  @Pullback(of = "sum")
  static Tensor sum(Tensor x, Tensor y, Tensor dy) {
    return dy.broadcastTo(x.dimensions());
  }

  @Pullback(of = "sum")
  static Tensor sumOver(Tensor x, int axis, Tensor y, Tensor dy) {
    return dy.broadcastTo(x.dimensions());
  }

  @Pullback(of = "sumTo")
  static Tensor sumTo(Tensor x, int[] target, Tensor y, Tensor dy) {
    return dy.broadcastTo(x.dimensions());
  }

  @Pullback(of = "broadcastTo")
  static Tensor broadcastTo(Tensor x, int[] target, Tensor y, Tensor dy) {
    return dy.sumTo(x.dimensions());
  }

  @Pullback(of = "reshape")
  static Tensor reshape(Tensor x, int[] sizes, Tensor y, Tensor dy) {
    return dy.reshape(x.dimensions());
  }

  @Pullback(of = "transpose")
  static Tensor transpose(Tensor x, Tensor y, Tensor dy) {
    return dy.transpose();
  }

  @Pullback(of = "matmul")
  static Tensor matmulLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.matmul(b.transpose());
  }

  @Pullback(of = "matmul", argument = 1)
  static Tensor matmulRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return a.transpose().matmul(dy);
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "gather")
  static Tensor gather(Tensor x, int[] indices, Tensor y, Tensor dy) {
    Tensor result = x.zero();
    int row = indices.length == 0 ? 0 : dy.size() / indices.length;
    for (int i = 0; i < indices.length; i++) {
      for (int j = 0; j < row; j++) {
        result.buffer().add(indices[i] * row + j, dy.buffer().get(i * row + j));
      }
    }
    return result;
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "pick")
  static Tensor pick(Tensor x, int[] columns, Tensor y, Tensor dy) {
    Tensor result = x.zero();
    for (int i = 0; i < columns.length; i++) {
      result.buffer().add(i * x.size(1) + columns[i], dy.buffer().get(i));
    }
    return result;
  }

  @Pullback(of = "logSoftmax")
  static Tensor logSoftmax(Tensor x, Tensor y, Tensor dy) {
    return dy.minus(y.exp().times(dy.sum(1)));
  }
}
