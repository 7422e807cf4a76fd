package dev.bellows.spark.data;

import static dev.bellows.spark.data.Column.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.data.Batch;
import dev.bellows.memory.DType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SnapshotSourceTest {
  private static final int ROWS = 50;
  private static final List<Column> COLUMNS =
      List.of(column("x", DType.FLOAT32, 3), column("y", DType.INT64));

  @TempDir Path temp;
  private Snapshot snapshot;
  private final Configuration hadoop = new Configuration();

  /** A file system that is local and does not look it. */
  public static final class Elsewhere extends FilterFileSystem {
    /** For Hadoop. */
    public Elsewhere() {
      super(new RawLocalFileSystem());
    }

    @Override
    public String getScheme() {
      return "elsewhere";
    }

    @Override
    public URI getUri() {
      return URI.create("elsewhere:///");
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
      super.initialize(URI.create("file:///"), conf);
    }

    @Override
    protected void checkPath(org.apache.hadoop.fs.Path path) {
      // All are ours.
    }

    @Override
    public org.apache.hadoop.fs.FSDataInputStream open(org.apache.hadoop.fs.Path path, int size)
        throws IOException {
      return super.open(new org.apache.hadoop.fs.Path(path.toUri().getPath()), size);
    }
  }

  @BeforeEach
  void write() {
    hadoop.set("fs.elsewhere.impl", Elsewhere.class.getName());
    Dataset<Row> frame =
        LocalSpark.session()
            .range(0, ROWS, 1, 3)
            .selectExpr(
                "array(cast(id as float), cast(id + 0.5 as float), cast(-id as float)) as x",
                "id * 10 as y");
    snapshot =
        SnapshotWriter.write(
            LocalSpark.session(), frame, COLUMNS, temp.resolve("s") + "", 300, m -> {});
  }

  @Test
  void gathersRowsInAnyOrder() {
    assertThat(snapshot.parts()).hasSizeGreaterThan(1);
    // 30 bytes: regions of two rows of x and three of y.
    for (long region : new long[] {30, 1 << 30}) {
      try (SnapshotSource source = SnapshotSource.open(snapshot, hadoop, temp, region)) {
        assertThat(source.rows()).isEqualTo(ROWS);
        Batch all = source.gather(LongStream.range(0, ROWS).toArray());
        assertThat(all.input("x").shape()).containsExactly(ROWS, 3);
        float[] x = all.input("x").toFloatArray();
        long[] y = all.input("y").toLongArray();
        for (int r = 0; r < ROWS; r++) {
          float id = y[r] / 10f;
          assertThat(new float[] {x[3 * r], x[3 * r + 1], x[3 * r + 2]})
              .containsExactly(id, id + 0.5f, 0f - id);
        }
        assertThat(LongStream.of(y).sorted().toArray())
            .isEqualTo(LongStream.range(0, ROWS).map(i -> 10 * i).toArray());

        Batch some = source.gather(new long[] {49, 0, 49, 17});
        assertThat(some.input("y").toLongArray()).containsExactly(y[49], y[0], y[49], y[17]);
        assertThat(source.gather(new long[0]).size()).isZero();
      }
    }
  }

  @Test
  void refusesRowsOutsideAndUseAfterClose() {
    SnapshotSource source = SnapshotSource.open(snapshot, hadoop, temp);
    assertThatThrownBy(() -> source.gather(new long[] {0, 50}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: row numbers must be in 0..49; got 50 at 1");
    source.close();
    assertThatThrownBy(() -> source.gather(new long[] {0}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("gather: the snapshot must be open; it was closed");
  }

  @Test
  void copiesPartsOfOtherFileSystemsOnce() throws IOException {
    Snapshot remote = remote();
    Path cache = temp.resolve("cache");
    try (SnapshotSource source = SnapshotSource.open(remote, hadoop, cache)) {
      assertThat(source.gather(new long[] {3}).size()).isEqualTo(1);
    }
    try (Stream<Path> files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(snapshot.parts().size());
    }
    for (Snapshot.Part part : snapshot.parts()) {
      Files.delete(data().resolve(part.file()));
    }
    try (SnapshotSource source = SnapshotSource.open(remote, hadoop, cache)) {
      assertThat(source.gather(new long[] {3}).size()).isEqualTo(1);
    }
    assertThatThrownBy(() -> SnapshotSource.open(remote, hadoop, temp.resolve("other")))
        .isInstanceOf(SnapshotException.class)
        .hasMessageStartingWith("snapshot: part files must be readable on every executor; found no")
        .hasMessageContaining("where a directory that all executors share is needed");
  }

  @Test
  void namesDamagedParts() throws IOException {
    Snapshot.Part part = snapshot.parts().get(0);
    Path file = data().resolve(part.file());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    for (Snapshot damaged : List.of(snapshot, remote())) {
      assertThatThrownBy(() -> SnapshotSource.open(damaged, hadoop, temp.resolve("cache")))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining(part.file())
          .hasMessageContaining("damaged: it has " + bytes.length + " bytes and crc32c")
          .hasMessageContaining("the manifest says " + bytes.length + " and " + part.crc32c());
    }
    assertThat(temp.resolve("cache").resolve(snapshot.fingerprint())).isEmptyDirectory();
  }

  private Path data() {
    return Path.of(URI.create(snapshot.directory()));
  }

  private Snapshot remote() {
    return new Snapshot(
        snapshot.formatVersion(),
        "elsewhere://" + data(),
        snapshot.rows(),
        snapshot.columns(),
        snapshot.parts(),
        snapshot.fingerprint());
  }
}
