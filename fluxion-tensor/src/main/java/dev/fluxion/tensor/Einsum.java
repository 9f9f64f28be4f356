package dev.fluxion.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Einstein's sums: operands are multiplied from the left, two at a time, each time as a batch of
 * matrix products over the letters that both have.
 *
 * <p>What letters mean is worked out apart from the tensors, in {@link Step}s of axes and sizes, so
 * that only tensors are differentiated.
 */
final class Einsum {
  private Einsum() {}

  /** An operand brought to certain letters: a diagonal taken, others summed away, axes in order. */
  private record Operand(
      boolean repeats, int[] diagonal, int[] diagonalShape, int[] summed, int[] order) {
    Tensor of(Tensor x) {
      Tensor y = repeats ? Entries.elements(x, diagonal, diagonalShape) : x;
      return (summed.length == 0 ? y : y.sum(summed, false)).permute(order);
    }
  }

  /** A product of matrices with shapes (batch, rows, inner) and (batch, inner, columns). */
  private record Step(Operand left, int[] a, Operand right, int[] b, int[] shape) {
    Tensor of(Tensor x, Tensor y) {
      return left.of(x).reshape(a).matmul(right.of(y).reshape(b)).reshape(shape);
    }
  }

  private record Plan(Operand first, List<Step> steps, Operand last) {}

  static Tensor of(String expression, Tensor... operands) {
    int[][] shapes = new int[operands.length][];
    for (int i = 0; i < operands.length; i++) {
      shapes[i] = operands[i].dimensions();
      if (i > 0) {
        DType.requireSame("einsum", operands[0], operands[i]);
      }
    }
    Plan plan = new Planning(expression, shapes).plan();
    Tensor y = plan.first.of(operands[0]);
    for (int i = 1; i < operands.length; i++) {
      y = plan.steps.get(i - 1).of(y, operands[i]);
    }
    return plan.last.of(y);
  }

  /** Works out the steps of an expression such as {@code "bij,jk->bik"} for operands' shapes. */
  private static final class Planning {
    private static final int UNKNOWN = -1;

    private final String expression;
    private final int[][] shapes;
    private final List<String> terms = new ArrayList<>();
    private final String result;
    private final int[] sizes = new int[Character.MAX_VALUE + 1];

    Planning(String expression, int[][] shapes) {
      this.expression = expression;
      this.shapes = shapes;
      Arrays.fill(sizes, UNKNOWN);
      String text = expression.replace(" ", "");
      int arrow = text.indexOf("->");
      String[] inputs = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
      if (inputs.length != shapes.length) {
        throw wrong(inputs.length + " operands are named, " + shapes.length + " given");
      }
      int dots = 0;
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i].contains("...")) {
          dots = Math.max(dots, shapes[i].length - (inputs[i].length() - 3));
        }
      }
      for (int i = 0; i < inputs.length; i++) {
        terms.add(spelled(inputs[i], shapes[i], dots));
      }
      for (int i = 0; i < inputs.length; i++) {
        measure(terms.get(i), shapes[i]);
      }
      result = arrow < 0 ? implied(dots) : output(text.substring(arrow + 2), dots);
    }

    private ShapeException wrong(String what) {
      StringBuilder given = new StringBuilder();
      for (int[] shape : shapes) {
        given.append(given.isEmpty() ? "" : ", ").append(ShapeException.text(shape));
      }
      return new ShapeException("einsum \"" + expression + "\" of " + given + ": " + what);
    }

    /** Letters that no user writes stand for the axes of an ellipsis, aligned at the last. */
    private static String ellipsis(int count, int dots) {
      StringBuilder letters = new StringBuilder();
      for (int i = dots - count; i < dots; i++) {
        letters.append((char) ('\u0100' + i));
      }
      return letters.toString();
    }

    private String spelled(String term, int[] shape, int dots) {
      int at = term.indexOf("...");
      int named = at < 0 ? term.length() : term.length() - 3;
      if (at < 0 ? named != shape.length : named > shape.length) {
        throw wrong("\"" + term + "\" does not name the axes of " + ShapeException.text(shape));
      }
      String whole = at < 0 ? term : term.replace("...", ellipsis(shape.length - named, dots));
      letters(whole);
      return whole;
    }

    private void letters(String term) {
      for (int i = 0; i < term.length(); i++) {
        char letter = term.charAt(i);
        if (!Character.isLetter(letter)) {
          throw wrong("'" + letter + "' is not a letter");
        }
      }
    }

    private void measure(String term, int[] shape) {
      for (int i = 0; i < shape.length; i++) {
        char letter = term.charAt(i);
        if (sizes[letter] != shape[i] && sizes[letter] != UNKNOWN) {
          throw wrong("'" + letter + "' has the sizes " + sizes[letter] + " and " + shape[i]);
        }
        sizes[letter] = shape[i];
      }
    }

    /** Without an arrow: the letters that occur once, in alphabetic order, behind the ellipsis. */
    private String implied(int dots) {
      String all = String.join("", terms);
      StringBuilder once = new StringBuilder(ellipsis(dots, dots));
      all.chars()
          .filter(c -> c < '\u0100' && all.indexOf(c) == all.lastIndexOf(c))
          .sorted()
          .forEach(c -> once.append((char) c));
      return once.toString();
    }

    private String output(String term, int dots) {
      String whole = term.replace("...", ellipsis(dots, dots));
      letters(whole);
      for (int i = 0; i < whole.length(); i++) {
        char letter = whole.charAt(i);
        if (terms.stream().noneMatch(one -> one.indexOf(letter) >= 0)) {
          throw wrong("no operand has the '" + letter + "' of the result");
        }
        if (whole.indexOf(letter) != whole.lastIndexOf(letter)) {
          throw wrong("the result has '" + letter + "' twice");
        }
      }
      return whole;
    }

    Plan plan() {
      String have = distinct(terms.get(0));
      Operand first = operand(terms.get(0), have);
      List<Step> steps = new ArrayList<>();
      for (int i = 1; i < terms.size(); i++) {
        String later = result + String.join("", terms.subList(i + 1, terms.size()));
        String right = terms.get(i);
        String batch = filtered(have, c -> right.indexOf(c) >= 0 && later.indexOf(c) >= 0);
        String inner = filtered(have, c -> right.indexOf(c) >= 0 && later.indexOf(c) < 0);
        String left = have;
        String rows = filtered(have, c -> right.indexOf(c) < 0 && later.indexOf(c) >= 0);
        String columns =
            filtered(distinct(right), c -> left.indexOf(c) < 0 && later.indexOf(c) >= 0);
        int[] a = {size(batch), size(rows), size(inner)};
        int[] b = {size(batch), size(inner), size(columns)};
        steps.add(
            new Step(
                operand(have, batch + rows + inner),
                a,
                operand(right, batch + inner + columns),
                b,
                shape(batch + rows + columns)));
        have = batch + rows + columns;
      }
      return new Plan(first, steps, operand(have, result));
    }

    private interface Choice {
      boolean takes(char letter);
    }

    private static String filtered(String letters, Choice choice) {
      StringBuilder chosen = new StringBuilder();
      for (int i = 0; i < letters.length(); i++) {
        char letter = letters.charAt(i);
        if (choice.takes(letter)) {
          chosen.append(letter);
        }
      }
      return chosen.toString();
    }

    private static String distinct(String letters) {
      StringBuilder distinct = new StringBuilder();
      for (int i = 0; i < letters.length(); i++) {
        char letter = letters.charAt(i);
        if (distinct.indexOf(String.valueOf(letter)) < 0) {
          distinct.append(letter);
        }
      }
      return distinct.toString();
    }

    private int[] shape(String letters) {
      return letters.chars().map(letter -> sizes[letter]).toArray();
    }

    private int size(String letters) {
      return Shapes.count(shape(letters));
    }

    private Operand operand(String have, String want) {
      String distinct = distinct(have);
      int[] diagonal = new int[0];
      int[] diagonalShape = shape(distinct);
      if (distinct.length() < have.length()) {
        int[] strides = new int[distinct.length()];
        int stride = 1;
        for (int i = have.length() - 1; i >= 0; i--) {
          strides[distinct.indexOf(have.charAt(i))] += stride;
          stride *= sizes[have.charAt(i)];
        }
        diagonal = new int[Shapes.count(diagonalShape)];
        Odometer odometer = new Odometer(diagonalShape, strides);
        for (int i = 0; i < diagonal.length; i++) {
          diagonal[i] = odometer.at(0);
          odometer.advance();
        }
      }
      String kept = filtered(distinct, c -> want.indexOf(c) >= 0);
      int[] summed = new int[distinct.length() - kept.length()];
      int next = 0;
      for (int i = 0; i < distinct.length(); i++) {
        if (kept.indexOf(distinct.charAt(i)) < 0) {
          summed[next++] = i;
        }
      }
      int[] order = want.chars().map(kept::indexOf).toArray();
      return new Operand(distinct.length() < have.length(), diagonal, diagonalShape, summed, order);
    }
  }
}
