package dev.bellows.backend.cuda;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.KernelGraph;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.ScanOp;
import dev.bellows.backend.ScatterOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.Transfer;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Allocator;
import dev.bellows.memory.Device;
import dev.bellows.memory.Strided;
import java.nio.file.Path;

/**
 * Kernels of a CUDA device: cuBLAS for matrix products, kernels of this package for the rest. Work
 * runs asynchronously, in submission order; see {@link Kernels#synchronize}.
 *
 * <p>{@code -Dbellows.cuda.tf32=true}, read once, allows products of FLOAT32 matrices and
 * convolutions to round their inputs to 10 bits (TF32), which is several times faster; sums remain
 * FLOAT32. Off by default, as in PyTorch for matrices.
 */
public final class CudaKernels implements Kernels {
  private final CudaDevice device;
  private final boolean tf32;
  private final Blas blas;
  private final CudaElementwise elementwise;
  private final Moves moves;
  private final MatMuls matmuls;
  private final CudaConvolutions convolutions;
  private final Pools pools;
  private final Randoms randoms;
  private final CudaOptimizerSteps steps;
  private final CudaReductions reductions;
  private final Softmaxes softmaxes;
  private final CudaIndexing indexing;
  private final Scans scans;
  private final Sorts sorts;

  CudaKernels(Driver driver, int index, Path cacheFolder) {
    this(
        driver,
        index,
        cacheFolder,
        Boolean.getBoolean("bellows.cuda.tf32"),
        CudaConvolutions.WORKSPACE_BYTES);
  }

  /**
   * Creates the kernels of a device.
   *
   * @param workspaceBytes maximum size of a convolution's unfolded images
   */
  CudaKernels(Driver driver, int index, Path cacheFolder, boolean tf32, long workspaceBytes) {
    this.device = new CudaDevice(driver, index, cacheFolder);
    this.tf32 = tf32;
    this.elementwise = new CudaElementwise(device);
    this.moves = new Moves(device);
    this.blas = new Blas(device, tf32);
    this.matmuls = new MatMuls(device, moves, elementwise, blas);
    this.convolutions = new CudaConvolutions(device, moves, matmuls, blas, workspaceBytes);
    this.pools = new Pools(device);
    this.randoms = new Randoms(device);
    this.steps = new CudaOptimizerSteps(device, moves);
    this.reductions = new CudaReductions(device, moves);
    this.softmaxes = new Softmaxes(device);
    this.indexing = new CudaIndexing(device);
    this.scans = new Scans(device);
    this.sorts = new Sorts(device);
  }

  CudaDevice cuda() {
    return device;
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String fingerprint() {
    Driver.Properties p = device.properties();
    return "cuda " + p.name() + " sm_" + p.major() + p.minor() + (tf32 ? " tf32" : "");
  }

  @Override
  public Device device() {
    return device.device();
  }

  @Override
  public Allocator memory() {
    return device.memory();
  }

  @Override
  public void synchronize() {
    device.synchronize();
  }

  @Override
  public void upload(Strided host, Strided out) {
    moves.upload(host, out);
  }

  @Override
  public void download(Strided a, Strided host) {
    moves.download(a, host);
  }

  @Override
  public Allocator hostMemory() {
    return device.pinned();
  }

  @Override
  public Transfer startDownload(Strided a, Strided host) {
    return moves.startDownload(a, host);
  }

  @Override
  public void startUpload(Strided host, Strided out) {
    moves.startUpload(host, out);
  }

  @Override
  public boolean captures() {
    return true;
  }

  @Override
  public KernelGraph capture(Runnable work) {
    blas.prepareCapture();
    return CapturedGraph.of(device, work);
  }

  @Override
  public void fill(Strided out, Number value) {
    moves.fill(out, value);
  }

  @Override
  public void copy(Strided src, Strided out) {
    moves.copy(src, out);
  }

  @Override
  public void unary(UnaryOp op, Strided a, Strided out) {
    elementwise.unary(op, a, out);
  }

  @Override
  public void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    elementwise.binary(op, a, b, out);
  }

  @Override
  public void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    elementwise.binaryScalar(op, a, scalar, out);
  }

  @Override
  public void addScaled(Strided a, Strided b, Number alpha, Strided out) {
    elementwise.addScaled(a, b, alpha, out);
  }

  @Override
  public void where(Strided condition, Strided a, Strided b, Strided out) {
    moves.where(condition, a, b, out);
  }

  @Override
  public void reduce(ReduceOp op, Strided a, Strided out) {
    reductions.reduce(op, a, out);
  }

  @Override
  public void argReduce(boolean max, Strided a, int dim, Strided out) {
    reductions.argReduce(max, a, dim, out);
  }

  @Override
  public void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out) {
    scans.scan(op, a, dim, reverse, out);
  }

  @Override
  public void argScan(boolean max, Strided a, int dim, Strided out) {
    scans.argScan(max, a, dim, out);
  }

  @Override
  public void argSort(Strided a, int dim, boolean descending, Strided out) {
    sorts.argSort(a, dim, descending, out);
  }

  @Override
  public void searchSorted(Strided sorted, Strided values, boolean right, Strided out) {
    sorts.searchSorted(sorted, values, right, out);
  }

  @Override
  public void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    matmuls.matmul(a, b, bias, activation, out);
  }

  @Override
  public void conv2d(
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    convolutions.forward(x, weight, bias, args, activation, out);
  }

  @Override
  public void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    convolutions.gradInput(gradOut, weight, args, gradX);
  }

  @Override
  public void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    convolutions.gradWeight(gradOut, x, args, gradWeight, gradBias);
  }

  @Override
  public void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    pools.maxPool(x, args, out, positions);
  }

  @Override
  public void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    pools.grad(gradOut, positions, args, gradX);
  }

  @Override
  public void maxPool2dGather(Strided a, Strided positions, Pool2dArgs args, Strided out) {
    pools.gather(a, positions, args, out);
  }

  @Override
  public void softmax(Strided a, int dim, boolean log, Strided out) {
    softmaxes.softmax(a, dim, log, out);
  }

  @Override
  public void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    softmaxes.softmaxGrad(gradOut, out, dim, log, gradA);
  }

  @Override
  public void gather(Strided a, int dim, Strided index, Strided out) {
    indexing.gather(a, dim, index, out);
  }

  @Override
  public void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out) {
    indexing.scatter(op, src, dim, index, out);
  }

  @Override
  public void random(RandomKind kind, RandomKey key, double a, double b, Strided out) {
    randoms.random(kind, key, a, b, out);
  }

  @Override
  public void randomIntegers(RandomKey key, long low, long range, Strided out) {
    randoms.integers(key, low, range, out);
  }

  @Override
  public void dropout(Strided a, double p, RandomKey key, Strided out) {
    randoms.dropout(a, p, key, out);
  }

  @Override
  public void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args) {
    steps.sgd(param, grad, momentumBuffer, args, null);
  }

  @Override
  public void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args) {
    steps.adam(param, grad, m, v, args, null);
  }
}
