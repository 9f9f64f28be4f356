package dev.fluxion.grad.fuzz;

/** The types of variables. */
enum Type {
  DOUBLE("double"),
  INT("int"),
  ARRAY("double[]"),
  GRID("double[][]"),
  CELL("Cell"),
  CELLS("Cell[]"),
  POINT("Point"),
  BOXED("Double"),
  LIST("List<Double>"),
  DEQUE("ArrayDeque<Double>"),
  MAP("Map<Integer, Double>"),
  POINTS("List<Point>"),
  OPERATOR("DoubleUnaryOperator"),
  FUNCTION("Function<Double, Double>");

  final String text;

  Type(String text) {
    this.text = text;
  }
}
