package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  /** The images with these indices. */
  public LabelledImages at(int[] indices) {
    int[] chosen = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = labels[indices[i]];
    }
    return new LabelledImages(images.gather(indices), chosen);
  }

  /** The same images in an order drawn at random. */
  public LabelledImages shuffled(RandomGenerator random) {
    int[] order = new int[labels.length];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return at(order);
  }

  /** The images from one index up to, not including, another. */
  public LabelledImages slice(int from, int to) {
    int[] indices = new int[to - from];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = from + i;
    }
    return at(indices);
  }

  /** All images in batches of a size, the last one smaller. */
  public List<LabelledImages> batches(int size) {
    List<LabelledImages> batches = new ArrayList<>();
    for (int from = 0; from < labels.length; from += size) {
      batches.add(slice(from, Math.min(labels.length, from + size)));
    }
    return batches;
  }
}
