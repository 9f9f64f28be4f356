package dev.fluxion.grad.fuzz;

import java.util.List;

/**
 * The kinds of variables, and what programs do with them, as templates of {@link Templates}.
 *
 * <p>Arrays have four elements, grids three rows of them, collections one element at least.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are those of List.of
enum Kind {
  DOUBLE(
      "double",
      "$n",
      List.of("$d", "$d", "$b", "helper($d, $e)", "gentle($d)"),
      List.of("$n"),
      List.of("Math.abs($n - $k)", "Math.max($n, $d)", "Math.min($d, $n)", "clipped($n)"),
      List.of(
          "$N = $b;",
          "$N += $b;",
          "$N *= $b;",
          "$N = 0.5 * $n + $b;",
          "$N /= 1.5 + $b;",
          "$N -= $n > $k ? $b : 0.3 * $n;",
          "if ($c) { $N = -$n; }",
          "{ double $1 = $n; $N = $=DOUBLE; $=DOUBLE = $1; }")),
  INT("int", "0.1 * $n", List.of(), List.of("0.1 * $n"), List.of(), List.of()),
  LONG(
      "long",
      "0.01 * ($n & 7)",
      List.of("7L * $z + 3", "(long) (4 * $e)", "Double.doubleToLongBits($e) >>> 61", "1L << $z"),
      List.of("0.1 * ($n & 3)", "(int) $n % 3 * 0.2"),
      List.of("(($n & 1) == 0 ? $d : $d)", "Long.bitCount($n) * 0.1 * $d"),
      List.of(
          "$N ^= $z;",
          "$N = $n << 1 | $z & 1;",
          "$N += (int) (3 * $e);",
          "$N = Long.rotateLeft($n, $z);",
          "$N = ~$n >>> 3;",
          "$N -= $n / 3 * $z;")),
  FLOAT(
      "float",
      "$n",
      List.of("(float) $b", "0.5f"),
      List.of("$n"),
      List.of("Math.max($n, 0.4f) * $d", "(float) $b * $n"),
      List.of(
          "$N += (float) $b;",
          "$N = $n * (float) $b;",
          "$N = ($n + 1f) / (2f + $n * $n);",
          "$N -= 0.25f;")),
  FLOATS(
      "float[]",
      "($n[0] - $n[1] * $n[2])",
      List.of("new float[] {(float) $b, 1f, (float) $b}", "new float[3]", "$FLOATS"),
      List.of("$n[$r]"),
      List.of("$n[$r] * $d"),
      List.of(
          "$n[$r] += (float) $b;",
          "$n[$r] *= (float) $b;",
          "$n[$r] = $n[$r] - 0.5f * (float) $b;",
          "for (float $1 : $n) { $=DOUBLE += $1 * $k; }")),
  BOXED(
      "Double",
      "$n",
      List.of("$b", "Double.valueOf($e)", "$BOXED"),
      List.of("$n"),
      List.of("$n.doubleValue() * $d", "($n.compareTo($k) > 0 ? $d : $d)"),
      List.of("$N = $b;", "$N += $b;", "$N = $n * $b;", "$N = $LIST.get(0);")),
  TEXT(
      "StringBuilder",
      "0.01 * $n.length()",
      List.of("new StringBuilder(\"ab\")", "new StringBuilder().append($z).append('b')"),
      List.of("0.1 * $n.length()"),
      List.of(
          "($n.charAt(0) == 'a' ? $d : $d)",
          "switch ($n.toString()) { case \"ab\" -> $d; case \"ab1\", \"ab2\" -> $d; default -> $d; }"),
      List.of("$n.append($z);", "$n.append(\"v=\" + $z + '!');", "if ($c) { $n.append(\"c\"); }")),
  ARRAY(
      "double[]",
      "sum($n)",
      List.of(
          "new double[] {$e, $e, $k, $e}",
          "new double[] {$d, $k, $e, $e}",
          "new double[4]",
          "$ARRAY",
          "$ARRAY",
          "$ARRAY.clone()",
          "Arrays.copyOf($ARRAY, 4)",
          "Arrays.stream($ARRAY).map($l).toArray()",
          "$GRID[$r]",
          "$GRID[$r].clone()",
          "$BUNDLE.xs()",
          "split($d, $e)"),
      List.of("$n[$i]", "$n[$i]", "$n[$n.length - 1]"),
      List.of(
          "sum($n)",
          "dot($n, $ARRAY)",
          "horner($e, $n)",
          "largest($n)",
          "Arrays.stream($n).map($l).sum() / 4",
          "IntStream.range(0, 4).mapToDouble($1 -> $f * 0.5 + 0.1 * $1).sum() / 4",
          "Arrays.stream($n).reduce($k, ($1, $2) -> $1 * 0.5 + $2)",
          "DoubleStream.of($n).limit(3).average().orElse(0)"),
      List.of(
          "$n[$i] = $b;",
          "$n[$i] = $b;",
          "$n[$i] += $b;",
          "$n[$i] *= $b;",
          "$n[$i] -= $n[$i] * $k;",
          "{ double $1 = $n[$i]; $n[$i] = $ARRAY[2]; $ARRAY[2] = $1; }",
          "System.arraycopy($n, $m / 2, $ARRAY, $m / 2, 1 + $m / 2);",
          "System.arraycopy($n, 0, $n, 1, 3);",
          "Arrays.fill($n, $m / 2, 2 + $m / 2, $b);",
          "Arrays.setAll($n, $1 -> $f * $1);",
          "Arrays.sort($n);",
          "rotate($n);",
          "bubble($n);",
          "prefix($n);",
          "double[] $1 = $n; $1[$i] += $b;",
          "$N = $+ARRAY;",
          "$n[$i] = change($ARRAY, $b);",
          "$=DOUBLE += change($n, $e);",
          "for (int $1 = 1; $1 < 4; $1++) { $n[$1] = 0.5 * $n[$1] + Math.sin($n[$1 - 1]); }",
          "for (int $1 = 0, $2 = 3; $1 < $2; $1++, $2--)"
              + " { double $3 = $n[$1]; $n[$1] = $n[$2]; $n[$2] = $3; }")),
  GRID(
      "double[][]",
      "(sum($n[0]) + sum($n[1]) - sum($n[2]))",
      List.of("new double[3][4]", "new double[][] {$+ARRAY, $+ARRAY, $+ARRAY}", "$GRID.clone()"),
      List.of("$n[$r][$i]"),
      List.of("sum($n[$r])", "dot($n[$r], $n[$r])", "trace($n)"),
      List.of(
          "$n[$r][$i] += $b;",
          "$n[$r][$i] = $b;",
          "{ double[] $1 = $n[0]; $n[0] = $n[2]; $n[2] = $1; }",
          "$n[$r] = $ARRAY;",
          "$n[$r] = $GRID[$r].clone();",
          "eliminate($n);",
          "for (double[] $1 : $n) { $1[$m] *= $b; }")),
  CELL(
      "Cell",
      "$n.all()",
      List.of("$CELL", "$CELLS[$r]", "new Cell($e, $d)", "new Sub($d, $e)", "new Sub($e, $e)"),
      List.of("$n.v", "$n.w", "$n.data[$i]"),
      List.of(
          "Math.sin($n.area($d))",
          "Math.cos($n.twice($d))",
          "Math.sin($n.add($d))",
          "($n instanceof Sub $1 && $c ? $1.z * $d : $n.w)",
          "Math.tanh($n.all())"),
      List.of(
          "$n.v = $b;",
          "$n.w += $b;",
          "$n.v *= $b;",
          "$n.data[$i] -= $b;",
          "$n.add($b);",
          "$n.next = $CELL;",
          "if ($n.next != null) { $n.next.w = $b; }",
          "$n.data = $ARRAY;",
          "$n.data = $n.data.clone();",
          "$N = $+CELL;",
          "synchronized ($n) { $n.v += $b; }",
          "Cell.swap($n, $CELL);",
          "if ($n instanceof Sub $1) { $1.z = $b; }")),
  CELLS(
      "Cell[]",
      "($n[0].all() + $n[1].all() - $n[2].v)",
      List.of("new Cell[] {$+CELL, $+CELL, $+CELL}", "$CELLS.clone()"),
      List.of("$n[$r].v", "$n[$r].w"),
      List.of(
          "Math.sin($n[$r].area($d))",
          "Math.sin($n[$r].add($d))",
          "Arrays.stream($n).mapToDouble($1 -> $1.v * $f).sum() / 4"),
      List.of(
          "$n[$r].add($b);",
          "$n[$r].v = $b;",
          "$n[$r] = $+CELL;",
          "for (Cell $1 : $n) { $1.w *= $b; }",
          "{ Cell $1 = $n[0]; $n[0] = $n[1]; $n[1] = $1; }")),
  SHAPE(
      "Shape",
      "$n.area(0.3)",
      List.of(
          "$CELL",
          "$POINT",
          "new Disc($e, $+POINT)",
          "Shape.scaled($SHAPE, $k)",
          "Shape.scaled($CELL, $e)",
          "$1 -> $f1",
          "new Shape() { @Override public double area(double $1) { return $f1; } }"),
      List.of("Math.sin($n.area($k))"),
      List.of(
          "Math.sin($n.area($d))",
          "Math.cos($n.twice($d))",
          "Math.tanh(switch ($n) { case Sub $1 -> $1.k; case Cell $2 -> $2.v;"
              + " case Disc(double $3, Point(double $4, double $5)) -> $3 * $4 - $5;"
              + " default -> $d; })"),
      List.of("$N = $+SHAPE;", "$=DOUBLE += Math.sin($n.area($e));")),
  POINT(
      "Point",
      "$n.at(0.7)",
      List.of("new Point($d, $e)", "$POINT.with($e)", "$POINT", "Point.middle($POINT, $POINT)"),
      List.of("$n.a()", "$n.b()"),
      List.of("Math.sin($n.at($d))", "Math.sin($n.moved($m % 2, $d))", "($n.equals($n) ? $d : 1)"),
      List.of("$N = $+POINT;", "$N = $n.with($b);")),
  BUNDLE(
      "Bundle",
      "(sum($n.xs()) + $n.p().a() * $n.w())",
      List.of("new Bundle($+ARRAY, $+POINT, $e)", "new Bundle($ARRAY, $POINT, $d)"),
      List.of("$n.xs()[$i]", "$n.p().b()", "$n.w()"),
      List.of("dot($n.xs(), $ARRAY)", "Math.sin($n.p().at($n.w()) * $d)"),
      List.of("$n.xs()[$i] += $b;", "$N = new Bundle($n.xs(), $+POINT, $b);", "prefix($n.xs());")),
  NODE(
      "Node",
      "walk($n, 0.6)",
      List.of("new Node($e, null)", "new Node($d, new Node($e, null))", "new Node($e, $NODE)"),
      List.of("$n.v"),
      List.of("walk($n, $d) / 8", "($n.next == null ? $d : $n.next.v)"),
      List.of(
          "$n.v += $b;",
          "$N = new Node($b, $n);",
          "if ($n.next != null) { $N = $n.next; }",
          "if ($n.next != null) { $n.next.v *= $b; }",
          "$N = Node.reverse($n);",
          "for (Node $1 = $n; $1 != null; $1 = $1.next) { $1.v = Math.sin($1.v) * $b; }")),
  BOX(
      "Box<Double>",
      "$n.get()",
      List.of("new Box<>($b)", "$BOX.map($l)", "$BOX"),
      List.of("$n.held", "$n.get()"),
      List.of("$n.map($l).get() * $d", "$n.map($1 -> new Point($1, $f)).map(Point::b).get()"),
      List.of("$n.held = $b;", "$n.set($n.get() + $b);", "$N = $n.map($l);")),
  LIST(
      "List<Double>",
      "total($n)",
      List.of(
          "new ArrayList<>(List.of($b, $b))",
          "new ArrayList<>(Arrays.asList($b, $b, $k))",
          "new ArrayList<>($LIST)",
          "new LinkedList<>(List.of($b, $b))",
          "$LIST"),
      List.of("$n.get($i % $n.size())", "$n.getLast()"),
      List.of(
          "total($n) / 4",
          "$n.stream().mapToDouble($1 -> $1).map($l).sum() / 9",
          "$n.stream().map($l).reduce(0.0, Double::sum) / 9",
          "$n.stream().filter($1 -> $1 > $k).mapToDouble(Double::doubleValue).sum() / 9",
          "$n.stream().mapToDouble($1 -> $1).max().orElse(0)"),
      List.of(
          "$n.add($b);",
          "$n.add(0, $b);",
          "$n.set($i % $n.size(), $b);",
          "if ($n.size() > 1) { $n.remove($m % 2); }",
          "$n.replaceAll($l);",
          "for (double $1 : $n) { $=DOUBLE = $=DOUBLE * 0.5 + $1; }",
          "for (int $1 = 0; $1 < $n.size(); $1++) { $n.set($1, $n.get($1) * $b); }",
          "Collections.reverse($n);",
          "Collections.sort($n);",
          "Collections.swap($n, 0, $n.size() - 1);",
          "for (Iterator<Double> $1 = $n.iterator(); $1.hasNext();)"
              + " { if ($1.next() > $k && $n.size() > 1) { $1.remove(); } }",
          "$n.forEach($1 -> $!ARRAY[$m] += $1);")),
  DEQUE(
      "ArrayDeque<Double>",
      "total($n)",
      List.of("new ArrayDeque<>(List.of($b))", "new ArrayDeque<>($LIST)"),
      List.of("$n.peekFirst()", "$n.peekLast()"),
      List.of("total($n) / 4"),
      List.of(
          "$n.addLast($b);",
          "$n.push($b);",
          "if ($n.size() > 1) { $n.pollFirst(); }",
          "if ($n.size() > 1) { $n.addLast($n.pop() * $k); }",
          "$n.push($n.pop() * $b);")),
  MAP(
      "Map<Integer, Double>",
      "total($n.values())",
      List.of(
          "new HashMap<>(Map.of($m, $b))",
          "new TreeMap<>(Map.of($m, $b))",
          "new LinkedHashMap<>(Map.of($m, $b))",
          "$MAP"),
      List.of("$n.getOrDefault($i, $k)"),
      List.of("total($n.values()) / 4", "($n.containsKey($i) ? $d : $d)"),
      List.of(
          "$n.put($i, $b);",
          "$n.merge($i, $b, Double::sum);",
          "$n.merge($i, $b, ($1, $2) -> $1 * $2);",
          "$n.computeIfAbsent($i, $1 -> $f);",
          "$n.computeIfPresent($i, ($1, $2) -> Math.sin($2) * $k);",
          "$n.replaceAll(($1, $2) -> $2 * $k);",
          "for (Map.Entry<Integer, Double> $1 : $n.entrySet())"
              + " { $1.setValue(Math.sin($1.getValue()) * $b); }",
          "for (int $1 : $n.keySet()) { $=DOUBLE += $1 * Math.sin($n.get($1)); }",
          "if ($n.size() > 1) { $n.remove($n.keySet().iterator().next()); }")),
  POINTS(
      "List<Point>",
      "$n.get(0).at(0.3)",
      List.of("new ArrayList<>(List.of($+POINT, $+POINT))", "new ArrayList<>($POINTS)"),
      List.of("$n.get($i % $n.size()).a()", "$n.get($i % $n.size()).b()"),
      List.of(
          "$n.stream().mapToDouble($1 -> $1.at($f)).sum() / 9",
          "$n.stream().mapToDouble(Point::a).sum() / 9",
          "$n.stream().map(Point::b).filter($1 -> $1 < $k).count() * 0.1"),
      List.of(
          "$n.add($+POINT);",
          "$n.set($i % $n.size(), $+POINT);",
          "$n.set($i % $n.size(), $n.get(0).with($b));",
          "for (Point $1 : $n) { $=DOUBLE += $1.a() * $1.b(); }",
          "$n.sort(Comparator.comparingDouble(Point::a));")),
  OPTIONAL(
      "Optional<Double>",
      "$n.orElse(0.2)",
      List.of("Optional.of($b)", "Optional.<Double>empty()", "$OPTIONAL.map($l)"),
      List.of("$n.orElse($k)"),
      List.of("$n.map($l).orElse($b)", "($n.isPresent() ? $n.get() * $d : $d)"),
      List.of("$N = $n.map($l);", "$N = Optional.of($b);")),
  OPERATOR(
      "DoubleUnaryOperator",
      "$n.applyAsDouble(0.4)",
      List.of(
          "$l",
          "$l",
          "Math::sin",
          "Programs::square",
          "$1 -> { $!ARRAY[$m] += $f1; return $f1; }",
          "$1 -> { $!CELL.v = $f1; return $f1; }",
          "$CELL::area",
          "compose($l, $l)",
          "powers($m % 3, $l)"),
      List.of("Math.sin($n.applyAsDouble($k))"),
      List.of("Math.sin($n.applyAsDouble($d))", "integral($n, $e)"),
      List.of("$N = $+OPERATOR;", "$=DOUBLE += Math.sin($n.applyAsDouble($e));")),
  FUNCTION(
      "Function<Double, Double>",
      "$n.apply(0.4)",
      List.of("$l", "$1 -> new Point($1, $f).at($1)"),
      List.of("Math.sin($n.apply($k))"),
      List.of("Math.sin($n.apply($b))", "Stream.of($b, $b).map($n).reduce(0.0, Double::sum) / 3"),
      List.of("$N = $l;", "$N = $n.andThen($l);")),
  SUPPLIER(
      "DoubleSupplier",
      "$n.getAsDouble()",
      List.of("() -> $f", "counter($e)", "() -> { $!ARRAY[$m] *= $k; return $f; }"),
      List.of("Math.sin($n.getAsDouble())"),
      List.of("Math.sin($n.getAsDouble()) * $d"),
      List.of("$=DOUBLE += Math.cos($n.getAsDouble());")),
  BINARY(
      "DoubleBinaryOperator",
      "$n.applyAsDouble(0.2, 0.5)",
      List.of(
          "($1, $2) -> $1 * $f + Math.sin($2)",
          "Math::atan2",
          "Programs::helper",
          "Mode.values()[$z % 3]::apply",
          "Double::sum"),
      List.of("Math.sin($n.applyAsDouble($k, $e))"),
      List.of("Math.sin($n.applyAsDouble($d, $d))", "Math.sin(fold($n, $ARRAY))"),
      List.of("$=DOUBLE = Math.sin($n.applyAsDouble($=DOUBLE, $e));"));

  /** The type in Java. */
  final String type;

  /** A number that depends on all that a variable holds. */
  final String all;

  /** Expressions that make a value. */
  final List<String> initial;

  /** Short expressions that read a number. */
  final List<String> read;

  /** Longer ones. */
  final List<String> call;

  /** Statements. */
  final List<String> change;

  Kind(
      String type,
      String all,
      List<String> initial,
      List<String> read,
      List<String> call,
      List<String> change) {
    this.type = type;
    this.all = all;
    this.initial = initial;
    this.read = read;
    this.call = call;
    this.change = change;
  }
}
