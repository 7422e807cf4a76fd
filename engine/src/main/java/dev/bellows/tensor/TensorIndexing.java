package dev.bellows.tensor;

import dev.bellows.ops.Gather;
import dev.bellows.ops.Indexing;
import dev.bellows.ops.Masks;
import dev.bellows.ops.Picking;
import dev.bellows.ops.Scatter;
import java.util.List;

/** Reading and writing at places that other tensors, or index expressions, name. */
abstract sealed class TensorIndexing extends TensorReductions permits TensorLinalg {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- index expressions

  /**
   * {@code x[…]}; see {@link Index} for the forms.
   *
   * @throws IndexOutOfBoundsException if there are too many items, or one names what is not there
   * @throws IllegalArgumentException if an index is of a wrong type, or they do not broadcast
   */
  public final Tensor get(Index... items) {
    return Index.get(self(), items);
  }

  /**
   * {@code x[…] = value}, broadcast and converted; answers this. Places named twice keep the last.
   */
  public final Tensor set(Tensor value, Index... items) {
    Index.set(self(), value, items);
    return self();
  }

  /** {@code x[…] = value}; answers this. */
  public final Tensor set(Number value, Index... items) {
    try (Tensor one = newFull(value, self().dtype())) {
      Index.set(self(), one, items);
    }
    return self();
  }

  /**
   * {@code x[i, j, …]}: a view of what lies at these places of the first dimensions; negative ones
   * count from the end.
   *
   * @throws IndexOutOfBoundsException if there are too many, or one names what is not there
   */
  public final Tensor get(long place, long... more) {
    return Index.get(self(), Index.at(place, more));
  }

  /** {@code x[i, j, …] = value}, broadcast and converted; answers this. */
  public final Tensor set(Tensor value, long place, long... more) {
    return set(value, Index.at(place, more));
  }

  /** {@code x[i, j, …] = value}; answers this. */
  public final Tensor set(Number value, long place, long... more) {
    return set(value, Index.at(place, more));
  }

  /** A copy of the elements that one index for each of some dimensions (null: all) names. */
  public final Tensor index(List<Tensor> indices) {
    return Indexing.get(self(), indices);
  }

  /** A copy with values put at, or added to, {@link #index(List)}. */
  public final Tensor indexPut(List<Tensor> indices, Tensor values, boolean accumulate) {
    return Indexing.put(self(), indices, values, accumulate);
  }

  /** Puts values at, or adds them to, {@link #index(List)}. */
  public final Tensor indexPut_(List<Tensor> indices, Tensor values, boolean accumulate) {
    return Indexing.putInPlace("indexPut_", self(), indices, values, accumulate);
  }

  // ---- one index along one dimension

  /** out[i][j] = this[index[i][j]][j] for dim 0 and so on. */
  public final Tensor gather(int dim, Tensor index) {
    return Gather.of(self(), dim, index);
  }

  /** {@link #gather} with this and the index broadcast in all other dimensions. */
  public final Tensor takeAlongDim(Tensor indices, int dim) {
    return Picking.takeAlongDim(self(), indices, dim);
  }

  /** A copy with out[index[i][j]][j] = src[i][j] for dim 0 and so on. */
  public final Tensor scatter(int dim, Tensor index, Tensor src) {
    return Scatter.set(self(), dim, index, src);
  }

  /** A copy with out[index[i][j]][j] = value for dim 0 and so on. */
  public final Tensor scatter(int dim, Tensor index, Number value) {
    return Scatter.set(self(), dim, index, value);
  }

  /** {@link #scatter(int, Tensor, Tensor)} into this. */
  public final Tensor scatter_(int dim, Tensor index, Tensor src) {
    return overwrite("scatter_", x -> x.scatter(dim, index, src));
  }

  /** {@link #scatter(int, Tensor, Number)} into this. */
  public final Tensor scatter_(int dim, Tensor index, Number value) {
    return overwrite("scatter_", x -> x.scatter(dim, index, value));
  }

  /** A copy with out[index[i][j]][j] += src[i][j] for dim 0 and so on. */
  public final Tensor scatterAdd(int dim, Tensor index, Tensor src) {
    return Picking.scatterAdd(self(), dim, index, src);
  }

  /** {@link #scatterAdd} into this. */
  public final Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
    return overwrite("scatterAdd_", x -> x.scatterAdd(dim, index, src));
  }

  /** A copy with all that goes to one place made one; with what is there if includeSelf. */
  public final Tensor scatterReduce(
      int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    return Scatter.reduce(self(), dim, index, src, reduce, includeSelf);
  }

  /** {@link #scatterReduce} into this. */
  public final Tensor scatterReduce_(
      int dim, Tensor index, Tensor src, ScatterReduce reduce, boolean includeSelf) {
    return overwrite("scatterReduce_", x -> x.scatterReduce(dim, index, src, reduce, includeSelf));
  }

  /** The slices of a dimension that a 1-d (or 0-d) index names, in its order. */
  public final Tensor indexSelect(int dim, Tensor index) {
    return Picking.indexSelect(self(), dim, index);
  }

  /** A copy with alpha times the slices of source added to those that a 1-d index names. */
  public final Tensor indexAdd(int dim, Tensor index, Tensor source, Number alpha) {
    return Picking.indexAdd(self(), dim, index, source, alpha);
  }

  /** {@link #indexAdd} into this. */
  public final Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
    return overwrite("indexAdd_", x -> x.indexAdd(dim, index, source, alpha));
  }

  /** A copy with the slices of source in place of those that a 1-d index names. */
  public final Tensor indexCopy(int dim, Tensor index, Tensor source) {
    return Picking.indexCopy(self(), dim, index, source);
  }

  /** {@link #indexCopy} into this. */
  public final Tensor indexCopy_(int dim, Tensor index, Tensor source) {
    return overwrite("indexCopy_", x -> x.indexCopy(dim, index, source));
  }

  /** A copy with the slices that a 1-d index names filled with a value. */
  public final Tensor indexFill(int dim, Tensor index, Number value) {
    return Picking.indexFill(self(), dim, index, value);
  }

  /** {@link #indexFill} into this. */
  public final Tensor indexFill_(int dim, Tensor index, Number value) {
    return overwrite("indexFill_", x -> x.indexFill(dim, index, value));
  }

  /** A copy with slices of source combined with those that a 1-d index names. */
  public final Tensor indexReduce(
      int dim, Tensor index, Tensor source, ScatterReduce reduce, boolean includeSelf) {
    return Picking.indexReduce(self(), dim, index, source, reduce, includeSelf);
  }

  /** Elements by their row-major numbers (negative: from the end), in the index's shape. */
  public final Tensor take(Tensor index) {
    return Indexing.take(self(), index);
  }

  /** A copy with source's elements put at, or added to, row-major numbers. */
  public final Tensor put(Tensor index, Tensor source, boolean accumulate) {
    return Indexing.putFlat(self(), index, source, accumulate);
  }

  /** {@link #put} into this. */
  public final Tensor put_(Tensor index, Tensor source, boolean accumulate) {
    return Indexing.putFlatInPlace(self(), index, source, accumulate);
  }

  /** Slices repeated: each of them so many times, along a dimension. */
  public final Tensor repeatInterleave(long repeats, int dim) {
    return Picking.repeatInterleave(self(), Tensor.scalar(repeats), dim);
  }

  /** Slices repeated, the i-th of them repeats[i] times, along a dimension. */
  public final Tensor repeatInterleave(Tensor repeats, int dim) {
    return Picking.repeatInterleave(self(), repeats, dim);
  }

  // ---- masks

  /** A copy, broadcast with the mask, with a value where the mask is true. */
  public final Tensor maskedFill(Tensor mask, Number value) {
    return Picking.maskedFill(self(), mask, value);
  }

  /** A copy, broadcast with the mask, with a 0-d tensor's value where the mask is true. */
  public final Tensor maskedFill(Tensor mask, Tensor value) {
    return Masks.fill(self(), mask, value);
  }

  /** Fills this with a value where a mask that broadcasts to it is true. */
  public final Tensor maskedFill_(Tensor mask, Number value) {
    return overwrite("maskedFill_", x -> x.maskedFill(mask, value));
  }

  /** Fills this with a 0-d tensor's value where a mask that broadcasts to it is true. */
  public final Tensor maskedFill_(Tensor mask, Tensor value) {
    return overwrite("maskedFill_", x -> x.maskedFill(mask, value));
  }

  /** The elements where a mask is true, 1-d; both are broadcast. */
  public final Tensor maskedSelect(Tensor mask) {
    return Indexing.maskedSelect(self(), mask);
  }

  /** A copy, broadcast with the mask, with source's elements one by one where the mask is true. */
  public final Tensor maskedScatter(Tensor mask, Tensor source) {
    return Indexing.maskedScatter(self(), mask, source);
  }

  /** {@link #maskedScatter} into this. */
  public final Tensor maskedScatter_(Tensor mask, Tensor source) {
    return overwrite("maskedScatter_", x -> x.maskedScatter(mask, source));
  }

  /** INT64 [n, dims]: the places of all elements that are not 0, in row-major order. */
  public final Tensor nonzero() {
    return Masks.nonzero(self());
  }

  /** The places of all elements that are not 0, one INT64 tensor for each dimension. */
  public final List<Tensor> nonzeroAsTuple() {
    return Masks.nonzeroAsTuple(self());
  }

  /** {@link #nonzero}, under the name NumPy uses. */
  public final Tensor argwhere() {
    return Masks.nonzero(self());
  }

  /** This where a condition holds, else other; broadcast, in the promoted type. */
  public final Tensor where(Tensor condition, Tensor other) {
    return Tensor.where(condition, self(), other);
  }

  // ---- parts replaced

  /** A copy with one element of a dimension replaced. */
  public final Tensor selectScatter(Tensor src, int dim, long index) {
    return Picking.replaced("selectScatter", self(), src, x -> x.select(dim, index));
  }

  /** A copy with a slice of a dimension replaced. */
  public final Tensor sliceScatter(Tensor src, int dim, long start, long end, long step) {
    return Picking.replaced("sliceScatter", self(), src, x -> x.slice(dim, start, end, step));
  }

  /** A copy with a diagonal replaced. */
  public final Tensor diagonalScatter(Tensor src, long offset, int dim1, int dim2) {
    return Picking.replaced("diagonalScatter", self(), src, x -> x.diagonal(offset, dim1, dim2));
  }

  /** The part of matrices on and below a diagonal; 0 elsewhere. */
  public final Tensor tril(long diagonal) {
    return Masks.triangle(self(), diagonal, false);
  }

  /** The part of matrices on and above a diagonal; 0 elsewhere. */
  public final Tensor triu(long diagonal) {
    return Masks.triangle(self(), diagonal, true);
  }

  /** {@link #tril} of this itself. */
  public final Tensor tril_(long diagonal) {
    return overwrite("tril_", x -> x.tril(diagonal));
  }

  /** {@link #triu} of this itself. */
  public final Tensor triu_(long diagonal) {
    return overwrite("triu_", x -> x.triu(diagonal));
  }

  /** Matrices with this vector (the last dimension) on a diagonal. */
  public final Tensor diagEmbed(long offset) {
    return Picking.diagEmbed(self(), offset);
  }

  /** The matrix with this vector on a diagonal, or a diagonal of this matrix as a copy. */
  public final Tensor diag(long diagonal) {
    return Picking.diag(self(), diagonal);
  }

  /**
   * INT64: a new last dimension with a 1 at the place each element names; −1: as many as needed.
   */
  public final Tensor oneHot(long numClasses) {
    return Masks.oneHot(self(), numClasses);
  }
}
