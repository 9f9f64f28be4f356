/** What the language has gained from Java 22 to 25. */
class Features25 {
  /** Code before super(), which Java 25 allows. */
  static class Early {
    final int size;

    Early(int size) {
      this.size = size;
    }
  }

  static class Checked extends Early {
    final String note;

    Checked(String text) {
      int length = text.length();
      if (length == 0) {
        throw new IllegalArgumentException("empty");
      }
      note = text.trim();
      String number;
      try {
        number = "" + Integer.parseInt(text);
      } catch (NumberFormatException e) {
        number = "0" + length;
      }
      for (int i = 0; i < 2; i++) {
        number += i;
      }
      super(Integer.parseInt(number));
    }
  }

  record Point(int x, Object y) {}

  static String unnamed(Object o) {
    String result = "";
    for (int _ : new int[] {1, 2}) {
      result += "i";
    }
    try {
      result += 1 / ((String) o).length();
    } catch (ArithmeticException | ClassCastException _) {
      result += "caught";
    }
    return switch (o) {
      case Point(int x, _) when x > 1 -> result + x;
      case Point(_, String _), Point(_, Integer _) -> result + "text or number";
      case Point _ -> result + "point";
      default -> result;
    };
  }

  static class Outer {
    final int base = 7;

    class Inner extends Early {
      final int scale;

      Inner(int scale) {
        if (scale < 0) {
          throw new IllegalArgumentException("negative");
        }
        this.scale = scale;
        super(base * scale);
      }
    }
  }

  static String run() {
    StringBuilder s = new StringBuilder();
    for (String text : new String[] {"12", " x ", ""}) {
      try {
        Checked checked = new Checked(text);
        s.append(checked.size).append(checked.note);
      } catch (IllegalArgumentException e) {
        s.append(e.getMessage());
      }
    }
    for (Object o :
        new Object[] {new Point(3, 1), new Point(0, "a"), new Point(0, 2.5), "", "abc"}) {
      s.append(unnamed(o)).append(' ');
    }
    for (int scale : new int[] {3, -1}) {
      try {
        s.append(new Outer().new Inner(scale).size);
      } catch (IllegalArgumentException e) {
        s.append(e.getMessage());
      }
    }
    return s.toString();
  }
}
