package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/** The pullbacks of rearrangements and of the matrix product. */
final class ShapeRules {
  private ShapeRules() {}

  @Pullback(of = "reshape")
  static Tensor reshape(Tensor x, int[] sizes, Tensor y, Tensor dy) {
    return dy.reshape(x.dimensions());
  }

  @Pullback(of = "flatten")
  static Tensor flatten(Tensor x, Tensor y, Tensor dy) {
    return dy.reshape(x.dimensions());
  }

  @Pullback(of = "expand")
  static Tensor expand(Tensor x, Tensor y, Tensor dy) {
    return dy.reshape(x.dimensions());
  }

  @Pullback(of = "transpose")
  @Pushforward(of = "transpose")
  static Tensor transpose(Tensor x, Tensor y, Tensor dy) {
    return dy.transpose();
  }

  @Pullback(of = "transpose")
  @Pushforward(of = "transpose")
  static Tensor transposeAxes(Tensor x, int a, int b, Tensor y, Tensor dy) {
    return dy.transpose(a, b);
  }

  @Pullback(of = "permute")
  static Tensor permute(Tensor x, int[] order, Tensor y, Tensor dy) {
    return dy.permute(Rearrangements.inverse(order));
  }

  @Pullback(of = "slice")
  static Tensor slice(Tensor x, int axis, int from, int to, Tensor y, Tensor dy) {
    return Rearrangements.place(dy, x.dimensions(), axis, from);
  }

  @Pullback(of = "concat")
  static Tensor concatLeft(Tensor a, Tensor b, int axis, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.slice(axis, 0, a.size(axis)), a);
  }

  @Pullback(of = "concat", argument = 1)
  static Tensor concatRight(Tensor a, Tensor b, int axis, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.slice(axis, a.size(axis), dy.size(axis)), b);
  }

  @Pullback(of = "pick")
  static Tensor pick(Tensor x, int[] columns, Tensor y, Tensor dy) {
    return Rearrangements.pickBack(x.dimensions(), columns, dy);
  }

  @Pullback(of = "matmul")
  static Tensor matmulLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return MatrixProduct.inLeft(a, b, dy);
  }

  @Pullback(of = "matmul", argument = 1)
  static Tensor matmulRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return MatrixProduct.inRight(a, b, dy);
  }
}
