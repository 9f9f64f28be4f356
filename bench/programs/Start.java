import module fluxion;

/** What the benchmark's row "start" times: a small network's first gradient. */
void main() {
  Random random = new Random(1);
  Chain network = Chain.of(Dense.of(16, 16, random), Tensor::tanh, Dense.of(16, 1, random));
  Tensor input =
      Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 1, 16)
          .times(1.0 / 16);
  Chain gradient = Grad.gradient(n -> n.apply(input).sum(), network);
  double squares = 0;
  for (Tensor g : Parameters.of(gradient)) {
    squares += g.square().sum().item();
  }
  IO.println(Math.sqrt(squares));
}
