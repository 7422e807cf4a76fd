package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * The CUDA binding through JCuda 12.6. JCuda's handle objects are represented by numbers; addresses
 * are passed unchanged. Kernel parameters are passed as one packed buffer, which costs less than
 * half as much in JCuda as an array of pointers.
 */
final class JCudaBinding implements Driver {
  // cudaDataType values, which JCuda passes as plain numbers.
  private static final int R_32F = 0;
  private static final int R_64F = 1;
  private static final int R_16F = 2;
  private static final int R_16BF = 14;

  private static final Pointer ONE_FLOAT = Pointer.to(new float[] {1});
  private static final Pointer ZERO_FLOAT = Pointer.to(new float[] {0});
  private static final Pointer ONE_DOUBLE = Pointer.to(new double[] {1});
  private static final Pointer ZERO_DOUBLE = Pointer.to(new double[] {0});

  private final Map<Long, NativePointerObject> handles = new ConcurrentHashMap<>();
  private final Map<Long, CUdeviceptr> blasWorkspaces = new ConcurrentHashMap<>();
  private final AtomicLong lastHandle = new AtomicLong();
  private final ThreadLocal<Extra> extras = new ThreadLocal<>();
  private final String nvrtcVersion;

  /**
   * Loads the libraries.
   *
   * @throws CudaException if the driver finds no device, or a library returns an error
   * @throws LinkageError if a library is missing
   */
  JCudaBinding() {
    JCudaNatives.prepare();
    check("cuInit", JCudaDriver.cuInit(0));
    nvrtcVersion = Nvrtc.version();
  }

  // ---- status

  private static void check(String call, int status) {
    if (status != CUresult.CUDA_SUCCESS) {
      throw failure(call, status);
    }
  }

  private static CudaException failure(String call, int status) {
    String hint =
        switch (status) {
          case CUresult.CUDA_ERROR_NO_DEVICE -> ": no device found";
          case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                  CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                  CUresult.CUDA_ERROR_LAUNCH_FAILED ->
              ": a kernel failed, now or earlier; the device cannot be used any more in this"
                  + " process";
          default -> "";
        };
    return new CudaException(
        message("%s: must succeed; got %s (%s)%s", call, CUresult.stringFor(status), status, hint));
  }

  private static void checkBlas(String call, int status) {
    if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      throw new CudaException(
          message("%s: must succeed; got %s (%s)", call, cublasStatus.stringFor(status), status));
    }
  }

  private long put(NativePointerObject object) {
    long handle = lastHandle.incrementAndGet();
    handles.put(handle, object);
    return handle;
  }

  private <T> T get(Class<T> type, long handle) {
    return type.cast(handles.get(handle));
  }

  private CUstream stream(long handle) {
    return get(CUstream.class, handle);
  }

  /** A device address. */
  private static final class At extends CUdeviceptr {
    At(long address) {
      super(new CUdeviceptr(), address);
    }
  }

  /** A host address. */
  private static final class HostAt extends Pointer {
    HostAt(long address) {
      super(address);
    }
  }

  /** Exposes the address of a JCuda pointer, which is accessible to subclasses only. */
  private static final class Found extends CUdeviceptr {
    long address() {
      return getNativePointer() + getByteOffset();
    }
  }

  private static final class HostFound extends Pointer {
    long address() {
      return getNativePointer() + getByteOffset();
    }
  }

  // ---- devices and contexts

  @Override
  public int deviceCount() {
    int[] count = new int[1];
    check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    return count[0];
  }

  private static CUdevice cuDevice(int index) {
    CUdevice device = new CUdevice();
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, index));
    return device;
  }

  private static int attribute(CUdevice device, int which) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, which, device));
    return value[0];
  }

  @Override
  public Properties properties(int index) {
    CUdevice device = cuDevice(index);
    byte[] name = new byte[256];
    check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    long[] bytes = new long[1];
    check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, device));
    return new Properties(
        new String(name, 0, length, StandardCharsets.UTF_8),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        bytes[0]);
  }

  @Override
  public long retainContext(int device) {
    CUcontext context = new CUcontext();
    check(
        "cuDevicePrimaryCtxRetain",
        JCudaDriver.cuDevicePrimaryCtxRetain(context, cuDevice(device)));
    return put(context);
  }

  @Override
  public void setContext(long context) {
    check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(get(CUcontext.class, context)));
  }

  @Override
  public void synchronize() {
    check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize());
  }

  // ---- memory

  @Override
  public long allocate(long bytes) {
    Found found = new Found();
    int status = JCudaDriver.cuMemAlloc(found, bytes);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return 0;
    }
    check("cuMemAlloc", status);
    return found.address();
  }

  @Override
  public void free(long address) {
    check("cuMemFree", JCudaDriver.cuMemFree(new At(address)));
  }

  @Override
  public long freeBytes() {
    long[] free = new long[1];
    long[] total = new long[1];
    check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
    return free[0];
  }

  @Override
  public long allocateHost(long bytes) {
    HostFound found = new HostFound();
    int status = JCudaDriver.cuMemHostAlloc(found, bytes, 0);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return 0;
    }
    check("cuMemHostAlloc", status);
    return found.address();
  }

  @Override
  public void freeHost(long address) {
    check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(new HostAt(address)));
  }

  @Override
  public void copyToDevice(long to, long host, long bytes, long stream) {
    check(
        "cuMemcpyHtoDAsync",
        JCudaDriver.cuMemcpyHtoDAsync(new At(to), new HostAt(host), bytes, stream(stream)));
  }

  @Override
  public void copyToHost(long host, long from, long bytes, long stream) {
    check(
        "cuMemcpyDtoHAsync",
        JCudaDriver.cuMemcpyDtoHAsync(new HostAt(host), new At(from), bytes, stream(stream)));
  }

  @Override
  public void copyOnDevice(long to, long from, long bytes, long stream) {
    check(
        "cuMemcpyDtoDAsync",
        JCudaDriver.cuMemcpyDtoDAsync(new At(to), new At(from), bytes, stream(stream)));
  }

  @Override
  public void fill(long address, int value, long bytes, long stream) {
    check(
        "cuMemsetD8Async",
        JCudaDriver.cuMemsetD8Async(new At(address), (byte) value, bytes, stream(stream)));
  }

  // ---- streams and events

  @Override
  public long createStream() {
    CUstream stream = new CUstream();
    check(
        "cuStreamCreate",
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    return put(stream);
  }

  @Override
  public void destroyStream(long stream) {
    check("cuStreamDestroy", JCudaDriver.cuStreamDestroy((CUstream) handles.remove(stream)));
  }

  @Override
  public void synchronizeStream(long stream) {
    check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream(stream)));
  }

  @Override
  public void await(long stream, long event) {
    check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(stream(stream), event(event), 0));
  }

  private CUevent event(long handle) {
    return get(CUevent.class, handle);
  }

  @Override
  public long createEvent(boolean timed) {
    CUevent event = new CUevent();
    int flags = timed ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING;
    check("cuEventCreate", JCudaDriver.cuEventCreate(event, flags));
    return put(event);
  }

  @Override
  public void destroyEvent(long event) {
    check("cuEventDestroy", JCudaDriver.cuEventDestroy((CUevent) handles.remove(event)));
  }

  @Override
  public void record(long event, long stream) {
    check("cuEventRecord", JCudaDriver.cuEventRecord(event(event), stream(stream)));
  }

  @Override
  public boolean isDone(long event) {
    int status = JCudaDriver.cuEventQuery(event(event));
    if (status == CUresult.CUDA_ERROR_NOT_READY) {
      return false;
    }
    check("cuEventQuery", status);
    return true;
  }

  @Override
  public void synchronizeEvent(long event) {
    check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(event(event)));
  }

  @Override
  public float elapsedMs(long start, long end) {
    float[] ms = new float[1];
    check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(ms, event(start), event(end)));
    return ms[0];
  }

  // ---- kernels

  @Override
  public String platform() {
    return KernelFile.resource("platform.cu");
  }

  @Override
  public String compilerId(Properties device) {
    return "nvrtc " + nvrtcVersion + " " + architecture(device);
  }

  private static String architecture(Properties device) {
    return "sm_" + device.major() + device.minor();
  }

  @Override
  public byte[] compile(String name, String source, List<String> options, Properties device) {
    return Nvrtc.compile(name, source, options, architecture(device));
  }

  @Override
  public long loadModule(byte[] image) {
    CUmodule module = new CUmodule();
    check("cuModuleLoadData", JCudaDriver.cuModuleLoadData(module, image));
    return put(module);
  }

  @Override
  public long function(long module, String name) {
    CUfunction function = new CUfunction();
    check(
        "cuModuleGetFunction " + name,
        JCudaDriver.cuModuleGetFunction(function, get(CUmodule.class, module), name));
    return put(function);
  }

  @Override
  public void launch(
      long function,
      String name,
      int gridX,
      int gridY,
      int blockX,
      long stream,
      ByteBuffer params) {
    Extra extra = extras.get();
    if (extra == null || extra.buffer != params) {
      extra = new Extra(params);
      extras.set(extra);
    }
    extra.size[0] = params.limit();
    int status =
        JCudaDriver.cuLaunchKernel(
            get(CUfunction.class, function),
            gridX,
            gridY,
            1,
            blockX,
            1,
            1,
            0,
            stream(stream),
            null,
            extra.pointer);
    if (status != CUresult.CUDA_SUCCESS) {
      throw failure("cuLaunchKernel " + name, status);
    }
  }

  /** The arguments that pass a packed buffer to a launch; created once per thread's buffer. */
  private static final class Extra {
    final ByteBuffer buffer;
    final long[] size = new long[1];
    final Pointer pointer;

    Extra(ByteBuffer buffer) {
      this.buffer = buffer;
      this.pointer =
          Pointer.to(
              JCudaDriver.CU_LAUNCH_PARAM_BUFFER_POINTER,
              Pointer.toBuffer(buffer.duplicate().clear()),
              JCudaDriver.CU_LAUNCH_PARAM_BUFFER_SIZE,
              Pointer.to(size),
              JCudaDriver.CU_LAUNCH_PARAM_END);
    }
  }

  // ---- graphs

  @Override
  public void beginCapture(long stream) {
    check(
        "cuStreamBeginCapture",
        JCudaDriver.cuStreamBeginCapture(
            stream(stream), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
  }

  @Override
  public long endCapture(long stream) {
    CUgraph graph = new CUgraph();
    check("cuStreamEndCapture", JCudaDriver.cuStreamEndCapture(stream(stream), graph));
    try {
      CUgraphExec exec = new CUgraphExec();
      check("cuGraphInstantiate", JCudaDriver.cuGraphInstantiate(exec, graph, 0));
      return put(exec);
    } finally {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  @Override
  public void launchGraph(long graph, long stream) {
    check(
        "cuGraphLaunch", JCudaDriver.cuGraphLaunch(get(CUgraphExec.class, graph), stream(stream)));
  }

  @Override
  public void destroyGraph(long graph) {
    check(
        "cuGraphExecDestroy", JCudaDriver.cuGraphExecDestroy((CUgraphExec) handles.remove(graph)));
  }

  // ---- BLAS

  @Override
  public long createBlas(long stream, long workspace, long workspaceBytes) {
    cublasHandle blas = new cublasHandle();
    checkBlas("cublasCreate", JCublas2.cublasCreate(blas));
    checkBlas("cublasSetStream", JCublas2.cublasSetStream(blas, new cudaStream_t(stream(stream))));
    // The workspace is set after the stream, as setting the stream resets it.
    CUdeviceptr at = new At(workspace);
    checkBlas("cublasSetWorkspace", JCublas2.cublasSetWorkspace(blas, at, workspaceBytes));
    long handle = put(blas);
    blasWorkspaces.put(handle, at);
    return handle;
  }

  @Override
  public void destroyBlas(long blas) {
    blasWorkspaces.remove(blas);
    checkBlas("cublasDestroy", JCublas2.cublasDestroy((cublasHandle) handles.remove(blas)));
  }

  @Override
  public void gemm(long blas, Gemm g) {
    boolean wide = false;
    int data;
    int compute = cublasComputeType.CUBLAS_COMPUTE_32F;
    switch (g.type()) {
      case FLOAT32 -> {
        data = R_32F;
        if (g.tf32()) {
          compute = cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
        }
      }
      case FLOAT64 -> {
        data = R_64F;
        compute = cublasComputeType.CUBLAS_COMPUTE_64F;
        wide = true;
      }
      case FLOAT16 -> data = R_16F;
      case BFLOAT16 -> data = R_16BF;
      default ->
          throw new UnsupportedOperationException(
              "gemm: element type must be floating point; got " + g.type());
    }
    Pointer alpha = wide ? ONE_DOUBLE : ONE_FLOAT;
    Pointer beta =
        g.beta() == 0
            ? wide ? ZERO_DOUBLE : ZERO_FLOAT
            : g.beta() == 1
                ? alpha
                : wide ? Pointer.to(new double[] {g.beta()}) : Pointer.to(new float[] {g.beta()});
    checkBlas(
        "cublasGemmStridedBatchedEx",
        JCublas2.cublasGemmStridedBatchedEx_new(
            get(cublasHandle.class, blas),
            g.transA() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
            g.transB() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
            g.m(),
            g.n(),
            g.k(),
            alpha,
            new At(g.a()),
            data,
            g.lda(),
            g.strideA(),
            new At(g.b()),
            data,
            g.ldb(),
            g.strideB(),
            beta,
            new At(g.c()),
            data,
            g.ldc(),
            g.strideC(),
            g.batch(),
            compute,
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT));
  }
}
