package dev.bellows.tensor;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.ops.Copy;
import dev.bellows.ops.Indexing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One item between the brackets of an index expression. With the factory methods imported
 * statically:
 *
 * <table>
 * <caption>Index expressions</caption>
 * <tr><th>PyTorch</th><th>here</th></tr>
 * <tr><td>{@code x[1]}</td><td>{@code x.get(1)} or {@code x.get(at(1))}</td></tr>
 * <tr><td>{@code x[1, 2] = 3}</td><td>{@code x.set(3, 1, 2)}</td></tr>
 * <tr><td>{@code x[1:3]}</td><td>{@code x.get(slice(1, 3))}</td></tr>
 * <tr><td>{@code x[::2]}</td><td>{@code x.get(slice(null, null, 2))}</td></tr>
 * <tr><td>{@code x[:, -1]}</td><td>{@code x.get(all(), at(-1))}</td></tr>
 * <tr><td>{@code x[..., 0]}</td><td>{@code x.get(ellipsis(), at(0))}</td></tr>
 * <tr><td>{@code x[None]}</td><td>{@code x.get(newAxis())}</td></tr>
 * <tr><td>{@code x[mask]}</td><td>{@code x.get(of(mask))}</td></tr>
 * <tr><td>{@code x[[1, 2], [1, 2], [2, 0]]}</td>
 * <td>{@code x.get(places(1, 2), places(1, 2), places(2, 0))}</td></tr>
 * <tr><td>{@code x[[2, 1, 0], [0], [1]]}</td>
 * <td>{@code x.get(places(2, 1, 0), places(0), places(1))}</td></tr>
 * <tr><td>{@code x[[0, 2], ...]}</td><td>{@code x.get(places(0, 2), ellipsis())}</td></tr>
 * <tr><td>{@code x[idx, :, 0] = v}</td><td>{@code x.set(v, of(idx), all(), at(0))}</td></tr>
 * </table>
 *
 * <p>Without {@link #of} and {@link #places} the result is a view, and so it is with an integer
 * tensor without dimensions, which names one place as a number does. With others it is a copy:
 * their common shape takes the place of the dimensions they are for, where these are neighbours,
 * else it comes first, as in NumPy.
 */
public final class Index {
  private enum Kind {
    AT,
    SLICE,
    ELLIPSIS,
    NEW_AXIS,
    TENSOR
  }

  private static final Index ALL = new Index(Kind.SLICE, 0, null, null, 1, null);
  private static final Index ELLIPSIS = new Index(Kind.ELLIPSIS, 0, null, null, 1, null);
  private static final Index NEW_AXIS = new Index(Kind.NEW_AXIS, 0, null, null, 1, null);

  private final Kind kind;
  private final long place;
  private final Long start;
  private final Long stop;
  private final long step;
  private final Tensor tensor;

  private Index(Kind kind, long place, Long start, Long stop, long step, Tensor tensor) {
    this.kind = kind;
    this.place = place;
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.tensor = tensor;
  }

  /** Returns one element of a dimension, which goes away; negative counts from the end. */
  public static Index at(long place) {
    return new Index(Kind.AT, place, null, null, 1, null);
  }

  static Index[] at(long place, long... more) {
    Index[] items = new Index[more.length + 1];
    items[0] = at(place);
    for (int i = 0; i < more.length; i++) {
      items[i + 1] = at(more[i]);
    }
    return items;
  }

  /**
   * Returns the elements start to stop − 1; null for the first, or to the end; negative counts from
   * there.
   */
  public static Index slice(Integer start, Integer stop) {
    return slice(start, stop, 1);
  }

  /** Returns every step-th of the elements start to stop − 1; the step is at least 1. */
  public static Index slice(Integer start, Integer stop, int step) {
    Long from = start == null ? null : Long.valueOf(start);
    Long to = stop == null ? null : Long.valueOf(stop);
    return new Index(Kind.SLICE, 0, from, to, step, null);
  }

  /** Returns all of a dimension. */
  public static Index all() {
    return ALL;
  }

  /** Returns all of as many dimensions as the other items leave; at most once. */
  public static Index ellipsis() {
    return ELLIPSIS;
  }

  /** Returns a new dimension of size 1. */
  public static Index newAxis() {
    return NEW_AXIS;
  }

  /**
   * Returns the elements that an INT64 or INT32 tensor names, or where a BOOL or UINT8 mask is
   * true. An integer tensor without dimensions is read when the expression is used, as {@link #at};
   * a mask without dimensions makes a new dimension of size 1 or 0.
   */
  public static Index of(Tensor indices) {
    return new Index(Kind.TENSOR, 0, null, null, 1, indices);
  }

  /** Returns the elements named; negative ones count from the end. */
  public static Index places(long... places) {
    return of(Tensor.of(places));
  }

  /** Resolves an integer without dimensions, which names one place as a number does. */
  private Index resolved() {
    boolean number = kind == Kind.TENSOR && tensor.dim() == 0 && tensor.dtype().isIntegral();
    return number && !isMask() ? at(tensor.itemLong()) : this;
  }

  private int consumes() {
    return switch (kind) {
      case AT, SLICE -> 1;
      case ELLIPSIS, NEW_AXIS -> 0;
      case TENSOR -> isMask() ? tensor.dim() : 1;
    };
  }

  private boolean isMask() {
    return tensor.dtype() == DType.BOOL || tensor.dtype() == DType.UINT8;
  }

  /** What is left when views are made: tensors for dimensions of a view. */
  private record Partly(Tensor view, List<Tensor> tensors) {}

  private static Partly views(Tensor x, Index... given) {
    Index[] items = Stream.of(given).map(Index::resolved).toArray(Index[]::new);
    int consumed = 0;
    int ellipses = 0;
    for (Index item : items) {
      consumed += item.consumes();
      ellipses += item.kind == Kind.ELLIPSIS ? 1 : 0;
    }
    if (ellipses > 1) {
      throw new IllegalArgumentException(
          "an index can only have a single ellipsis ('...'); got " + ellipses);
    }
    if (x.dim() == 0 && given.length == 1 && given[0].kind == Kind.AT) {
      throw new IndexOutOfBoundsException(
          "invalid index of a 0-dim tensor. Use item() to convert a 0-dim tensor to a number");
    }
    if (consumed > x.dim()) {
      throw new IndexOutOfBoundsException(
          message("too many indices for tensor of dimension %s; got %s", x.dim(), consumed));
    }
    Tensor view = x.expand(x.shape());
    List<Tensor> tensors = new ArrayList<>();
    int d = 0;
    for (Index item : items) {
      switch (item.kind) {
        case AT -> view = view.select(d, checkedPlace(view, d, item.place));
        case SLICE -> {
          long size = view.size(d);
          long from = item.start == null ? 0 : item.start;
          long to = item.stop == null ? size : item.stop;
          view = view.slice(d++, from, to, item.step);
          tensors.add(null);
        }
        case NEW_AXIS -> {
          view = view.unsqueeze(d++);
          tensors.add(null);
        }
        case ELLIPSIS -> {
          for (int k = consumed; k < x.dim(); k++) {
            d++;
            tensors.add(null);
          }
        }
        case TENSOR -> {
          Tensor index = item.tensor;
          if (item.isMask() && index.dim() == 0) {
            view = view.unsqueeze(d++);
            tensors.add(index.reshape(1));
          } else {
            d += item.consumes();
            tensors.add(index);
          }
        }
      }
    }
    return new Partly(view, tensors);
  }

  private static long checkedPlace(Tensor view, int d, long place) {
    long size = view.size(d);
    if (place < -size || place >= size) {
      throw new IndexOutOfBoundsException(
          message("index %s is out of bounds for dimension %s with size %s", place, d, size));
    }
    return place;
  }

  private static boolean isBasic(Partly partly) {
    return partly.tensors.stream().allMatch(t -> t == null);
  }

  static Tensor get(Tensor x, Index... items) {
    Partly partly = views(x, items);
    return isBasic(partly) ? partly.view : Indexing.index(partly.view, partly.tensors);
  }

  static void set(Tensor x, Tensor value, Index... items) {
    Partly partly = views(x, items);
    if (!isBasic(partly)) {
      Indexing.putInPlace("set", partly.view, partly.tensors, value, false);
      return;
    }
    Tensor from = value;
    while (from.dim() > partly.view.dim() && from.size(0) == 1) {
      from = from.squeeze(0);
    }
    boolean overlaps = from.storage() == partly.view.storage();
    Copy.into("set", partly.view, overlaps ? from.clone() : from);
  }
}
