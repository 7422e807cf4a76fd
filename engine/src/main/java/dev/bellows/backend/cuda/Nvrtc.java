package dev.bellows.backend.cuda;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.List;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/** CUDA's runtime compiler, which requires neither driver nor device. */
final class Nvrtc {
  private Nvrtc() {}

  /**
   * Returns the library's version, for example 12.6.
   *
   * @throws LinkageError if the library is missing
   */
  static String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    check("nvrtcVersion", JNvrtc.nvrtcVersion(major, minor));
    return major[0] + "." + minor[0];
  }

  /**
   * Compiles kernels to the machine code of an architecture.
   *
   * @param options definitions, for example {@code -DA=FLOAT32}
   * @param architecture for example sm_90
   */
  static byte[] compile(String name, String source, List<String> options, String architecture) {
    List<String> all = new ArrayList<>(options);
    all.addAll(
        List.of(
            "--gpu-architecture=" + architecture,
            "--std=c++17",
            "--fmad=false",
            "--diag-suppress=177"));
    nvrtcProgram program = new nvrtcProgram();
    check(
        "nvrtcCreateProgram",
        JNvrtc.nvrtcCreateProgram(program, source, name + ".cu", 0, null, null));
    try {
      int status = JNvrtc.nvrtcCompileProgram(program, all.size(), all.toArray(new String[0]));
      if (status != nvrtcResult.NVRTC_SUCCESS) {
        String[] log = new String[1];
        JNvrtc.nvrtcGetProgramLog(program, log);
        throw new CudaException(
            message(
                "compile %s %s: must succeed; got %s\n%s",
                name, all, nvrtcResult.stringFor(status), log[0]));
      }
      long[] size = new long[1];
      check("nvrtcGetCUBINSize", JNvrtc.nvrtcGetCUBINSize(program, size));
      byte[] image = new byte[Math.toIntExact(size[0])];
      check("nvrtcGetCUBIN", JNvrtc.nvrtcGetCUBIN(program, image));
      return image;
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static void check(String call, int status) {
    if (status != nvrtcResult.NVRTC_SUCCESS) {
      throw new CudaException(
          message("%s: must succeed; got %s (%s)", call, nvrtcResult.stringFor(status), status));
    }
  }
}
