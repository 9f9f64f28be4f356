package dev.fluxion.ir.golden;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Small methods whose structured form is looked at: ways in which control flows. */
@SuppressWarnings({
  "EmptyCatch",
  "LabelledBreakTarget",
  "StaticGuardedByInstance",
  "UnusedVariable"
})
final class Flows {
  private static int count;

  private Flows() {}

  static double power(double x, int n) {
    double r = 1;
    for (int i = 0; i < n; i++) {
      r = r * x;
    }
    return r;
  }

  static double either(double x) {
    double y;
    if (x > 0) {
      y = x;
    } else if (x < -1) {
      y = -x;
    } else {
      y = 1;
    }
    return y * y;
  }

  static double shortCircuit(double x, double y) {
    if ((x > 0 || y > 0) && x < 1) {
      return x;
    }
    return y;
  }

  static int countedDown(int n) {
    int i = n;
    do {
      i -= 2;
    } while (i > 10);
    return i;
  }

  static int search(int[][] rows, int wanted) {
    int found = -1;
    rows:
    for (int i = 0; i < rows.length; i++) {
      for (int number : rows[i]) {
        if (number < 0) {
          continue rows;
        }
        if (number == wanted) {
          found = i;
          break rows;
        }
      }
      count++;
    }
    return found;
  }

  @SuppressWarnings("fallthrough")
  static int choose(int key) {
    int result = 0;
    switch (key) {
      case 1:
      case 2:
        result = 10;
        break;
      case 3:
        result = 1;
      case 4:
        result += 20;
        break;
      default:
        return -1;
    }
    return result;
  }

  static int caught(int[] numbers, int index) {
    int result = 1;
    try {
      result = numbers[index];
      result = result / numbers[0];
    } catch (ArithmeticException e) {
      return -result;
    } catch (ArrayIndexOutOfBoundsException | NullPointerException e) {
      result += 2;
    }
    return result;
  }

  static int finished(int[] numbers) {
    try {
      for (int number : numbers) {
        if (number < 0) {
          return number;
        }
      }
      return numbers[0];
    } finally {
      count++;
    }
  }

  static int retried(Iterator<Integer> numbers) {
    while (true) {
      try {
        return 10 / numbers.next();
      } catch (ArithmeticException e) {
        count++;
      }
    }
  }

  static int skipped(Iterator<@Nullable Integer> numbers) {
    int sum = 0;
    while (numbers.hasNext()) {
      try {
        sum += numbers.next();
      } catch (NullPointerException e) {
        continue;
      }
      count++;
    }
    return sum;
  }

  static int locked(Object lock) {
    synchronized (lock) {
      return count++;
    }
  }

  static int nested(int[] numbers) {
    int sum = 0;
    try {
      try {
        sum = numbers[1];
      } catch (NullPointerException e) {
        sum = numbers[2];
      }
      sum += numbers[3];
    } catch (RuntimeException e) {
      sum = -sum;
    }
    return sum;
  }
}
