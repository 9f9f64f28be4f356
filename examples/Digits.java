import module fluxion;

void main() {
  Random random = new Random(1);
  LabelledImages digits = LabelledImages.digits().shuffled(random);
  LabelledImages train = digits.slice(0, 1437);
  LabelledImages test = digits.slice(1437, 1797);
  Chain model =
      Chain.of(
          Conv.of(1, 32, 3, random),
          Tensor::relu,
          new MaxPool(2),
          Tensor::flatten,
          Dense.of(288, 64, random),
          Tensor::relu,
          Dense.of(64, 10, random));
  Adam adam = new Adam(2e-3);
  for (int epoch = 1; epoch <= 30; epoch++) {
    double loss = 0;
    for (LabelledImages batch : train.shuffled(random).batches(32)) {
      ValueAndGradient<Chain> step =
          Grad.valueAndGradient(
              m -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()), model);
      adam.update(model, step.gradient());
      loss += step.value() * batch.labels().length / train.labels().length;
    }
    IO.println("epoch %2d  loss %.4f".formatted(epoch, loss));
  }
  IO.println(
      "test accuracy %.4f".formatted(Losses.accuracy(model.apply(test.images()), test.labels())));
}
