package dev.fluxion.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A sum of matrix products with thin factors, computed when its elements are needed: then the
 * factors are stacked, and it is one product. The cotangent of a weight that a recurrent cell uses
 * in every step is such a sum, and no matrix of the weight's size is made for each step.
 */
final class Products extends Lent implements Storage {
  /** Smaller matrices are as soon added as remembered. */
  private static final int SMALLEST = 4096;

  /** What is held may have so many times as many elements as the sum. */
  private static final int MOST_HELD = 4;

  private final int rows;
  private final int columns;
  private final DType type;
  private final long held;
  private volatile Content content;

  /** What the elements are, or what they are made of. */
  private sealed interface Content {}

  private record Made(Buffer elements) implements Content {}

  private record Sum(Storage left, Storage right) implements Content {
    Sum {
      left.hold();
      right.hold();
    }
  }

  /** A product of a matrix with so many columns and one with so many rows. */
  private record Product(Block a, Block b, int inner) implements Content {}

  private Products(DType type, int rows, int columns, long held, Content content) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.held = held;
    this.content = content;
  }

  /** Whether the factors of a product are so much smaller than it that it can wait. */
  static boolean canWait(int rows, int columns, int inner) {
    long size = (long) rows * columns;
    return size >= SMALLEST && 2L * inner * (rows + columns) <= size;
  }

  static Storage product(Block a, Block b, int rows, int columns, int inner) {
    a.buffer().hold();
    b.buffer().hold();
    DType type = a.buffer().type();
    long held = (long) inner * (rows + columns);
    return new Products(type, rows, columns, held, new Product(a, b, inner));
  }

  /** Whether the sum of two tensors' elements can be remembered as one. */
  static boolean areAdded(Storage left, Storage right) {
    return (left instanceof Products || right instanceof Products)
        && left.type() == right.type()
        && left.size() == right.size();
  }

  static Storage sum(Storage left, Storage right) {
    Products known = (Products) (left instanceof Products ? left : right);
    long held = held(left) + held(right);
    Products sum = new Products(known.type, known.rows, known.columns, held, new Sum(left, right));
    return held > (long) MOST_HELD * known.size() ? sum.buffer() : sum;
  }

  private static long held(Storage part) {
    return part instanceof Products products && !(products.content instanceof Made)
        ? products.held
        : part.size();
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int size() {
    return rows * columns;
  }

  @Override
  public void keep() {
    Deque<Storage> left = new ArrayDeque<>(List.of(this));
    while (!left.isEmpty()) {
      Storage part = left.pop();
      if (!(part instanceof Products sum)) {
        part.keep();
        continue;
      }
      sum.keep(null);
      switch (sum.content) {
        case Made made -> made.elements.keep();
        case Product product -> {
          product.a.buffer().keep();
          product.b.buffer().keep();
        }
        case Sum two -> {
          left.push(two.right);
          left.push(two.left);
        }
      }
    }
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }

  @Override
  public Buffer buffer() {
    if (content instanceof Made made) {
      return made.elements;
    }
    synchronized (this) {
      if (content instanceof Made made) {
        return made.elements;
      }
      Buffer elements = elements();
      content = new Made(remembered(elements));
      return elements;
    }
  }

  /** Sums may be nested deeply, so a stack of our own holds what is left to add. */
  private Buffer elements() {
    Buffer sum = new Buffer(type, size());
    List<Product> products = new ArrayList<>();
    Deque<Storage> left = new ArrayDeque<>(List.of(this));
    while (!left.isEmpty()) {
      Storage part = left.pop();
      Content known = part instanceof Products other ? other.content : new Made(part.buffer());
      switch (known) {
        case Made made -> sum.addScaled(1, made.elements, 0, 0, size());
        case Product product -> products.add(product);
        case Sum two -> {
          left.push(two.right);
          left.push(two.left);
        }
      }
    }
    add(products, sum);
    return sum;
  }

  private void add(List<Product> products, Buffer sum) {
    Block to = new Block(sum, 0, columns, false);
    if (products.size() == 1) {
      Product one = products.getFirst();
      MatrixProduct.multiply(one.a, one.b, to, rows, columns, one.inner);
      return;
    }
    int inner = products.stream().mapToInt(Product::inner).sum();
    Buffer a = new Buffer(type, inner * rows);
    Buffer b = new Buffer(type, inner * columns);
    int row = 0;
    for (Product product : products) {
      stack(product.a.turned(), product.inner, rows, a, row * rows);
      stack(product.b, product.inner, columns, b, row * columns);
      row += product.inner;
    }
    MatrixProduct.multiply(
        new Block(a, 0, rows, true), new Block(b, 0, columns, false), to, rows, columns, inner);
  }

  /** Copies a matrix of so many rows and columns row by row. */
  private static void stack(Block from, int rows, int columns, Buffer to, int at) {
    if (from.transposed()) {
      for (int j = 0; j < columns; j++) {
        to.scatter(from.buffer(), from.offset() + j * from.stride(), at + j, columns, rows);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        to.copy(from.buffer(), from.offset() + i * from.stride(), at + i * columns, columns);
      }
    }
  }
}
