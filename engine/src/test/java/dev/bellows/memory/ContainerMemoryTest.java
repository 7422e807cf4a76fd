package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMemoryTest {
  private static final String V2 =
      "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup rw\n";
  private static final String V1 =
      "33 30 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
          + "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";

  @TempDir Path root;

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private long limit() {
    return new ContainerMemory(root).limitBytes();
  }

  @Test
  void withoutControlGroupsThereIsNoLimit() throws IOException {
    assertThat(limit()).isEqualTo(ContainerMemory.UNLIMITED);
    put("proc/self/cgroup", "0::/\n");
    put("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\nodd\n1 2 3\n");
    assertThat(limit()).isEqualTo(ContainerMemory.UNLIMITED);
  }

  @Test
  void aContainerSeesItsLimitAtTheTop() throws IOException {
    put("proc/self/cgroup", "0::/\n");
    put("proc/self/mountinfo", V2);
    put("sys/fs/cgroup/memory.max", "1073741824\n");
    assertThat(limit()).isEqualTo(1 << 30);
    put("sys/fs/cgroup/memory.max", "max\n");
    assertThat(limit()).isEqualTo(ContainerMemory.UNLIMITED);
  }

  @Test
  void theSmallestLimitOnTheWayUpHolds() throws IOException {
    put("proc/self/cgroup", "0::/pods/pod7/main\n");
    put("proc/self/mountinfo", V2);
    put("sys/fs/cgroup/pods/pod7/main/memory.max", "max\n");
    put("sys/fs/cgroup/pods/pod7/memory.max", "500\n");
    put("sys/fs/cgroup/pods/memory.max", "700\n");
    put("sys/fs/cgroup/pods/other/memory.max", "3\n");
    assertThat(limit()).isEqualTo(500);
    put("sys/fs/cgroup/pods/memory.high", "400\n");
    assertThat(limit()).isEqualTo(400);
    put("sys/fs/cgroup/pods/pod7/main/memory.max", "300\n");
    assertThat(limit()).isEqualTo(300);
  }

  @Test
  void versionOneHasItsOwnFiles() throws IOException {
    put("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/a/b\n0::/\n");
    put("proc/self/mountinfo", V1);
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "600\n");
    put("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
    put("sys/fs/cgroup/cpu/a/memory.max", "1\n");
    assertThat(limit()).isEqualTo(600);
  }

  @Test
  void pathsOfTheHostMeanTheContainersTop() throws IOException {
    // Docker with version 1: the group has the host's path, and only its part is mounted.
    put("proc/self/cgroup", "4:memory:/docker/abc/inner\n");
    put(
        "proc/self/mountinfo",
        "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "900\n");
    put("sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "800\n");
    assertThat(limit()).isEqualTo(800);
    put("proc/self/cgroup", "4:memory:/elsewhere\n");
    assertThat(limit()).isEqualTo(900);
    put("proc/self/cgroup", "4:memory:/../other\n");
    assertThat(limit()).isEqualTo(900);
  }

  @Test
  void bothVersionsCount() throws IOException {
    put("proc/self/cgroup", "4:memory:/\n0::/\n");
    put(
        "proc/self/mountinfo",
        V1 + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "900\n");
    put("sys/fs/cgroup/unified/memory.max", "800\n");
    assertThat(limit()).isEqualTo(800);
  }
}
