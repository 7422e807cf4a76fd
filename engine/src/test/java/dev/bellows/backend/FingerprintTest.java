package dev.bellows.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.cpu.CpuKernels;
import dev.bellows.backend.reference.ReferenceKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FingerprintTest {
  @Test
  void kernelsThatComputeOtherBitsAreToldApart() {
    assertThat(new ReferenceKernels().fingerprint()).isEqualTo("reference");
    assertThat(CpuKernels.open().fingerprint())
        .matches("cpu onednn-3\\.\\d+ isa=\\w+ threads=\\d+ vector=(\\d+|none)")
        .isEqualTo(CpuKernels.open().fingerprint());
    assertThat(Backends.cpuFingerprint()).isEqualTo(Backends.cpu().fingerprint());
  }

  @Test
  void timedKernelsAreTheKernelsTheyTime() {
    assertThat(TimedKernels.around(new ReferenceKernels()).fingerprint()).isEqualTo("reference");
  }
}
