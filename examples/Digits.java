import module fluxion;

record Model(Conv conv, Dense hidden, Dense out) {
  Tensor apply(Tensor images) {
    Tensor features = conv.apply(images).relu().maxPool2d(2).flatten();
    return out.apply(hidden.apply(features).relu());
  }
}

void main() {
  Random random = new Random(1);
  LabelledImages digits = LabelledImages.digits().shuffled(random);
  LabelledImages train = digits.slice(0, 1437);
  LabelledImages test = digits.slice(1437, 1797);
  Model model =
      new Model(
          Conv.of(1, 32, 3, random), Dense.of(288, 64, random), Dense.of(64, 10, random));
  Adam adam = new Adam(2e-3);
  for (int epoch = 1; epoch <= 30; epoch++) {
    double loss = 0;
    for (LabelledImages batch : train.shuffled(random).batches(32)) {
      ValueAndGradient<Model> step =
          Grad.valueAndGradient(
              m -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()), model);
      adam.update(model, step.gradient());
      loss += step.value() * batch.labels().length / train.labels().length;
    }
    IO.println("epoch %2d  loss %.4f".formatted(epoch, loss));
  }
  IO.println(
      "test accuracy %.4f"
          .formatted(Losses.accuracy(model.apply(test.images()), test.labels())));
}
