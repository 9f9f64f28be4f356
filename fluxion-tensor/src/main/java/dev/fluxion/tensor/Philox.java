package dev.fluxion.tensor;

/**
 * The counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", 2011): the numbers at a position are a function of the seed and the
 * position, so any part of a tensor can be drawn without the rest.
 */
final class Philox {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /** Replaces a counter of four words by four random words. */
  static void block(long seed, int[] words) {
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    for (int i = 0; i < ROUNDS; i++) {
      long product0 = MULTIPLIER_0 * (words[0] & 0xFFFFFFFFL);
      long product1 = MULTIPLIER_1 * (words[2] & 0xFFFFFFFFL);
      int first = (int) (product1 >>> 32) ^ words[1] ^ key0;
      int third = (int) (product0 >>> 32) ^ words[3] ^ key1;
      words[1] = (int) product1;
      words[3] = (int) product0;
      words[0] = first;
      words[2] = third;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
  }

  /** Two doubles of 53 random bits in [0, 1) at a position. */
  private static void pair(long seed, long position, int[] words, double[] pair) {
    words[0] = (int) position;
    words[1] = (int) (position >>> 32);
    words[2] = 0;
    words[3] = 0;
    block(seed, words);
    pair[0] = unit(words[0], words[1]);
    pair[1] = unit(words[2], words[3]);
  }

  private static double unit(int high, int low) {
    long bits = ((long) high << 32 | (low & 0xFFFFFFFFL)) >>> 11;
    return bits * 0x1p-53;
  }

  static void uniform(long seed, Buffer to, double low, double high) {
    int[] words = new int[4];
    double[] pair = new double[2];
    for (int i = 0; i < to.size(); i++) {
      if ((i & 1) == 0) {
        pair(seed, i >> 1, words, pair);
      }
      to.set(i, low + (high - low) * pair[i & 1]);
    }
  }

  /** By the transform of Box and Muller (1958). */
  static void normal(long seed, Buffer to, double mean, double deviation) {
    int[] words = new int[4];
    double[] pair = new double[2];
    for (int i = 0; i < to.size(); i += 2) {
      pair(seed, i >> 1, words, pair);
      double radius = Math.sqrt(-2 * Math.log(1 - pair[0]));
      double angle = 2 * Math.PI * pair[1];
      to.set(i, mean + deviation * radius * Math.cos(angle));
      if (i + 1 < to.size()) {
        to.set(i + 1, mean + deviation * radius * Math.sin(angle));
      }
    }
  }
}
