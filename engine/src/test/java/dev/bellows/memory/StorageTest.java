package dev.bellows.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class StorageTest {
  @Test
  void theLastReleaseGivesTheMemoryBack() {
    long before = MemoryPool.cpu().usedBytes();
    Storage storage = Storage.allocate(1000);
    assertThat(storage.bytes()).isEqualTo(1000);
    assertThat(storage.address() % 64).isZero();
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(before + 1024);
    storage.retain();
    storage.release();
    assertThat(storage.isLive()).isTrue();
    storage.release();
    assertThat(storage.isLive()).isFalse();
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(before);
  }

  @Test
  void useAfterReleaseIsNoticed() {
    long before = MemoryPool.cpu().usedBytes();
    Storage storage = Storage.allocate(8);
    storage.release();
    assertThatThrownBy(storage::address)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("storage: must be live; it was released");
    assertThatThrownBy(storage::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("release: storage must be live; it was released before");
    assertThatThrownBy(storage::retain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("retain: storage must be live; it was released before");
    assertThat(storage.isLive()).isFalse();
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(before);
  }

  @Test
  void assertionsNoticeWhatIsWrittenBehindTheEnd() {
    Storage storage = Storage.allocate(1000);
    Memory.putByte(storage.address() + 999, (byte) 1);
    Memory.putByte(storage.address() + 1000, (byte) 1);
    assertThatThrownBy(storage::release)
        .isInstanceOf(AssertionError.class)
        .hasMessage("release: a kernel wrote behind the end of 1000 bytes");
  }

  @Test
  void misuseLeavesTheStorageDead() {
    Storage storage = Storage.allocate(8);
    storage.release();
    assertThatThrownBy(storage::retain).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(storage::retain).isInstanceOf(IllegalStateException.class);
    assertThat(storage.isLive()).isFalse();
  }

  @Test
  void versionsCountChanges() {
    Storage storage = Storage.allocate(8);
    assertThat(storage.version()).isZero();
    storage.bumpVersion();
    assertThat(storage.version()).isEqualTo(1);
    storage.release();
  }

  @Test
  void wrapsDirectBuffers() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
    buffer.putFloat(8, 2.5f);
    buffer.position(8);
    long before = MemoryPool.cpu().usedBytes();
    Storage storage = Storage.wrap(buffer);
    assertThat(storage.bytes()).isEqualTo(56);
    assertThat(Memory.getFloat(storage.address())).isEqualTo(2.5f);
    assertThat(storage.isReadOnly()).isFalse();
    storage.release();
    Storage fixed = Storage.wrap(buffer.asReadOnlyBuffer());
    assertThat(fixed.isReadOnly()).isTrue();
    fixed.release();
    Storage own = Storage.allocate(8);
    assertThat(own.isReadOnly()).isFalse();
    own.release();
    assertThat(MemoryPool.cpu().usedBytes()).isEqualTo(before);
    assertThatThrownBy(() -> Storage.wrap(ByteBuffer.allocate(8)))
        .hasMessage("wrap: buffer must be direct; got a heap buffer");
  }
}
