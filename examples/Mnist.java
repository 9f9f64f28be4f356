import static dev.fluxion.nn.Chain.chain;

import module fluxion;

/** LeNet on the handwritten digits of MNIST, whose four files are in a folder. */
void main(String[] arguments) {
  String cache = System.getenv("XDG_CACHE_HOME");
  Path home = cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
  Path folder = arguments.length > 0 ? Path.of(arguments[0]) : home.resolve("fluxion/mnist");
  try {
    train(LabelledImages.mnist(folder));
  } catch (IOException e) {
    System.err.println("Mnist: " + e.getMessage());
    System.exit(1);
  }
}

void train(Split mnist) {
  Random random = new Random(1);
  Chain model =
      chain(
          Conv.of(1, 12, 5, Tensor::relu, random),
          new MaxPool(2),
          Conv.of(12, 24, 5, Tensor::relu, random),
          new MaxPool(2),
          Tensor::flatten,
          Dense.of(384, 120, Tensor::relu, random),
          Dense.of(120, 84, Tensor::relu, random),
          Dense.of(84, 10, random));
  Training.of(
          model,
          mnist.train().batches(32).shuffled(random),
          (m, batch) -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()),
          new Adam(1e-3))
      .accuracy(mnist.test()::accuracy)
      .run(3);
  IO.println("test accuracy %.4f".formatted(mnist.test().accuracy(model)));
}
