package dev.fluxion.grad.language;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Statements and expressions. */
@SuppressWarnings({
  "all",
  "fallthrough",
  "finally",
  "lossy-conversions",
  "try"
}) // as users write it
final class Statements {
  private Statements() {}

  enum Level {
    LOW,
    MIDDLE,
    HIGH
  }

  static Level level(double x) {
    return x < 0 ? Level.LOW : x < 1 ? Level.MIDDLE : Level.HIGH;
  }

  static double labelledBreak(double x) {
    double sum = 0;
    outer:
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        if (i * j > 6) {
          break outer;
        }
        sum += x * i + j * x * x;
      }
    }
    return sum;
  }

  static double labelledContinue(double x) {
    double sum = x;
    outer:
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        if (j > i) {
          continue outer;
        }
        sum = sum * 0.9 + x * j;
      }
      sum *= 100;
    }
    return sum;
  }

  static double labelledBlock(double x) {
    double y = x;
    block:
    {
      y *= x;
      if (x > 1) {
        break block;
      }
      y += Math.sin(x);
    }
    return y * y;
  }

  static double doWhile(double x) {
    double y = x;
    int n = 0;
    do {
      y = Math.sin(y) + x;
      n++;
    } while (n < 3 || y < -1 && n < 10);
    return y;
  }

  static double endless(double x) {
    double y = 1 + x * x;
    while (true) {
      if (y > 20) {
        return y * x;
      }
      y *= 1.5;
    }
  }

  static double overArray(double x) {
    double sum = 0;
    for (double factor : new double[] {1, x, x * x}) {
      sum += factor * x;
    }
    return sum;
  }

  static double overIterable(double x) {
    List<Double> numbers = new ArrayList<>(List.of(x, 2 * x));
    numbers.add(x * x);
    double product = 1;
    for (double number : numbers) {
      product *= number;
    }
    return product;
  }

  static double overOwnIterable(double x) {
    Iterable<Double> halves =
        () ->
            new Iterator<Double>() {
              private double next = x;

              @Override
              public boolean hasNext() {
                return Math.abs(next) > 0.01;
              }

              @Override
              public Double next() {
                double now = next;
                next /= 2;
                return now * now;
              }
            };
    double sum = 0;
    for (Double half : halves) {
      sum += half;
    }
    return sum;
  }

  static double intSwitch(double x) {
    double y;
    switch ((int) x) {
      case -1:
        y = x * x;
        break;
      case 1:
      case 2:
        y = Math.exp(x);
        break;
      default:
        y = Math.sin(x);
    }
    return y;
  }

  static double fallThrough(double x) {
    double y = x;
    switch (level(x)) {
      case LOW:
        y *= 3;
      case MIDDLE:
        y += x * x;
        break;
      case HIGH:
        y -= 1 / x;
    }
    return y;
  }

  static double sparseSwitch(double x) {
    return switch ((int) Math.floor(x) * 1000) {
      case -2000 -> x;
      case -1000, 0 -> x * x;
      case 1_000_000 -> 0;
      default -> x * x * x;
    };
  }

  static double stringSwitch(double x) {
    String kind = x < 0 ? "FB" : x < 1 ? "Ea" : "other"; // the first two have the same hash
    return switch (kind) {
      case "FB" -> -x * x;
      case "Ea" -> Math.cos(x);
      case "other" -> x + x;
      default -> throw new IllegalStateException(kind);
    };
  }

  static double enumSwitch(double x) {
    return switch (level(x)) {
      case LOW -> Math.sinh(x);
      case MIDDLE -> x * Math.sqrt(x);
      case HIGH -> Math.log(x);
    };
  }

  static double yieldSwitch(double x) {
    double y =
        switch (level(x)) {
          case LOW -> {
            double square = x * x;
            yield square * square;
          }
          case MIDDLE, HIGH -> {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
              sum += Math.pow(x, i);
            }
            if (sum > 6) {
              yield sum * x;
            }
            yield sum;
          }
        };
    return y * 2;
  }

  static double ternaryChain(double x) {
    return (x < -1 ? x * x : x < 0 ? -x : x < 1 ? Math.sin(x) : x < 2 ? 2 * x : x * x * x)
        * (x != 0 ? x : 1);
  }

  static double shortCircuit(double x) {
    if (x > 0 && 1 / x > 0.5 || x < -1 && !(x * x > 100)) {
      return x * x;
    }
    return -x;
  }

  static double compoundAssignments(double x) {
    float single = 1.5f;
    single += 0.25; // (float) (single + 0.25)
    single *= 2.0;
    int whole = 7;
    whole += 3.9; // (int) (whole + 3.9)
    byte small = 100;
    small += 100; // overflows
    short bits = 1;
    bits <<= 15;
    char letter = 'a';
    letter += 1.7;
    double y = x;
    y += whole;
    y *= x;
    y -= small * x;
    y /= single;
    y %= 1e6;
    double[] cells = {x, x};
    int at = 0;
    cells[at++] *= bits * x;
    cells[at] += letter;
    return y + cells[0] * cells[1];
  }

  static double shifts(double x) {
    int i = -17;
    long l = -17L;
    int a = i >> 2 ^ i >>> 28 ^ i << 33;
    long b = l >> 2L ^ l >>> 60 ^ l << 65 ^ (1L << 40);
    return x * a + x * x * (b % 1000) + (i >>> 33 & 0xff) * x;
  }

  static double bitOperations(double x) {
    int mask = 0b1011 & ~0x2 | 0x10;
    boolean odd = (mask & 1) == 1 ^ x > 0;
    boolean both = odd & x < 1 | !odd;
    return x * mask * (both ? 2 : x) + Long.bitCount(mask) * x;
  }

  static double charArithmetic(double x) {
    char c = 'b';
    c++;
    int distance = c - 'a';
    char upper = (char) (c - 32);
    return x * distance + x * x * (upper == 'C' ? 1 : 0) + "xyz".charAt(distance) * x / 100;
  }

  static double increments(double x) {
    double y = x;
    double before = y++;
    double after = ++y;
    double[] cell = {x};
    double old = cell[0]-- * 2;
    int i = 3;
    i = i++ + ++i;
    return before * after + old * cell[0] + --y * i;
  }

  static double multiDimensional(double x) {
    double[][][] cube = new double[2][3][4];
    double[][] ragged = {{x}, {x, x * x}, {}};
    double[][] open = new double[2][];
    open[1] = ragged[1];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        cube[i][j][i + j] = x * i + ragged[1][i] * j;
      }
    }
    open[1][0] *= x;
    return cube[1][2][3] * cube[0][1][1] + ragged[1][0] + open.length * cube[1].length;
  }

  static double assertions(double x) {
    double y = x * x;
    assert y >= 0 : "negative: " + y;
    assert Double.isFinite(y);
    return Math.sqrt(1 + y);
  }

  static double inferred(double x) {
    var list = new ArrayDeque<Double>();
    list.add(x);
    for (var i = 0; i < 3; i++) {
      var last = list.getLast();
      list.addLast(last * x);
    }
    var sum = 0.0;
    for (var number : list) {
      sum += number;
    }
    return sum;
  }

  static double texts(double x) {
    String block =
        """
        the number\tof "characters" \
        in a text block
        """;
    String text = "x is " + 'c' + 1 + 2L + null + 1.5f + true + block;
    text += text.length();
    return x * text.length() + x * x * block.lines().count();
  }

  static double constants(double x) {
    final double third = 1.0 / 3;
    final int two = 1 + 1;
    return Math.PI * x + third * x * x + two * x + 0x1p-3 * x + 1_000e-3 * x + 'A' * x / 65;
  }
}
