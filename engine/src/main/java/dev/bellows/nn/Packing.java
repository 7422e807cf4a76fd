package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sequences of different lengths, padded and packed. */
final class Packing {
  private Packing() {}

  /**
   * Packs padded sequences [t, n, ..] that are sorted by length, the longest first.
   *
   * @param lengths the length of each sequence, from 1
   * @throws IllegalArgumentException if there are not as many lengths as sequences, or one is out
   *     of range or greater than the one before
   */
  public static PackedSequence packPaddedSequence(Tensor input, long... lengths) {
    return packPaddedSequence(input, lengths, false, true);
  }

  /**
   * Packs padded sequences.
   *
   * @param input [t, n, ..], or [n, t, ..] if {@code batchFirst}
   * @param lengths the length of each sequence, from 1
   * @param enforceSorted whether the sequences must be sorted by length, the longest first; if not,
   *     they are sorted here, and {@link #padPackedSequence} returns them in their order
   * @throws IllegalArgumentException if there are not as many lengths as sequences, or one is out
   *     of range or, where it must not be, greater than the one before
   */
  public static PackedSequence packPaddedSequence(
      Tensor input, long[] lengths, boolean batchFirst, boolean enforceSorted) {
    if (input.dim() < 2 || input.numel() == 0) {
      throw new IllegalArgumentException(
          "packPaddedSequence: Cannot pack empty tensors.; got " + Arrays.toString(input.shape()));
    }
    Tensor timeFirst = batchFirst ? input.transpose(0, 1) : input;
    check(lengths, timeFirst.size(0), timeFirst.size(1));
    if (enforceSorted) {
      checkSorted(lengths);
      return pack(timeFirst, lengths, null, null);
    }
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparing(i -> -lengths[i]))
            .mapToInt(i -> i)
            .toArray();
    long[] sorted = Arrays.stream(order).mapToLong(i -> lengths[i]).toArray();
    long[] inverse = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    Tensor indices = Tensor.of(Arrays.stream(order).mapToLong(i -> i).toArray()).to(input.device());
    return pack(
        timeFirst.indexSelect(1, indices), sorted, indices, Tensor.of(inverse).to(input.device()));
  }

  private static void check(long[] lengths, long steps, long n) {
    if (lengths.length != n) {
      throw new IllegalArgumentException(
          message(
              "packPaddedSequence: Expected `len(lengths)` to be equal to batch_size, but got %s"
                  + " (batch_size=%s)",
              lengths.length, n));
    }
    for (long length : lengths) {
      if (length <= 0) {
        throw new IllegalArgumentException(
            message(
                "packPaddedSequence: Length of all samples has to be greater than 0, but found an"
                    + " element in 'lengths' that is <= 0; got %s",
                lengths));
      }
      if (length > steps) {
        throw new IllegalArgumentException(
            message(
                "packPaddedSequence: lengths must not exceed the input's %s steps; got %s",
                steps, lengths));
      }
    }
  }

  private static void checkSorted(long... lengths) {
    for (int i = 1; i < lengths.length; i++) {
      if (lengths[i] > lengths[i - 1]) {
        throw new IllegalArgumentException(
            message(
                "packPaddedSequence: `lengths` array must be sorted in decreasing order when"
                    + " `enforce_sorted` is True. You can pass `enforce_sorted=False` to sidestep"
                    + " this requirement; got %s",
                lengths));
      }
    }
  }

  private static PackedSequence pack(
      Tensor timeFirst, long[] lengths, Tensor sortedIndices, Tensor unsortedIndices) {
    int steps = (int) lengths[0];
    long[] sizes = new long[steps];
    List<Tensor> rows = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      int position = t;
      sizes[t] = Arrays.stream(lengths).filter(length -> length > position).count();
      rows.add(timeFirst.select(0, t).narrow(0, 0, sizes[t]));
    }
    return new PackedSequence(
        Tensor.cat(rows, 0), Tensor.of(sizes), sortedIndices, unsortedIndices);
  }

  /** Pads packed sequences with zeros to the length of the longest, as [t, n, ..]. */
  public static PaddedSequence padPackedSequence(PackedSequence sequence) {
    return padPackedSequence(sequence, false);
  }

  /**
   * Pads packed sequences with zeros to the length of the longest, as [t, n, ..] or, if {@code
   * batchFirst}, [n, t, ..].
   */
  public static PaddedSequence padPackedSequence(PackedSequence sequence, boolean batchFirst) {
    return padPackedSequence(sequence, batchFirst, 0, sequence.batchSizes().size(0));
  }

  /**
   * Pads packed sequences with a value.
   *
   * @param totalLength what they are padded to, at least the length of the longest
   * @return [totalLength, n, ..], or [n, totalLength, ..] if {@code batchFirst}, in the user's
   *     order
   * @throws IllegalArgumentException if a sequence is longer than {@code totalLength}
   */
  public static PaddedSequence padPackedSequence(
      PackedSequence sequence, boolean batchFirst, double paddingValue, long totalLength) {
    long[] sizes = sequence.batchSizes().toLongArray();
    if (totalLength < sizes.length) {
      throw new IllegalArgumentException(
          message(
              "padPackedSequence: Expected total_length to be at least the length of the longest"
                  + " sequence in input, but got total_length=%s and max sequence length being %s",
              totalLength, sizes.length));
    }
    int n = (int) sizes[0];
    long[] lengths = new long[n];
    long[] shape = sequence.data().shape();
    List<Tensor> steps = new ArrayList<>();
    long start = 0;
    for (long rows : sizes) {
      for (int i = 0; i < rows; i++) {
        lengths[i]++;
      }
      shape[0] = n - rows;
      Tensor padding = sequence.data().newFull(paddingValue, sequence.data().dtype(), shape);
      Tensor there = sequence.data().narrow(0, start, rows);
      steps.add(rows == n ? there : Tensor.cat(List.of(there, padding), 0));
      start += rows;
    }
    Tensor padded = Tensor.stack(steps, 0);
    if (totalLength > sizes.length) {
      long[] rest = padded.shape();
      rest[0] = totalLength - sizes.length;
      padded = Tensor.cat(List.of(padded, padded.newFull(paddingValue, padded.dtype(), rest)), 0);
    }
    Tensor length = Tensor.of(lengths);
    if (sequence.unsortedIndices() != null) {
      padded = padded.indexSelect(1, sequence.unsortedIndices());
      length = length.indexSelect(0, sequence.unsortedIndices().to(length.device()));
    }
    return new PaddedSequence(batchFirst ? padded.transpose(0, 1) : padded, length);
  }

  /** Pads sequences [tᵢ, ..] with zeros to the length of the longest, as [t, n, ..]. */
  public static Tensor padSequence(List<Tensor> sequences) {
    return padSequence(sequences, false, 0);
  }

  /**
   * Pads sequences [tᵢ, ..] with a value to the length of the longest.
   *
   * @return [t, n, ..], or [n, t, ..] if {@code batchFirst}
   * @throws IllegalArgumentException if there are none, or their other sizes differ
   */
  public static Tensor padSequence(
      List<Tensor> sequences, boolean batchFirst, double paddingValue) {
    long longest =
        sequences.stream().mapToLong(sequence -> sequence.size(0)).max().orElseThrow(Packing::none);
    List<Tensor> padded = new ArrayList<>();
    for (Tensor sequence : sequences) {
      long[] shape = sequence.shape();
      shape[0] = longest - shape[0];
      Tensor padding = sequence.newFull(paddingValue, sequence.dtype(), shape);
      padded.add(shape[0] == 0 ? sequence : Tensor.cat(List.of(sequence, padding), 0));
    }
    return Tensor.stack(padded, batchFirst ? 0 : 1);
  }

  /**
   * Returns padded sequences without their padding.
   *
   * @param padded [t, n, ..], or [n, t, ..] if {@code batchFirst}
   */
  public static List<Tensor> unpadSequence(Tensor padded, long[] lengths, boolean batchFirst) {
    Tensor byRow = batchFirst ? padded : padded.transpose(0, 1);
    List<Tensor> sequences = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      sequences.add(byRow.select(0, i).narrow(0, 0, lengths[i]));
    }
    return sequences;
  }

  /**
   * Packs sequences [tᵢ, ..].
   *
   * @param enforceSorted whether they must be sorted by length, the longest first
   * @throws IllegalArgumentException as {@link #packPaddedSequence(Tensor, long[], boolean,
   *     boolean)}
   */
  public static PackedSequence packSequence(List<Tensor> sequences, boolean enforceSorted) {
    long[] lengths = sequences.stream().mapToLong(sequence -> sequence.size(0)).toArray();
    return packPaddedSequence(padSequence(sequences), lengths, false, enforceSorted);
  }

  /** Returns the sequences of a packed sequence, in the user's order. */
  public static List<Tensor> unpackSequence(PackedSequence sequence) {
    PaddedSequence padded = padPackedSequence(sequence, true);
    return unpadSequence(padded.padded(), padded.lengths().toLongArray(), true);
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException(
        "padSequence: there must be at least one sequence; got none");
  }
}
