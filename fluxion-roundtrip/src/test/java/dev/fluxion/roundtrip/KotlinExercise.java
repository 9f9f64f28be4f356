package dev.fluxion.roundtrip;

import java.util.List;
import java.util.concurrent.Callable;
import kotlin.collections.ArraysKt;
import kotlin.collections.CollectionsKt;
import kotlin.collections.MapsKt;
import kotlin.random.RandomKt;
import kotlin.ranges.RangesKt;
import kotlin.sequences.Sequence;
import kotlin.sequences.SequencesKt;
import kotlin.text.Regex;
import kotlin.text.StringsKt;
import org.jspecify.annotations.NullUnmarked;

/** Uses the library of Kotlin, coroutines in its sequences included. */
@NullUnmarked
public final class KotlinExercise implements Callable<String> {
  /** An exercise. */
  public KotlinExercise() {}

  @Override
  public String call() {
    StringBuilder text = new StringBuilder();
    List<Integer> numbers = List.of(5, 3, 8, 1, 9, 2, 7);
    text.append(CollectionsKt.sorted(numbers)).append(CollectionsKt.chunked(numbers, 3));
    text.append(CollectionsKt.groupBy(numbers, number -> number % 3)).append('\n');
    text.append(CollectionsKt.windowed(numbers, 4, 2, true, window -> window.size()));
    Sequence<Integer> sequence = CollectionsKt.asSequence(numbers);
    Sequence<List<Integer>> windows = SequencesKt.windowed(sequence, 3, 2, true);
    text.append(SequencesKt.toList(windows)).append('\n');
    text.append(
        SequencesKt.joinToString(
            SequencesKt.take(SequencesKt.generateSequence(1, n -> n * 3), 6),
            ", ",
            "[",
            "]",
            -1,
            "…",
            null));
    text.append(
        SequencesKt.toList(
            SequencesKt.flatMap(sequence, n -> CollectionsKt.asSequence(List.of(n, -n)))));
    text.append(SequencesKt.toList(SequencesKt.zipWithNext(sequence, (a, b) -> a - b)))
        .append('\n');
    text.append(
        new Regex("([a-z])([0-9]+)")
            .replace(
                "a1 b22 c333", match -> match.getValue().length() + match.getGroupValues().get(1)));
    text.append(StringsKt.padStart("7", 3, '0')).append(StringsKt.trimIndent("\n    a\n      b\n"));
    text.append(StringsKt.substringAfterLast("a.b.c", '.', "none"))
        .append(StringsKt.toIntOrNull("12x"));
    text.append(StringsKt.lines("x\ny\r\nz")).append('\n');
    text.append(RandomKt.Random(42).nextInt(1000)).append(RandomKt.Random(7L).nextDouble());
    text.append(RangesKt.downTo(10, 1)).append(RangesKt.step(RangesKt.until(0, 20), 6));
    text.append(ArraysKt.joinToString(new double[] {1, 2.5}, ";", "", "", -1, "", null));
    text.append(MapsKt.toSortedMap(CollectionsKt.associateWith(numbers, n -> n * n)));
    try {
      CollectionsKt.first(List.of());
    } catch (java.util.NoSuchElementException e) {
      text.append(e.getMessage());
    }
    return text.toString();
  }
}
