package dev.bellows.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.spark.EvaluatedWith;
import dev.bellows.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that checkpoints of earlier releases still load; the files are never regenerated. */
@Timeout(30)
class OldCheckpointsTest {
  /** Made by {@code CheckpointStoreTest.save(store, 120, 2)}. */
  @Test
  void version1() throws URISyntaxException {
    Path directory = Path.of(OldCheckpointsTest.class.getResource("v1").toURI());
    CheckpointStore store = new CheckpointStore(directory.toString(), new Configuration());
    List<String> warnings = new ArrayList<>();
    CheckpointManifest manifest = store.latestValid(warnings::add).orElseThrow();
    assertThat(warnings).isEmpty();
    assertThat(manifest.step()).isEqualTo(120);
    assertThat(manifest.epoch()).isEqualTo(2);
    assertThat(manifest.cursor()).isEqualTo(64);
    assertThat(manifest.seed()).isEqualTo(1);
    assertThat(manifest.shards()).isEqualTo(4);
    assertThat(manifest.globalBatch()).isEqualTo(64);
    assertThat(manifest.worldSize()).isEqualTo(2);
    assertThat(manifest.rows()).isEqualTo(1797);
    assertThat(manifest.snapshotFingerprint()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(manifest.modelHash())
        .isEqualTo(CheckpointManifest.hashModel(CheckpointStoreTest.state(0)));
    assertThat(manifest.optimizer()).isEqualTo("SGD");
    assertThat(manifest.optimizerValues()).containsExactly(Map.entry("step", "120"));
    assertThat(manifest.lr()).isEqualTo(1e-3);
    assertThat(manifest.evaluatedWith()).isEqualTo(EvaluatedWith.UNKNOWN);

    Map<String, Tensor> tensors = store.load(manifest);
    assertThat(tensors.keySet())
        .containsExactlyInAnyOrder("model.fc.weight", "model.count", "optim.fc.weight.momentum");
    assertThat(tensors.get("model.fc.weight").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 120);
    assertThat(tensors.get("model.count").toLongArray()).containsExactly(120);
    assertThat(tensors.get("model.count").dtype()).isEqualTo(DType.INT64);
  }
}
