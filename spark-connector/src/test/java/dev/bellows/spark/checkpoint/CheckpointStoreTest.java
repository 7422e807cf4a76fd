package dev.bellows.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.optim.schedule.ReduceLROnPlateau.Mode;
import dev.bellows.spark.EvaluatedWith;
import dev.bellows.spark.Evaluations;
import dev.bellows.spark.Time;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
public class CheckpointStoreTest {
  @TempDir Path temp;
  private CheckpointStore store;
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void open() {
    store = new CheckpointStore(temp.toString(), new Configuration());
  }

  @Test
  void savesAndLoadsAllParts() {
    String attempt = save(store, 120, 3);
    CheckpointManifest manifest = store.latestValid(warnings::add).orElseThrow();
    assertThat(manifest.name()).isEqualTo(attempt).matches("step-000000000120-[0-9a-f]{8}-1");
    assertThat(manifest.optimizerValues()).containsExactly(Map.entry("step", "120"));
    assertThat(manifest.lr()).isEqualTo(1e-3);
    assertThat(manifest.files()).extracting(PartInfo::tensors).containsExactly(1, 1, 1);
    Map<String, Tensor> loaded = store.load(manifest);
    assertThat(loaded).hasSize(3);
    assertThat(loaded.get("model.fc.weight").shape()).containsExactly(2, 3);
    assertThat(loaded.get("model.fc.weight").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 120);
    assertThat(loaded.get("optim.fc.weight.momentum").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(loaded.get("model.count").toLongArray()).containsExactly(120);
    assertThat(store.verify(attempt)).hasSize(4).allMatch(FileCheck::ok);
    assertThat(warnings).isEmpty();
  }

  @Test
  void anAttemptWithoutManifestIsNoCheckpoint() throws IOException {
    save(store, 100, 2);
    String crashed = store.begin(110);
    store.writePart(crashed, 0, 2, Map.of());
    Files.writeString(temp.resolve(crashed).resolve(".manifest.json.tmp"), "{}");
    assertThat(store.latestValid(warnings::add).orElseThrow().step()).isEqualTo(100);
    assertThat(warnings)
        .containsExactly(
            "checkpoint: "
                + crashed
                + " of step 110 is not complete and passed over; there is no manifest.json: its"
                + " writing did not end, or the file was removed");
    assertThat(store.list()).extracting(CheckpointInfo::step).containsExactly(110L, 100L);
    assertThat(store.list().get(0).problem()).isEqualTo("incomplete: no manifest.json");
    assertThatThrownBy(() -> store.read(crashed))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must have a whole manifest of version 1; incomplete");
  }

  @Test
  void aDamagedNewestFallsBackWithAWarning() throws IOException {
    save(store, 100, 2);
    String bad = save(store, 110, 2);
    Path part = temp.resolve(bad).resolve("part-00001-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length - 2] ^= 4;
    Files.write(part, bytes);

    CheckpointManifest newest = store.read(bad);
    assertThat(store.latestValid(warnings::add).orElseThrow().step()).isEqualTo(100);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(
            "checkpoint: "
                + bad
                + " of step 110 is damaged and passed over; part-00001-of-00002.safetensors:"
                + " crc32c is ");
    assertThatThrownBy(() -> store.load(newest))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("checkpoint: part must be as it was written; file:")
        .hasMessageContaining("part-00001-of-00002.safetensors: crc32c is");
    assertThat(store.verify(bad)).extracting(FileCheck::ok).containsExactly(true, true, false);
  }

  @Test
  void shortAndMissingPartsAreNamed() throws IOException {
    String name = save(store, 100, 2);
    Path first = temp.resolve(name).resolve("part-00000-of-00002.safetensors");
    long length = Files.size(first);
    Files.write(first, java.util.Arrays.copyOf(Files.readAllBytes(first), 17));
    Files.delete(temp.resolve(name).resolve("part-00001-of-00002.safetensors"));
    assertThat(store.verify(name))
        .extracting(FileCheck::problem)
        .containsExactly(null, "has 17 bytes, the manifest says " + length, "does not exist");
    assertThatThrownBy(() -> store.load(store.read(name)))
        .hasMessageContaining("part-00000-of-00002.safetensors: has 17 bytes");
    assertThat(store.latestValid(warnings::add)).isEmpty();
    assertThat(warnings).hasSize(1);
  }

  @Test
  void changedAndForeignManifestsAreRefused() throws IOException {
    String changed = save(store, 120, 1);
    Path manifest = temp.resolve(changed).resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"epoch\" : 2", "\"epoch\" : 3"));
    assertThatThrownBy(() -> store.read(changed))
        .hasMessageContaining("manifest was changed: its checksum is");
    Files.writeString(manifest, text.replace("\"formatVersion\" : 1", "\"formatVersion\" : 9"));
    assertThatThrownBy(() -> store.read(changed))
        .hasMessageContaining("manifest is of version 9, this release reads version 1");
    Files.writeString(manifest, text.substring(0, 40));
    assertThatThrownBy(() -> store.read(changed))
        .hasMessageContaining("manifest is not whole JSON");
    Files.writeString(manifest, "[1]");
    assertThat(store.latestValid(warnings::add)).isEmpty();
    assertThat(warnings)
        .containsExactly(
            "checkpoint: "
                + changed
                + " of step 120 is damaged and passed over; manifest.json: manifest is not one of a"
                + " checkpoint");
    Files.writeString(manifest, text);
    assertThat(store.read(changed).step()).isEqualTo(120);
  }

  @Test
  void commitNeedsEveryPart() {
    String attempt = store.begin(5);
    PartInfo first = store.writePart(attempt, 0, 2, Map.of("a", Tensor.zeros(4)));
    PartInfo second = new PartInfo("part-00001-of-00002.safetensors", 10, "00000000", 1);
    CheckpointManifest.Builder manifest = manifest(5);
    assertThatThrownBy(() -> store.commit(attempt, manifest.files(List.of(first, second)).build()))
        .hasMessage(
            "commit: all parts of "
                + attempt
                + " must be written; part-00001-of-00002.safetensors does not exist");
    assertThatThrownBy(() -> store.commit(attempt, manifest.files(List.of(first)).build()))
        .hasMessageContaining("part-00000-of-00001.safetensors is missing from the list");
    assertThatThrownBy(() -> store.commit(attempt, manifest.files(List.of()).build()))
        .hasMessageContaining("there are none");
    store.abandon(attempt);
    assertThat(store.list()).isEmpty();
  }

  @Test
  void ofOneStepTheOneCommittedLastCounts() throws Exception {
    save(store, 10, 1);
    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    String second = save(store, 10, 1);
    assertThat(store.latestValid(warnings::add).orElseThrow().name()).isEqualTo(second);
  }

  @Test
  void retentionNeverRemovesTheNewestValidOne() throws IOException {
    String s1 = save(store, 10, 1);
    String s2 = save(store, 20, 1);
    String stale = store.begin(25);
    store.abandon(stale);
    Files.createDirectory(temp.resolve(stale));
    String s3 = save(store, 30, 1);
    String s4 = save(store, 40, 1);
    String running = store.begin(50);
    Files.createDirectory(temp.resolve(running));
    assertThat(store.retain(2, s4, null)).containsExactly(stale, s2, s1);
    assertThat(store.list()).extracting(CheckpointInfo::name).containsExactly(running, s4, s3);

    Files.delete(temp.resolve(s4).resolve("part-00000-of-00001.safetensors"));
    assertThat(store.retain(1, s4, null)).isEmpty();
    assertThat(store.latestValid(warnings::add).orElseThrow().name()).isEqualTo(s3);
    String s6 = save(store, 60, 1);
    assertThat(store.retain(1, s6, null)).containsExactlyInAnyOrder(s4, s3);
    assertThat(store.list()).extracting(CheckpointInfo::name).containsExactly(s6, running);
    assertThatThrownBy(() -> store.retain(0, s6, null)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> store.retain(1, running, null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("incomplete: no manifest.json");
  }

  @Test
  void retentionComparesEvaluationsOfOneMetricAlone() throws IOException {
    var loss = new EvaluatedWith("RowMean", "MIN", "01");
    String accuracy =
        save(store, manifest(10).evaluatedWith(new EvaluatedWith("Accuracy", "MAX", "01")), 0.1);
    String best = save(store, manifest(20).evaluatedWith(loss), 0.5);
    String unknown = save(store, manifest(30), 0.6);
    String last = save(store, manifest(40).evaluatedWith(loss), 0.7);
    assertThat(store.retain(1, last, Mode.MIN)).containsExactly(unknown, accuracy);
    assertThat(store.read(best).evaluatedWith()).isEqualTo(loss);
    assertThat(store.read(best).evaluatedWith())
        .hasToString("RowMean, MIN, rows with fingerprint 01");
  }

  /** Writes a checkpoint of an evaluated state without tensors, and returns its name. */
  public static String save(
      CheckpointStore store, CheckpointManifest.Builder evaluated, double metric) {
    CheckpointManifest manifest = evaluated.build();
    String attempt = store.begin(manifest.step());
    PartInfo file = store.writePart(attempt, 0, 1, Map.of());
    var result = new Evaluations.Result(manifest.step(), metric);
    store.commit(attempt, evaluated.files(List.of(file)).evaluations(List.of(result), 0).build());
    return attempt;
  }

  @Test
  void retentionKeepsWhatWasCommittedLastAlthoughALaterStepIsThere() throws IOException {
    String s100 = save(store, 100, 1);
    String damaged = save(store, 200, 1);
    Path part = temp.resolve(damaged).resolve("part-00000-of-00001.safetensors");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length - 2] ^= 4;
    Files.write(part, bytes);
    assertThat(store.latestValid(warnings::add).orElseThrow().name()).isEqualTo(s100);

    String s150 = save(store, 150, 1);
    assertThat(store.retain(1, s150, null)).containsExactly(s100);
    assertThat(store.latestValid(warnings::add).orElseThrow().name()).isEqualTo(s150);
    String s160 = save(store, 160, 1);
    assertThat(store.retain(2, s160, null)).isEmpty();
    String s200 = save(store, 200, 1);
    assertThat(store.retain(1, s200, null)).containsExactlyInAnyOrder(damaged, s160, s150);
    assertThat(store.list()).extracting(CheckpointInfo::name).containsExactly(s200);
  }

  @Test
  void retentionLeavesOtherRunsAlone() throws IOException {
    String s10 = save(store, 10, 1);
    CheckpointStore other = new CheckpointStore(temp.toString(), new Configuration());
    String theirs = save(other, 10, 1);
    String theirAttempt = other.begin(15);
    Files.createDirectory(temp.resolve(theirAttempt));
    String s20 = save(store, 20, 1);
    assertThat(store.retain(1, s20, null)).containsExactly(s10);
    assertThat(store.newestOfRun().manifest().name()).isEqualTo(s20);
    assertThat(other.newestOfRun().manifest().name()).isEqualTo(theirs);
    assertThat(temp.resolve(theirAttempt)).exists();
  }

  @Test
  void aRunThatGoesOnOwnsWhatItGoesOnFrom() throws Exception {
    CheckpointStore first = leased();
    String s10 = save(first, 10, 1);
    String s20 = save(first, 20, 1);
    String crashed = first.begin(30);
    Files.createDirectory(temp.resolve(crashed));

    CheckpointStore second = leased();
    second.goOnFrom(second.newest().manifest(), false);
    assertThat(second.newestOfRun().manifest().name()).isEqualTo(s20);
    String late = save(first, 30, 1); // its driver had stood still
    String later = save(first, 40, 1);
    assertThat(second.newestOfRun().manifest().name()).isEqualTo(s20);
    String s25 = save(second, 25, 1);
    assertThat(store.newest().manifest().name()).isEqualTo(s25);
    assertThat(store.newest().manifest().lineage())
        .hasToString(second.read(s25).lineage().run() + ", from " + run(s20) + " at step 20");
    assertThat(second.retain(2, s25, null)).containsExactly(s10);
    String s30 = save(second, 30, 1);
    assertThat(second.retain(2, s30, null)).containsExactlyInAnyOrder(late, crashed, s20);
    assertThat(store.list()).extracting(CheckpointInfo::name).containsExactly(later, s30, s25);

    CheckpointStore third = leased();
    third.goOnFrom(third.newest().manifest(), false);
    String s35 = save(third, 35, 1);
    assertThat(third.read(s35).lineage().ancestors())
        .containsExactly(
            new Lineage.Ancestor(run(s20), 20, false), new Lineage.Ancestor(run(s30), 30, false));
    assertThat(third.retain(1, s35, null)).containsExactlyInAnyOrder(s30, s25);
  }

  @Test
  void laterCheckpointsThatWerePassedOverOnPurposeStay() throws Exception {
    CheckpointStore first = leased();
    String s10 = save(first, 10, 1);
    String s20 = save(first, 20, 1);
    String s30 = save(first, 30, 1);

    CheckpointStore second = leased();
    second.goOnFrom(second.read(s10), true);
    String other20 = save(second, 20, 1);
    String other40 = save(second, 40, 1);
    assertThat(second.retain(1, other40, null)).containsExactlyInAnyOrder(s10, other20);

    CheckpointStore third = leased();
    third.goOnFrom(third.newest().manifest(), false);
    String s50 = save(third, 50, 1);
    assertThat(third.retain(1, s50, null)).containsExactly(other40);
    assertThat(store.list()).extracting(CheckpointInfo::name).containsExactly(s50, s30, s20);
  }

  @Test
  void theRunThatCameLastCounts() throws Exception {
    String old = save(leased(), 100, 1);
    CheckpointStore over = leased(); // starts over
    String s10 = save(over, 10, 1);
    assertThat(store.newest().manifest().name()).isEqualTo(s10);
    String s20 = save(over, 20, 1);
    assertThat(over.retain(1, s20, null)).containsExactly(s10);
    assertThat(temp.resolve(old)).exists();
    Files.delete(temp.resolve(s20).resolve("part-00000-of-00001.safetensors"));
    Newest newest = store.newest();
    assertThat(newest.manifest()).as("another line is no way to go on").isNull();
    assertThat(newest.passed())
        .extracting(Newest.Passed::reason)
        .containsExactly("part-00000-of-00001.safetensors: does not exist");
  }

  private static String run(String name) {
    return name.split("-")[2];
  }

  private CheckpointStore leased() throws InterruptedException {
    String directory = temp.toString();
    Configuration hadoop = new Configuration();
    String run = Lineage.newRun(new SecureRandom());
    LeaseOwner owner = LeaseOwner.here(run, "app", Duration.ofHours(1), Instant.now());
    try (DirectoryLease lease =
        DirectoryLease.take(directory, hadoop, owner, w -> {}, Time.SYSTEM)) {
      return new CheckpointStore(directory, hadoop, lease);
    }
  }

  @Test
  void aFullDiskIsNamedAndLeavesNoCheckpoint() {
    Configuration hadoop = FaultyFileSystem.configuration();
    hadoop.setLong(FaultyFileSystem.FREE_BYTES, 100);
    CheckpointStore full = new CheckpointStore("faulty://" + temp, hadoop);
    full.check();
    String attempt = full.begin(7);
    assertThatThrownBy(() -> full.writePart(attempt, 0, 1, Map.of("a", Tensor.zeros(1000))))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint: part must be written; faulty:%s/%s/part-00000-of-00001.safetensors: No"
                + " space left on device",
            temp, attempt);
    assertThat(temp.resolve(attempt)).isEmptyDirectory();
    assertThat(full.latestValid(warnings::add)).isEmpty();
  }

  @Test
  void aManifestThatCannotBeRenamedIsNoCheckpoint() {
    save(store, 10, 1);
    Configuration hadoop = FaultyFileSystem.configuration();
    hadoop.setBoolean(FaultyFileSystem.NO_RENAME, true);
    CheckpointStore broken = new CheckpointStore("faulty://" + temp, hadoop);
    assertThatThrownBy(() -> save(broken, 20, 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("manifest must be written; faulty:")
        .hasMessageEndingWith("manifest.json: Connection reset");
    assertThat(store.latestValid(warnings::add).orElseThrow().step()).isEqualTo(10);
  }

  @Test
  void objectStoresNeedNoRename() throws IOException {
    Configuration hadoop = FaultyFileSystem.configuration();
    hadoop.setBoolean(FaultyFileSystem.NO_RENAME, true);
    CheckpointStore objects = new CheckpointStore("s3a://" + temp, hadoop);
    objects.check();
    String name = save(objects, 20, 2);
    assertThat(objects.latestValid(warnings::add).orElseThrow().step()).isEqualTo(20);
    try (Stream<Path> files = Files.list(temp.resolve(name))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void publishingReplacesAFileAlsoWhereRenameDoesNot() throws IOException {
    Configuration hadoop = FaultyFileSystem.configuration();
    hadoop.setBoolean(FaultyFileSystem.RENAME_KEEPS_TARGET, true);
    var file = new org.apache.hadoop.fs.Path("faulty://" + temp + "/m.json");
    FileSystem fs = StorageFiles.fileSystem(file, hadoop);
    for (String text : List.of("one", "two")) {
      StorageFiles.publish(fs, file, text.getBytes(StandardCharsets.UTF_8));
      assertThat(temp.resolve("m.json")).hasContent(text);
    }
    assertThat(temp.resolve(".m.json.tmp")).doesNotExist();
  }

  @Test
  void checkNamesDirectoryAndReason() throws IOException {
    store.check();
    assertThat(temp).isEmptyDirectory();

    Configuration hadoop = FaultyFileSystem.configuration();
    hadoop.setBoolean(FaultyFileSystem.READ_ONLY, true);
    assertThatThrownBy(() -> new CheckpointStore("faulty://" + temp, hadoop).check())
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint: directory must be writable; faulty:%s: Permission denied: user=trainer,"
                + " access=WRITE (AccessControlException)",
            temp);

    Path file = Files.writeString(temp.resolve("file"), "x", StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> new CheckpointStore(file.resolve("dir").toString(), new Configuration()).check())
        .hasMessageStartingWith("checkpoint: directory must be writable; file:" + file + "/dir: ");
    assertThatThrownBy(() -> new CheckpointStore("nosuch://x/y", new Configuration()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nosuch");
  }

  @Test
  void keysAreSpreadEvenlyAndTheSameWayAlways() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("a", 10L);
    bytes.put("b", 40L);
    bytes.put("c", 30L);
    bytes.put("d", 10L);
    bytes.put("e", 0L);
    assertThat(ShardAssignment.assign(bytes, 2))
        .containsExactly(List.of("b", "d"), List.of("a", "c", "e"));
    assertThat(ShardAssignment.assign(bytes, 1)).containsExactly(List.copyOf(bytes.keySet()));
    assertThat(ShardAssignment.assign(Map.of("a", 1L), 3))
        .containsExactly(List.of("a"), List.of(), List.of());
    assertThatThrownBy(() -> ShardAssignment.assign(bytes, 0)).hasMessageContaining("got 0");
  }

  @Test
  void noDirectoryMeansNoCheckpoints() {
    CheckpointStore none =
        new CheckpointStore(temp.resolve("none").toString(), new Configuration());
    assertThat(none.list()).isEmpty();
    assertThat(none.latestValid(warnings::add)).isEqualTo(Optional.empty());
  }

  /** A model's state in which the step can be seen. */
  static Map<String, Tensor> state(long step) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("model.fc.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, step}, 2, 3));
    state.put("model.count", Tensor.of(new long[] {step}));
    state.put("optim.fc.weight.momentum", Tensor.zeros(2, 3));
    return state;
  }

  static CheckpointManifest.Builder manifest(long step) {
    return CheckpointManifest.builder()
        .step(step)
        .position(2, 64)
        .run(1, 4, 64)
        .worldSize(2)
        .snapshot("file:/data", "0123456789abcdef0123456789abcdef", 1797)
        .model("Net", CheckpointManifest.hashModel(state(step)))
        .optimizer("SGD", Map.of("step", Long.toString(step)), 1e-3);
  }

  /** Saves a checkpoint as a job with {@code parts} workers does. */
  public static String save(CheckpointStore store, long step, int parts) {
    String attempt = store.begin(step);
    Map<String, Tensor> state = state(step);
    Map<String, Long> bytes = new LinkedHashMap<>();
    state.forEach((key, tensor) -> bytes.put(key, tensor.numel() * tensor.dtype().bytes()));
    List<List<String>> keys = ShardAssignment.assign(bytes, parts);
    List<PartInfo> files = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      Map<String, Tensor> mine = new LinkedHashMap<>();
      keys.get(p).forEach(key -> mine.put(key, state.get(key)));
      files.add(store.writePart(attempt, p, parts, mine));
    }
    store.commit(attempt, manifest(step).files(files).build());
    return attempt;
  }
}
