package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Attention of several heads: each projects queries, keys and values to embedDim / heads features
 * and attends; a linear layer joins what the heads return. query [l, n, embedDim], key [s, n,
 * kdim], value [s, n, vdim] → [l, n, embedDim]; with n first if batch-first; without n if
 * unbatched.
 *
 * <p>{@code call(query, key, value)} returns the output, with {@code keyPaddingMask} and {@code
 * attnMask} as fourth and fifth input; {@link #callWithWeights} returns the attention weights, too.
 * {@code keyPaddingMask} is [n, s] or [s], {@code attnMask} [l, s] or [n · heads, l, s]; either is
 * BOOL, true where attention is <i>not</i> allowed, or of floating point and added; null for none.
 *
 * <p>Parameters: in_proj_weight [3 · embedDim, embedDim], or q_proj_weight, k_proj_weight and
 * v_proj_weight if kdim or vdim differ, uniform by {@link Init#xavierUniform}; in_proj_bias and
 * out_proj.bias, 0; bias_k and bias_v [1, 1, embedDim], normal by Xavier; out_proj.weight as {@link
 * Linear}. Defaults: see {@link Options}. Source: PyTorch's {@code torch.nn.MultiheadAttention}.
 */
public final class MultiheadAttention extends Module {
  private final long embedDim;
  private final long heads;
  private final long kdim;
  private final long vdim;
  private final double dropout;
  private final boolean batchFirst;
  private final boolean addZeroAttn;
  private final transient Parameter inProjWeight;
  private final transient Parameter[] projWeights;
  private final transient Parameter inProjBias;
  private final transient Parameter biasK;
  private final transient Parameter biasV;
  private final transient Linear outProj;

  /** Creates a layer with default options. */
  public MultiheadAttention(long embedDim, long numHeads) {
    this(embedDim, numHeads, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size is not positive, or the heads do not divide embedDim
   */
  public MultiheadAttention(long embedDim, long numHeads, Options options) {
    if (embedDim <= 0 || numHeads <= 0) {
      throw new IllegalArgumentException(
          message(
              "MultiheadAttention: embed_dim and num_heads must be greater than 0, got embed_dim=%s"
                  + " and num_heads=%s instead",
              embedDim, numHeads));
    }
    if (embedDim % numHeads != 0) {
      throw new IllegalArgumentException(
          message(
              "MultiheadAttention: embed_dim must be divisible by num_heads; got %s, %s",
              embedDim, numHeads));
    }
    Functional.checkDropout(options.dropout);
    this.embedDim = embedDim;
    this.heads = numHeads;
    this.kdim = options.kdim < 0 ? embedDim : options.kdim;
    this.vdim = options.vdim < 0 ? embedDim : options.vdim;
    this.dropout = options.dropout;
    this.batchFirst = options.batchFirst;
    this.addZeroAttn = options.addZeroAttn;
    boolean one = kdim == embedDim && vdim == embedDim;
    inProjWeight = one ? parameter("in_proj_weight", options, 3 * embedDim, embedDim) : null;
    projWeights =
        one
            ? new Parameter[0]
            : new Parameter[] {
              parameter("q_proj_weight", options, embedDim, embedDim),
              parameter("k_proj_weight", options, embedDim, kdim),
              parameter("v_proj_weight", options, embedDim, vdim)
            };
    inProjBias = options.bias ? parameter("in_proj_bias", options, 3 * embedDim) : null;
    biasK = options.addBiasKv ? parameter("bias_k", options, 1, 1, embedDim) : null;
    biasV = options.addBiasKv ? parameter("bias_v", options, 1, 1, embedDim) : null;
    outProj =
        register(
            "out_proj",
            new Linear(embedDim, embedDim, options.bias, options.dtype(), options.generator()));
    initialise(options.generator());
  }

  private Parameter parameter(String name, Options options, long... shape) {
    return register(name, Parameter.of(Tensor.zeros(options.dtype(), shape)));
  }

  private void initialise(Generator generator) {
    if (inProjWeight != null) {
      Init.xavierUniform(inProjWeight, 1, generator);
    }
    for (Parameter weight : projWeights) {
      Init.xavierUniform(weight, 1, generator);
    }
    if (outProj.bias != null) {
      Init.zeros(outProj.bias);
    }
    if (biasK != null) {
      double std = Math.sqrt(1.0 / embedDim); // Xavier of [1, 1, embedDim]: both fans are embedDim
      Init.normal(biasK, 0, std, generator);
      Init.normal(biasV, 0, std, generator);
    }
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static Options options() {
    return new Options();
  }

  private record Input(
      Tensor query,
      Tensor key,
      Tensor value,
      Tensor keyPaddingMask,
      Tensor attnMask,
      boolean average) {}

  /** Returns the output and the mean of the heads' attention weights. */
  public AttentionOutput callWithWeights(Tensor query, Tensor key, Tensor value) {
    return callWithWeights(query, key, value, null, null, true);
  }

  /**
   * Returns the output and the attention weights.
   *
   * @param keyPaddingMask null for none
   * @param attnMask null for none
   * @param average whether the weights are the mean over the heads
   */
  public AttentionOutput callWithWeights(
      Tensor query,
      Tensor key,
      Tensor value,
      Tensor keyPaddingMask,
      Tensor attnMask,
      boolean average) {
    return callWithHooks(
        new Input(query, key, value, keyPaddingMask, attnMask, average), in -> attend(in, true));
  }

  @Override
  protected Tensor forward(Tensor query, Tensor key, Tensor value) {
    return forward(new Tensor[] {query, key, value, null, null});
  }

  @Override
  protected Tensor forward(Tensor query, Tensor key, Tensor value, Tensor keyPaddingMask) {
    return forward(new Tensor[] {query, key, value, keyPaddingMask, null});
  }

  @Override
  protected Tensor forward(Tensor... in) {
    return in.length == 5
        ? attend(new Input(in[0], in[1], in[2], in[3], in[4], true), false).output()
        : super.forward(in);
  }

  private AttentionOutput attend(Input in, boolean needWeights) {
    boolean batched = AttentionChecks.isBatched(in.query, in.key, in.value);
    AttentionChecks.masks(batched, in.query, in.keyPaddingMask, in.attnMask);
    Tensor q = timeFirst(in.query, batched);
    Tensor k = timeFirst(in.key, batched);
    Tensor v = timeFirst(in.value, batched);
    AttentionChecks.sizes(q, k, v, embedDim, kdim, vdim);
    Tensor[] projected = project(q, k, v);
    Tensor mask =
        mask(
            q,
            k,
            !batched && in.keyPaddingMask != null
                ? in.keyPaddingMask.unsqueeze(0)
                : in.keyPaddingMask,
            in.attnMask);
    long n = q.size(1);
    long more = (biasK == null ? 0 : 1) + (addZeroAttn ? 1 : 0);
    if (biasK != null) {
      projected[1] = Tensor.cat(List.of(projected[1], biasK.expand(1, n, embedDim)), 0);
      projected[2] = Tensor.cat(List.of(projected[2], biasV.expand(1, n, embedDim)), 0);
    }
    for (int i = 0; i < projected.length; i++) {
      projected[i] = split(projected[i], i > 0 && addZeroAttn);
    }
    if (mask != null && more > 0) {
      long[] shape = mask.shape();
      shape[3] = more;
      mask = Tensor.cat(List.of(mask, mask.newZeros(shape)), 3);
    }
    AttentionOutput out = heads(projected, mask, needWeights, in.average);
    long l = q.size(0);
    Tensor rows = out.output().permute(2, 0, 1, 3).reshape(l * n, embedDim);
    Tensor joined = outProj.call(rows).reshape(l, n, embedDim);
    return batched
        ? new AttentionOutput(batchFirst ? joined.transpose(0, 1) : joined, out.weights())
        : new AttentionOutput(joined.squeeze(1), needWeights ? out.weights().squeeze(0) : null);
  }

  private Tensor timeFirst(Tensor x, boolean batched) {
    return batched ? batchFirst ? x.transpose(0, 1) : x : x.unsqueeze(1);
  }

  private Tensor[] project(Tensor q, Tensor k, Tensor v) {
    List<? extends Tensor> weights =
        inProjWeight == null ? List.of(projWeights) : inProjWeight.chunk(3, 0);
    List<Tensor> biases = inProjBias == null ? null : inProjBias.chunk(3, 0);
    Tensor[] in = {q, k, v};
    Tensor[] out = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = Functional.linear(in[i], weights.get(i), biases == null ? null : biases.get(i));
    }
    return out;
  }

  /** Returns both masks as one that is added to scores [n, heads, l, s], or null. */
  private Tensor mask(Tensor q, Tensor k, Tensor keyPaddingMask, Tensor attnMask) {
    long l = q.size(0);
    long n = q.size(1);
    long s = k.size(0);
    Tensor mask = null;
    if (attnMask != null) {
      long[] shape = attnMask.dim() == 2 ? new long[] {l, s} : new long[] {n * heads, l, s};
      AttentionChecks.shape("attn_mask", attnMask, shape);
      Tensor added = added("attn_mask", attnMask, q);
      mask = attnMask.dim() == 2 ? added.unsqueeze(0).unsqueeze(0) : added.reshape(n, heads, l, s);
    }
    if (keyPaddingMask != null) {
      AttentionChecks.shape("key_padding_mask", keyPaddingMask, n, s);
      Tensor added = added("key_padding_mask", keyPaddingMask, q).reshape(n, 1, 1, s);
      mask = mask == null ? added : mask.add(added);
    }
    return mask;
  }

  private static Tensor added(String what, Tensor mask, Tensor q) {
    if (mask.dtype() == DType.BOOL) {
      return q.newZeros(mask.shape()).maskedFill(mask, Double.NEGATIVE_INFINITY);
    }
    if (!mask.dtype().isFloatingPoint()) {
      throw new IllegalArgumentException(
          message("only bool and floating types of %s are supported; got %s", what, mask.dtype()));
    }
    return mask.to(q.dtype());
  }

  /** Returns x [s, n, embedDim] as heads [n, heads, s, embedDim / heads]. */
  private Tensor split(Tensor x, boolean zero) {
    Tensor parts = x.reshape(x.size(0), x.size(1), heads, embedDim / heads).permute(1, 2, 0, 3);
    if (!zero) {
      return parts;
    }
    long[] shape = parts.shape();
    shape[2] = 1;
    return Tensor.cat(List.of(parts, parts.newZeros(shape)), 2);
  }

  private AttentionOutput heads(Tensor[] qkv, Tensor mask, boolean needWeights, boolean average) {
    double p = isTraining() ? dropout : 0;
    if (!needWeights) {
      AttentionOptions options = new AttentionOptions().mask(mask).dropout(p);
      Tensor output = Functional.scaledDotProductAttention(qkv[0], qkv[1], qkv[2], options);
      return new AttentionOutput(output, null);
    }
    Tensor scaled = qkv[0].mul(Math.sqrt(1.0 / (embedDim / heads)));
    Tensor scores = scaled.matmul(qkv[1].transpose(-2, -1));
    Tensor weights = (mask == null ? scores : scores.add(mask)).softmax(-1);
    weights = Functional.dropout(weights, p, true);
    return new AttentionOutput(weights.matmul(qkv[2]), average ? weights.mean(1, false) : weights);
  }

  /**
   * Options of the layer. Defaults: no dropout, bias, no extra key and value, kdim and vdim of
   * embedDim, not batch-first.
   */
  public static final class Options extends LayerOptions<Options> {
    private double dropout;
    private boolean bias = true;
    private boolean addBiasKv;
    private boolean addZeroAttn;
    private long kdim = -1;
    private long vdim = -1;
    private boolean batchFirst;

    private Options() {}

    /** Sets the probability of dropout on the attention weights in training. */
    public Options dropout(double p) {
      dropout = p;
      return this;
    }

    /** Sets whether the projections have biases. */
    public Options bias(boolean value) {
      bias = value;
      return this;
    }

    /** Sets whether a learned key and value are appended to the others. */
    public Options addBiasKv(boolean value) {
      addBiasKv = value;
      return this;
    }

    /** Sets whether a key and value of zeros are appended to the others. */
    public Options addZeroAttn(boolean value) {
      addZeroAttn = value;
      return this;
    }

    /** Sets the number of features of keys. */
    public Options kdim(long features) {
      kdim = features;
      return this;
    }

    /** Sets the number of features of values. */
    public Options vdim(long features) {
      vdim = features;
      return this;
    }

    /** Sets whether inputs and outputs are [n, l, features] rather than [l, n, features]. */
    public Options batchFirst(boolean value) {
      batchFirst = value;
      return this;
    }
  }
}
