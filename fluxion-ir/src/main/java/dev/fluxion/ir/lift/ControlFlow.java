package dev.fluxion.ir.lift;

import dev.fluxion.ir.Traversal;
import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The basic blocks of a method's code and the edges between them. */
final class ControlFlow {
  /** Some consecutive elements of the code. */
  static final class Region {
    final int index;
    final int start;
    int end;
    @Nullable StackMapFrameInfo frame;
    final List<Region> successors = new ArrayList<>();
    final List<Region> predecessors = new ArrayList<>();
    final List<ExceptionCatch> handlers = new ArrayList<>();
    boolean isHandler;

    Region(int index, int start) {
      this.index = index;
      this.start = start;
      this.end = start;
    }
  }

  final List<CodeElement> elements;
  final List<Region> regions = new ArrayList<>();
  final List<ExceptionCatch> catches = new ArrayList<>();
  private final Map<Label, Integer> positions = new HashMap<>();
  private final Map<Integer, Region> regionAt = new HashMap<>();

  ControlFlow(CodeModel code) {
    this.elements = code.elementList();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        positions.put(target.label(), i);
      } else if (elements.get(i) instanceof ExceptionCatch handler) {
        catches.add(handler);
      }
    }
    cut(Set.of());
    if (!catches.isEmpty()) {
      Set<Integer> stores = storesThatHandlersSee();
      if (!stores.isEmpty()) {
        regions.clear();
        regionAt.clear();
        cut(stores);
      }
    }
    code.findAttribute(Attributes.stackMapTable())
        .ifPresent(
            table -> {
              for (StackMapFrameInfo frame : table.entries()) {
                int position = positions.get(frame.target());
                Region region = regionAt.get(position);
                if (region != null && region.start == position) { // javac frames dead jumps too
                  region.frame = frame;
                }
              }
            });
  }

  Region region(Label label) {
    Region region = regionAt.get(positions.get(label));
    if (region == null) {
      throw new IllegalStateException("a branch leads to no instruction");
    }
    return region;
  }

  /** The source line where a region starts, or 0: that of the code before it in the class file. */
  int line(Region region) {
    for (int i = region.start; i >= 0; i--) {
      if (elements.get(i) instanceof LineNumber number) {
        return number.line();
      }
    }
    return 0;
  }

  int position(Label label) {
    return positions.get(label);
  }

  /** A region starts at every target and after every instruction that does not fall through. */
  private void cut(Set<Integer> afterStores) {
    Set<Integer> starts = new HashSet<>(afterStores);
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Instruction instruction) {
        for (Label target : targets(instruction)) {
          starts.add(positions.get(target));
        }
        if (endsRegion(instruction)) {
          starts.add(i + 1);
        }
      }
    }
    for (ExceptionCatch handler : catches) {
      starts.add(positions.get(handler.handler()));
      starts.add(positions.get(handler.tryStart()));
      starts.add(positions.get(handler.tryEnd()));
    }
    Region current = null;
    for (int i = 0; i < elements.size(); i++) {
      if (current == null || starts.contains(i)) {
        current = new Region(regions.size(), i);
        regions.add(current);
      }
      regionAt.put(i, current);
      current.end = i + 1;
    }
    connect();
    connectHandlers();
  }

  /** A handler sees a local variable as it was when its region began. */
  private Set<Integer> storesThatHandlersSee() {
    LiveSlots live = new LiveSlots(this);
    Set<Integer> ends = new HashSet<>();
    for (ExceptionCatch handler : catches) {
      BitSet seen = live.at(region(handler.handler()));
      int to = positions.get(handler.tryEnd());
      for (int i = positions.get(handler.tryStart()); i < to; i++) {
        boolean isSeen =
            switch (elements.get(i)) {
              case StoreInstruction store -> seen.get(store.slot());
              case IncrementInstruction increment -> seen.get(increment.slot());
              default -> false;
            };
        if (isSeen) {
          ends.add(i + 1);
        }
      }
    }
    return ends;
  }

  private void connectHandlers() {
    for (ExceptionCatch handler : catches) {
      int from = positions.get(handler.tryStart());
      int to = positions.get(handler.tryEnd());
      region(handler.handler()).isHandler = true;
      for (Region region : regions) {
        if (region.start >= from && region.start < to) {
          region.handlers.add(handler);
        }
      }
    }
  }

  private void connect() {
    for (int r = 0; r < regions.size(); r++) {
      Region region = regions.get(r);
      Instruction last = last(region);
      if (last != null) {
        for (Label target : targets(last)) {
          connect(region, region(target));
        }
      }
      if (fallsThrough(last) && r + 1 < regions.size()) {
        connect(region, regions.get(r + 1));
      }
    }
  }

  private static void connect(Region from, Region to) {
    from.successors.add(to);
    if (!to.predecessors.contains(from)) {
      to.predecessors.add(from);
    }
  }

  /** The region that follows in the code. */
  Region next(Region region) {
    return regions.get(region.index + 1);
  }

  /** The region that follows the one of an element. */
  Region following(int element) {
    return next(Objects.requireNonNull(regionAt.get(element)));
  }

  private @Nullable Instruction last(Region region) {
    for (int i = region.end - 1; i >= region.start; i--) {
      if (elements.get(i) instanceof Instruction instruction) {
        return instruction;
      }
    }
    return null;
  }

  /** Regions reachable from the first, each after its predecessors but for back edges. */
  List<Region> reversePostorder() {
    return Traversal.reversePostorder(regions.get(0), this::following);
  }

  private List<Region> following(Region region) {
    if (region.handlers.isEmpty()) {
      return region.successors;
    }
    List<Region> all = new ArrayList<>(region.successors);
    for (ExceptionCatch handler : region.handlers) {
      all.add(region(handler.handler()));
    }
    return all;
  }

  private static boolean endsRegion(Instruction instruction) {
    return instruction instanceof BranchInstruction
        || instruction instanceof ReturnInstruction
        || instruction instanceof ThrowInstruction
        || instruction instanceof TableSwitchInstruction
        || instruction instanceof LookupSwitchInstruction;
  }

  private static boolean fallsThrough(@Nullable Instruction last) {
    return switch (last) {
      case BranchInstruction branch ->
          branch.opcode() != Opcode.GOTO && branch.opcode() != Opcode.GOTO_W;
      case ReturnInstruction _ -> false;
      case ThrowInstruction _ -> false;
      case TableSwitchInstruction _ -> false;
      case LookupSwitchInstruction _ -> false;
      case null, default -> true;
    };
  }

  private static List<Label> targets(Instruction instruction) {
    return switch (instruction) {
      case BranchInstruction branch -> List.of(branch.target());
      case TableSwitchInstruction s -> targets(s.cases(), s.defaultTarget());
      case LookupSwitchInstruction s -> targets(s.cases(), s.defaultTarget());
      default -> List.of();
    };
  }

  private static List<Label> targets(List<SwitchCase> cases, Label otherwise) {
    List<Label> targets = new ArrayList<>();
    for (SwitchCase one : cases) {
      targets.add(one.target());
    }
    targets.add(otherwise);
    return targets;
  }
}
