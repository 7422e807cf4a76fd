package dev.bellows.comm.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Keys for one purpose each. */
class HkdfTest {
  @Test
  void keysAreThoseOfTheStandard() {
    // RFC 5869, appendix A, cases 1 and 3.
    var secret = HexFormat.of().parseHex("0b".repeat(22));
    assertThat(
            Hkdf.derive(
                secret,
                HexFormat.of().parseHex("000102030405060708090a0b0c"),
                HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9"),
                42))
        .asHexString()
        .isEqualToIgnoringCase(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    assertThat(Hkdf.derive(secret, new byte[0], new byte[0], 42))
        .asHexString()
        .isEqualToIgnoringCase(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    var key = Hkdf.key(secret, "ranks", "job", 3);
    assertThat(key).hasSize(32).isNotEqualTo(Hkdf.key(secret, "ranks", "job", 4));
    assertThat(key).isNotEqualTo(Hkdf.key(secret, "coordinator", "job", 3));
    assertThat(key).isNotEqualTo(Hkdf.key(secret, "ranks", "jobs", 3));
  }
}
