package dev.fluxion.roundtrip;

import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import scala.collection.immutable.List;
import scala.collection.immutable.Range$;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigDecimal$;
import scala.math.Ordering;
import scala.runtime.Tuples$;

/** Uses the libraries of Scala 2, which Scala 3 shares, and of Scala 3. */
@NullUnmarked
public final class ScalaExercise implements Callable<String> {
  /** An exercise. */
  public ScalaExercise() {}

  @Override
  public String call() {
    StringBuilder text = new StringBuilder();
    List<Integer> numbers =
        CollectionConverters.asScala(java.util.List.of(5, 3, 8, 1, 9, 2, 7)).toList();
    Ordering<Integer> order = Ordering.comparatorToOrdering(Integer::compare);
    text.append(numbers.sorted(order)).append(numbers.map(n -> n * n).mkString("<", ",", ">"));
    text.append(numbers.filter(n -> n > 2).foldLeft("", (s, n) -> s + n)).append('\n');
    text.append(numbers.zipWithIndex()).append(numbers.grouped(3).toList());
    text.append(numbers.sliding(2).map(w -> w.mkString("-")).toList()).append('\n');
    text.append(numbers.groupBy(n -> n % 3).keys().toList()).append(numbers.toVector());
    text.append(Range$.MODULE$.inclusive(1, 20, 4).mkString(" ")).append(numbers.toSet().size());
    text.append(numbers.reverse().take(2)).append(numbers.span(n -> n > 2)).append('\n');
    text.append(BigDecimal$.MODULE$.apply("1.25").pow(4)).append(numbers.toIndexedSeq().hashCode());
    text.append(scala.util.Try$.MODULE$.apply(() -> Integer.parseInt("x")).isFailure());
    text.append(new scala.util.Random(42).nextInt(100)).append(scala.Option.apply(null).isEmpty());
    text.append(Tuples$.MODULE$.concat(new scala.Tuple2<>(1, "b"), new scala.Tuple1<>(2.5)));
    text.append(Tuples$.MODULE$.size(new scala.Tuple3<>(1, 2, 3)));
    return text.toString();
  }
}
