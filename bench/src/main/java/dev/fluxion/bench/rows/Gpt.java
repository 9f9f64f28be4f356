package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.nn.Activations;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Losses;
import dev.fluxion.tensor.Attention;
import dev.fluxion.tensor.Normalization;
import dev.fluxion.tensor.Tensor;

/**
 * A training step of a decoder of text (Radford et al., 2019): four layers of width 128 on eight
 * sequences of 128 tokens.
 */
public final class Gpt extends Training<Gpt.Decoder> {
  private static final int LAYERS = 4;
  private static final int WIDTH = 128;
  private static final int HEADS = 4;
  private static final int LENGTH = 128;
  private static final int VOCABULARY = 256;
  private static final int BATCH = 8;
  private static final Tensor CAUSAL = Attention.causalMask(LENGTH);

  /** Normalisation over the features, with a learnt scale and shift. */
  record Norm(Tensor gamma, Tensor beta) {
    static Norm of(int width) {
      return new Norm(Tensor.ones(width), Tensor.zeros(width));
    }

    Tensor apply(Tensor x) {
      return Normalization.layer(x, 1, 1e-5).times(gamma).plus(beta);
    }
  }

  /**
   * A layer: attention, then a network at each place, each beside what came in.
   *
   * @param qkv (width, 3 width): the queries, keys and values of all heads
   */
  record Block(
      Norm before,
      Tensor qkv,
      Tensor out,
      Norm between,
      Tensor w1,
      Tensor b1,
      Tensor w2,
      Tensor b2) {
    static Block of(long seed) {
      return new Block(
          Norm.of(WIDTH),
          Inputs.weight(seed, WIDTH, WIDTH, 3 * WIDTH),
          Inputs.weight(seed + 1, WIDTH, WIDTH, WIDTH),
          Norm.of(WIDTH),
          Inputs.weight(seed + 2, WIDTH, WIDTH, 4 * WIDTH),
          Tensor.zeros(4 * WIDTH),
          Inputs.weight(seed + 3, 4 * WIDTH, 4 * WIDTH, WIDTH),
          Tensor.zeros(WIDTH));
    }

    Tensor apply(Tensor x) {
      Tensor[] parts = before.apply(x).matmul(qkv).split(2, 3);
      Tensor seen =
          Attention.scaledDotProduct(
              Attention.split(parts[0], HEADS),
              Attention.split(parts[1], HEADS),
              Attention.split(parts[2], HEADS),
              CAUSAL);
      Tensor attended = x.plus(Attention.join(seen).matmul(out));
      Tensor hidden = Activations.gelu(between.apply(attended).matmul(w1).plus(b1));
      return attended.plus(hidden.matmul(w2)).plus(b2);
    }
  }

  /**
   * The whole network.
   *
   * @param tokens (vocabulary, width): what each token is at first
   * @param places (length, width): what is added at each place
   * @param head (width, vocabulary)
   */
  record Decoder(Tensor tokens, Tensor places, Block[] blocks, Norm last, Tensor head) {
    static Decoder of() {
      Block[] blocks = new Block[LAYERS];
      for (int i = 0; i < LAYERS; i++) {
        blocks[i] = Block.of(210 + 10L * i);
      }
      return new Decoder(
          Inputs.scaled(200, 0.02, VOCABULARY, WIDTH),
          Inputs.scaled(201, 0.02, LENGTH, WIDTH),
          blocks,
          Norm.of(WIDTH),
          Inputs.weight(299, WIDTH, WIDTH, VOCABULARY));
    }

    /** The logits of the next token after each, (batch length, vocabulary). */
    Tensor logits(int[] text) {
      Tensor x = tokens.gather(text).reshape(BATCH, LENGTH, WIDTH).plus(places);
      for (Block block : blocks) {
        x = block.apply(x);
      }
      return last.apply(x).matmul(head).reshape(-1, VOCABULARY);
    }
  }

  public Gpt() {
    this(Inputs.indices(48, VOCABULARY, BATCH * (LENGTH + 1)));
  }

  private Gpt(int[] text) {
    this(tokens(text, 0), tokens(text, 1));
  }

  private Gpt(int[] x, int[] y) {
    super(
        Decoder.of(), decoder -> Losses.logitCrossEntropy(decoder.logits(x), y), new Adam(3e-4), 3);
  }

  /** Of each sequence all tokens but one, which is the last or the first. */
  private static int[] tokens(int[] text, int from) {
    int[] tokens = new int[BATCH * LENGTH];
    for (int i = 0; i < BATCH; i++) {
      System.arraycopy(text, i * (LENGTH + 1) + from, tokens, i * LENGTH, LENGTH);
    }
    return tokens;
  }
}
