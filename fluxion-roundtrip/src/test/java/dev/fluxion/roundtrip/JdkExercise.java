package dev.fluxion.roundtrip;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Scanner;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A program that uses much of the JDK and prints what it gets: the same for the same seed. */
@SuppressWarnings({
  "BigDecimalLiteralDouble",
  "BoxingComparator",
  "JdkObsolete",
  "ModifyCollectionInEnhancedForLoop"
}) // it is to exercise just that
final class JdkExercise {
  private static final Random RANDOM = new Random(20180);

  private JdkExercise() {}

  /** Prints digests of collections, strings, numbers and dates. */
  public static void main(String[] arguments) throws Exception {
    for (Collection<Integer> collection : collections()) {
      exercise(collection);
    }
    maps(new HashMap<>());
    maps(new LinkedHashMap<>(16, 0.75f, true));
    maps(new TreeMap<>(Comparator.reverseOrder()));
    maps(new ConcurrentHashMap<>());
    sorting();
    strings();
    numbers();
    texts();
    streams();
    reflection();
  }

  private static void print(Object what) {
    System.out.println(what);
  }

  private static List<Collection<Integer>> collections() {
    return List.of(
        new ArrayList<>(),
        new LinkedList<>(),
        new ArrayDeque<>(),
        new PriorityQueue<>(),
        new HashSet<>(),
        new TreeSet<>(),
        new CopyOnWriteArrayList<>(),
        Collections.synchronizedList(new ArrayList<>()),
        Collections.checkedCollection(new ArrayList<>(), Integer.class));
  }

  private static void exercise(Collection<Integer> collection) {
    for (int i = 0; i < 500; i++) {
      switch (RANDOM.nextInt(8)) {
        case 0 -> collection.remove(RANDOM.nextInt(50));
        case 1 -> collection.removeIf(x -> x % 7 == 0);
        case 2 -> collection.addAll(List.of(i, i + 1));
        case 3 -> collection.retainAll(collection.stream().filter(x -> x % 5 != 0).toList());
        default -> collection.add(RANDOM.nextInt(100));
      }
    }
    print(collection.getClass() + " " + collection.size() + new ArrayList<>(collection).hashCode());
    try {
      for (Integer element : collection) {
        collection.add(element + 1);
        collection.remove(element);
      }
    } catch (ConcurrentModificationException | UnsupportedOperationException e) {
      print(e);
    }
    try {
      collection.add(null);
      print(collection.size());
    } catch (NullPointerException e) {
      print("no null");
    }
  }

  private static void maps(Map<Integer, String> map) {
    for (int i = 0; i < 2000; i++) {
      int key = RANDOM.nextInt(300) << (i & 12);
      switch (RANDOM.nextInt(6)) {
        case 0 -> map.merge(key, "m", (a, b) -> a.length() > 5 ? null : a + b);
        case 1 -> map.computeIfAbsent(key, k -> k % 3 == 0 ? null : "c" + k);
        case 2 -> map.computeIfPresent(key, (k, v) -> v.length() > 3 ? null : v + k);
        case 3 -> map.remove(key);
        case 4 -> map.putIfAbsent(key, "p" + i);
        default -> map.put(key, Integer.toHexString(i));
      }
    }
    print(new TreeMap<>(map).hashCode() + " " + map.size() + " " + map.equals(new HashMap<>(map)));
    if (map instanceof NavigableMap<Integer, String> sorted) {
      print(sorted.headMap(5000, true).descendingMap().firstEntry() + "" + sorted.floorKey(7));
    }
  }

  private static void sorting() {
    int[] ints = RANDOM.ints(5000).toArray();
    double[] doubles = RANDOM.doubles(3000).map(x -> x < 0.1 ? -0.0 : x - 0.5).toArray();
    Integer[] boxed =
        IntStream.range(0, 3000).map(i -> i * 7919 % 1009).boxed().toArray(Integer[]::new);
    Arrays.sort(ints);
    Arrays.sort(doubles);
    Arrays.sort(boxed, Comparator.comparing((Integer i) -> i % 10).thenComparing(i -> -i));
    print(Arrays.hashCode(ints) + " " + Arrays.hashCode(doubles) + " " + Arrays.hashCode(boxed));
    print(Arrays.binarySearch(ints, ints[77]) + " " + Arrays.mismatch(ints, ints.clone()));
    List<Integer> list = new ArrayList<>(List.of(boxed));
    Collections.shuffle(list, RANDOM);
    Collections.rotate(list, 17);
    print(list.subList(3, 9) + " " + Collections.max(list) + Collections.frequency(list, 5));
    BitSet bits = BitSet.valueOf(new long[] {5, -1});
    bits.flip(3, 70);
    print(bits);
  }

  private static void strings() {
    String text = "The quick brown \u00fc f\u00f6x \ud83e\udd8a jumps\tover\r\nthe lazy dog ";
    print(text.repeat(3).strip().toUpperCase(Locale.ROOT).replace("QU", "kw").hashCode());
    print(List.of(text.split("[aeiou]+", 5)) + text.indent(2) + text.lines().toList());
    print(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    print(Arrays.hashCode(text.getBytes(StandardCharsets.UTF_16)) + text.codePointCount(0, 20));
    StringBuilder builder = new StringBuilder(text);
    builder.reverse().insert(3, 1.5f).deleteCharAt(0).replace(2, 5, "x").append(-0.0).append('c');
    print(builder);
    Matcher matcher =
        Pattern.compile("(?<w>\\b\\p{L}+)(?=\\s)|(o.*?r)", Pattern.UNICODE_CASE).matcher(text);
    print(matcher.replaceAll(found -> found.group().length() + "") + matcher.groupCount());
    print(new Scanner("1 2.5 x 99999999999").useLocale(Locale.ROOT).tokens().toList());
    print(new StringJoiner("-", "<", ">").add("a").add("b") + String.join("/", List.of("c", "d")));
    try {
      print(text.substring(3, 1));
    } catch (StringIndexOutOfBoundsException e) {
      print(e.getMessage());
    }
  }

  private static void numbers() {
    BigInteger a = new BigInteger(2000, RANDOM);
    BigInteger b = new BigInteger(700, RANDOM).setBit(0);
    print(a.pow(3).multiply(b).mod(a.add(BigInteger.TEN)).toString(36));
    print(a.divideAndRemainder(b)[1].modPow(b, a.setBit(0)).gcd(a) + " " + a.sqrt().bitLength());
    print(b.nextProbablePrime().toString().hashCode() + " " + a.negate().shiftRight(33).bitCount());
    BigDecimal third = BigDecimal.ONE.divide(new BigDecimal("3.0007"), new MathContext(60));
    print(third.sqrt(MathContext.DECIMAL128) + " " + third.setScale(7, RoundingMode.HALF_EVEN));
    print(new BigDecimal(0.1).stripTrailingZeros().toEngineeringString());
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      double x = Double.longBitsToDouble(RANDOM.nextLong());
      float y = Float.intBitsToFloat(RANDOM.nextInt());
      all.append(x).append(y).append(Double.parseDouble(Double.toString(x)) == x);
      all.append(Double.toHexString(x)).append(Math.rint(x)).append(StrictMath.atan2(x, y));
      all.append(Long.toString(RANDOM.nextLong(), 7)).append(Math.floorMod(i - 150, 7));
    }
    print(all.toString().hashCode());
    print(StrictMath.sin(1e10) + " " + StrictMath.pow(1.1, 50) + " " + StrictMath.cbrt(-3));
  }

  private static void texts() {
    print(
        String.format(
            Locale.ROOT,
            "%5d|%-8s|%08.3f|%x|%,d|%e|%c|%b|%s",
            42,
            "left",
            Math.E,
            255,
            1234567,
            1e-10,
            'q',
            true,
            List.of(1)));
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    print(new DecimalFormat("#,##0.00;(#)", symbols).format(-1234567.891));
    print(new MessageFormat("{0,number,#.#} {1}", Locale.ROOT).format(new Object[] {3.14159, "x"}));
    LocalDate date = LocalDate.of(2018, 11, 1).plusMonths(16).minusDays(3);
    print(date.format(DateTimeFormatter.ISO_WEEK_DATE) + Duration.ofSeconds(98765).negated());
    print(date.atTime(3, 4).toInstant(ZoneOffset.ofHours(5)) + " " + date.isLeapYear());
  }

  private static void streams() throws Exception {
    print(
        IntStream.rangeClosed(1, 1000)
            .parallel()
            .mapToObj(Integer::toString)
            .collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.counting())));
    print(
        IntStream.range(0, 100)
            .boxed()
            .sorted(Comparator.reverseOrder())
            .skip(5)
            .limit(7)
            .toList());
    print(ForkJoinPool.commonPool().submit(() -> IntStream.range(0, 999).sum()).get());
    Deque<String> threads = new ArrayDeque<>();
    Thread virtual = Thread.startVirtualThread(() -> threads.add("virtual"));
    virtual.join();
    print(threads);
  }

  private static void reflection() throws Exception {
    Method method = String.class.getMethod("concat", String.class);
    print(method + " " + method.invoke("a", "b") + Runtime.version().feature());
    Object proxy =
        java.lang.reflect.Proxy.newProxyInstance(
            JdkExercise.class.getClassLoader(),
            new Class<?>[] {Comparable.class},
            (self, called, args) -> called.getName().length());
    print(((Comparable<?>) proxy).compareTo(null));
  }
}
