package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;

/**
 * Images and what they show.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="training"}
 *
 * @param images (count, channels, height, width), from 0 to 1
 * @param labels a class for each image
 */
public record LabelledImages(Tensor images, int[] labels) {
  /**
   * The 1797 handwritten digits of 8 by 8 pixels of the UCI repository (E. Alpaydin and C. Kaynak,
   * CC BY 4.0), in their original order.
   */
  public static LabelledImages digits() {
    List<String> lines;
    try (InputStream in = LabelledImages.class.getResourceAsStream("digits.csv.gz");
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Objects.requireNonNull(in)), StandardCharsets.US_ASCII))) {
      lines = new ArrayList<>(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the digits", e);
    }
    float[] pixels = new float[lines.size() * 64];
    int[] labels = new int[lines.size()];
    for (int i = 0; i < labels.length; i++) {
      String[] numbers = lines.get(i).split(",", -1);
      for (int j = 0; j < 64; j++) {
        pixels[i * 64 + j] = Float.parseFloat(numbers[j]) / 16;
      }
      labels[i] = (int) Float.parseFloat(numbers[64]);
    }
    return new LabelledImages(Tensor.of(pixels, labels.length, 1, 8, 8), labels);
  }

  /**
   * The handwritten digits of MNIST (Y. LeCun, C. Cortes, C. Burges), 60 000 to train and 10 000 to
   * test, of 28 by 28 pixels.
   *
   * @param folder the folder with {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
   *     {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each as it is or with
   *     {@code .gz}
   * @throws IOException if one is missing or broken; says which, and what was expected
   */
  public static Split mnist(Path folder) throws IOException {
    return new Split(
        idx(find(folder, "train-images-idx3-ubyte"), find(folder, "train-labels-idx1-ubyte")),
        idx(find(folder, "t10k-images-idx3-ubyte"), find(folder, "t10k-labels-idx1-ubyte")));
  }

  private static Path find(Path folder, String name) throws IOException {
    for (String ending : List.of("", ".gz")) {
      if (Files.isRegularFile(folder.resolve(name + ending))) {
        return folder.resolve(name + ending);
      }
    }
    throw new NoSuchFileException(
        folder.resolve(name).toString(),
        null,
        """
        not found, nor with .gz. Put the four files of MNIST into that folder: \
        train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and \
        t10k-labels-idx1-ubyte.gz, unpacked or not\
        """);
  }

  /**
   * The grey images and labels of two IDX files.
   *
   * @throws IOException if one cannot be read or they do not go together
   */
  public static LabelledImages idx(Path imageFile, Path labelFile) throws IOException {
    Idx images = Idx.read(imageFile);
    Idx labels = Idx.read(labelFile);
    int[] shape = images.shape();
    if (shape.length != 3 || labels.shape().length != 1 || shape[0] != labels.shape()[0]) {
      throw new IOException(
          "%s has the shape %s and %s %s; (count, height, width) and (count) are expected"
              .formatted(
                  imageFile, Arrays.toString(shape), labelFile, Arrays.toString(labels.shape())));
    }
    float[] pixels = new float[images.bytes().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (images.bytes()[i] & 0xff) / 255f;
    }
    int[] classes = new int[shape[0]];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels.bytes()[i] & 0xff;
    }
    return new LabelledImages(Tensor.of(pixels, shape[0], 1, shape[1], shape[2]), classes);
  }

  /** The images with these indices. */
  public LabelledImages at(int[] indices) {
    return new LabelledImages(images.gather(indices), Loader.map(indices, labels));
  }

  /** The share of the images of which a model, whose outputs are logits, says what they show. */
  public double accuracy(Layer model) {
    return Losses.accuracy(model, Loader.of(images, labels, 256));
  }

  /** The number of images. */
  public int size() {
    return labels.length;
  }

  /** The same images in an order drawn at random. */
  public LabelledImages shuffled(RandomGenerator random) {
    return at(Loader.permutation(size(), random));
  }

  /** The images from one index up to, not including, another. */
  public LabelledImages slice(int from, int to) {
    return at(Loader.range(from, to));
  }

  /** So many images to train with, the others to test. */
  public Split split(int count) {
    return new Split(slice(0, count), slice(count, size()));
  }

  /** All images in batches of a size, the last one smaller, in order unless the loader shuffles. */
  public Loader<LabelledImages> batches(int size) {
    return Loader.of(size(), this::at, size);
  }
}
