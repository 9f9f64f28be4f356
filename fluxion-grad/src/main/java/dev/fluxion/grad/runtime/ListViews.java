package dev.fluxion.grad.runtime;

import java.util.AbstractList;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/** What shows the elements of a list that users write, and changes them, by its own methods. */
final class ListViews {
  private ListViews() {}

  static final class Cursor implements ListIterator<Object> {
    private final List<Object> list;
    private int next;
    private int last = -1;

    Cursor(List<Object> list, int next) {
      if (next < 0 || next > list.size()) {
        throw new IndexOutOfBoundsException(next);
      }
      this.list = list;
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return next != list.size();
    }

    @Override
    public Object next() {
      if (next >= list.size()) {
        throw new NoSuchElementException();
      }
      Object element = list.get(next);
      last = next++;
      return element;
    }

    @Override
    public boolean hasPrevious() {
      return next != 0;
    }

    @Override
    public Object previous() {
      if (next <= 0) {
        throw new NoSuchElementException();
      }
      Object element = list.get(next - 1);
      last = --next;
      return element;
    }

    @Override
    public int nextIndex() {
      return next;
    }

    @Override
    public int previousIndex() {
      return next - 1;
    }

    private int last() {
      if (last < 0) {
        throw new IllegalStateException();
      }
      return last;
    }

    @Override
    public void remove() {
      int removed = last();
      Object _ = list.remove(removed);
      next = removed < next ? next - 1 : next;
      last = -1;
    }

    @Override
    public void set(Object element) {
      Object _ = list.set(last(), element);
    }

    @Override
    public void add(Object element) {
      list.add(next++, element);
      last = -1;
    }
  }

  static final class Part extends AbstractList<Object> {
    private final List<Object> list;
    private final int start;
    private int size;

    Part(List<Object> list, int start, int end) {
      int _ = Objects.checkFromToIndex(start, end, list.size());
      this.list = list;
      this.start = start;
      this.size = end - start;
    }

    private int at(int index) {
      return start + Objects.checkIndex(index, size);
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Object get(int index) {
      return list.get(at(index));
    }

    @Override
    public Object set(int index, Object element) {
      return list.set(at(index), element);
    }

    @Override
    public void add(int index, Object element) {
      list.add(start + Objects.checkIndex(index, size + 1), element);
      size++;
    }

    @Override
    public Object remove(int index) {
      Object removed = list.remove(at(index));
      size--;
      return removed;
    }
  }

  static final class Reversed extends AbstractList<Object> {
    private final List<Object> list;

    Reversed(List<Object> list) {
      this.list = list;
    }

    @Override
    public int size() {
      return list.size();
    }

    private int at(int index) {
      int size = list.size();
      return size - 1 - Objects.checkIndex(index, size);
    }

    @Override
    public Object get(int index) {
      return list.get(at(index));
    }

    @Override
    public Object set(int index, Object element) {
      return list.set(at(index), element);
    }

    @Override
    public void add(int index, Object element) {
      int size = list.size();
      list.add(size - Objects.checkIndex(index, size + 1), element);
    }

    @Override
    public Object remove(int index) {
      return list.remove(at(index));
    }

    @Override
    public List<Object> reversed() {
      return list;
    }
  }
}
