package dev.fluxion.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of Java source: a statement, or a method or class with others inside.
 *
 * @param head the text before the children
 * @param children what is inside
 * @param tail the text after them
 */
public record Fragment(String head, List<Fragment> children, String tail) {
  public Fragment {
    children = List.copyOf(children);
  }

  public static Fragment of(String text) {
    return new Fragment(text, List.of(), "");
  }

  public static Fragment of(String head, List<Fragment> children) {
    return new Fragment(head + " {", children, "}");
  }

  public Fragment withHead(String text) {
    return new Fragment(text, children, tail);
  }

  public Fragment withChildren(List<Fragment> changed) {
    return new Fragment(head, changed, tail);
  }

  /** The same with the children from a position to another replaced. */
  public Fragment replace(int from, int to, List<Fragment> replacement) {
    List<Fragment> changed = new ArrayList<>(children.subList(0, from));
    changed.addAll(replacement);
    changed.addAll(children.subList(to, children.size()));
    return withChildren(changed);
  }

  /** How many statements there are. */
  public int size() {
    int size = 1;
    for (Fragment child : children) {
      size += child.size();
    }
    return size;
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    write(text, "");
    return text.toString();
  }

  private void write(StringBuilder text, String indent) {
    text.append(indent).append(head).append('\n');
    for (Fragment child : children) {
      child.write(text, indent + "  ");
    }
    if (!tail.isEmpty()) {
      text.append(indent).append(tail).append('\n');
    }
  }
}
