import static dev.fluxion.nn.Chain.chain;

import module fluxion;

void main() {
  Random random = new Random(2);
  Split digits = LabelledImages.digits().shuffled(random).split(1437);
  Chain model =
      chain(
          Conv.of(1, 32, 3, Tensor::relu, random),
          new MaxPool(2),
          Tensor::flatten,
          Dense.of(288, 64, Tensor::relu, random),
          Dense.of(64, 10, random));
  Training.of(
          model,
          digits.train().batches(32).shuffled(random),
          (m, batch) -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()),
          new Adam(2e-3))
      .run(30);
  IO.println("test accuracy %.4f".formatted(digits.test().accuracy(model)));
}
