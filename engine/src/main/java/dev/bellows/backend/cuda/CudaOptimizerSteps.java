package dev.bellows.backend.cuda;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.SgdArgs;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/**
 * Optimizer steps, one kernel each. They are computed in doubles, so that arrays of different types
 * can be converted to FLOAT64 and back with the same result.
 *
 * <p>The scalars of a step can be in device memory ({@link #sgdNumbers}, {@link #adamNumbers}, as
 * FLOAT64), so that a captured graph uses their current values at each launch.
 */
final class CudaOptimizerSteps {
  private final CudaDevice device;
  private final Moves moves;

  CudaOptimizerSteps(CudaDevice device, Moves moves) {
    this.device = device;
    this.moves = moves;
  }

  /** Returns the scalars of a step: lr, momentum, 1 − dampening, weight decay. */
  static double[] sgdNumbers(SgdArgs args) {
    return new double[] {args.lr(), args.momentum(), 1 - args.dampening(), args.weightDecay()};
  }

  /**
   * Returns the scalars of a step: beta1, 1 − beta1, beta2, 1 − beta2, eps, lr / (1 − beta1^step),
   * √(1 − beta2^step), and the weight decay, times lr if it is decoupled.
   */
  static double[] adamNumbers(AdamArgs args) {
    return new double[] {
      args.beta1(),
      1 - args.beta1(),
      args.beta2(),
      1 - args.beta2(),
      args.eps(),
      args.stepSize(),
      args.root(),
      args.decoupled() ? args.lr() * args.weightDecay() : args.weightDecay()
    };
  }

  /**
   * Performs an SGD step.
   *
   * @param numbers {@link #sgdNumbers} on the device, or null to take them from args
   */
  void sgd(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args, Strided numbers) {
    Scalars.requireFloating("sgdStep", param.dtype());
    Strided buffer = args.momentum() == 0 ? null : momentumBuffer;
    if (param.numel() == 0) {
      return;
    }
    if (grad.dtype() != param.dtype() || (buffer != null && buffer.dtype() != param.dtype())) {
      sgdOfDoubles(param, grad, buffer, args, numbers);
      return;
    }
    Launch params =
        Launch.begin()
            .array(param)
            .array(grad)
            .address(buffer == null ? 0 : buffer.deviceAddress())
            .address(numbers == null ? 0 : numbers.deviceAddress())
            .whole(param.numel());
    for (double number : sgdNumbers(args)) {
      params.real(number);
    }
    boolean packed =
        CudaTemp.isAligned(param)
            && CudaTemp.isAligned(grad)
            && (buffer == null || CudaTemp.isAligned(buffer));
    params
        .integer(args.nesterov() ? 1 : 0)
        .integer(args.firstStep() ? 1 : 0)
        .integer(packed ? 1 : 0);
    launch("SGD", param, packed, params);
  }

  private void sgdOfDoubles(
      Strided param, Strided grad, Strided buffer, SgdArgs args, Strided numbers) {
    try (CudaTemp x = doubles(param);
        CudaTemp g = doubles(grad);
        CudaTemp b =
            buffer == null
                ? CudaTemp.same(null)
                : args.firstStep()
                    ? CudaTemp.blank(device, DType.FLOAT64, buffer.sizes())
                    : doubles(buffer)) {
      sgd(x.array(), g.array(), b.array(), args, numbers);
      x.finish(moves, param);
      b.finish(moves, buffer);
    }
  }

  /**
   * Performs an Adam step.
   *
   * @param numbers {@link #adamNumbers} on the device, or null to take them from args
   */
  void adam(Strided param, Strided grad, Strided m, Strided v, AdamArgs args, Strided numbers) {
    if (param.numel() == 0) {
      return;
    }
    DType type = param.dtype();
    Scalars.requireFloating("adamStep", type);
    if (grad.dtype() != type || m.dtype() != type || v.dtype() != type) {
      adamOfDoubles(param, grad, m, v, args, numbers);
      return;
    }
    Launch params =
        Launch.begin()
            .array(param)
            .array(grad)
            .array(m)
            .array(v)
            .address(numbers == null ? 0 : numbers.deviceAddress())
            .whole(param.numel());
    for (double number : adamNumbers(args)) {
      params.real(number);
    }
    boolean packed =
        CudaTemp.isAligned(param)
            && CudaTemp.isAligned(grad)
            && CudaTemp.isAligned(m)
            && CudaTemp.isAligned(v);
    params.integer(args.decoupled() ? 1 : 0).integer(packed ? 1 : 0);
    launch("ADAM", param, packed, params);
  }

  private void adamOfDoubles(
      Strided param, Strided grad, Strided m, Strided v, AdamArgs args, Strided numbers) {
    try (CudaTemp x = doubles(param);
        CudaTemp g = doubles(grad);
        CudaTemp first = doubles(m);
        CudaTemp second = doubles(v)) {
      adam(x.array(), g.array(), first.array(), second.array(), args, numbers);
      x.finish(moves, param);
      first.finish(moves, m);
      second.finish(moves, v);
    }
  }

  private CudaTemp doubles(Strided a) {
    return a.dtype() == DType.FLOAT64
        ? CudaTemp.same(a)
        : CudaTemp.converted(device, moves, a, DType.FLOAT64);
  }

  private void launch(String kernel, Strided param, boolean packed, Launch params) {
    device.launch(
        device.kernel(KernelFile.OPTIM, param.dtype(), kernel),
        packed ? Math.max(1, param.numel() * param.dtype().bytes() / 16) : param.numel(),
        params);
  }
}
