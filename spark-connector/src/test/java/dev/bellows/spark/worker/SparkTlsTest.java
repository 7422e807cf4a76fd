package dev.bellows.spark.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.comm.group.Certificates;
import dev.bellows.spark.BellowsException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SSLOptions;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** Spark's settings for TLS. */
@Timeout(60)
class SparkTlsTest {
  private static final String PREFIX = "spark.ssl.bellows";
  @TempDir static Path directory;
  private static Certificates keys;

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = Certificates.make(directory, "keys");
  }

  private static SparkConf conf() {
    return new SparkConf(false).set(PREFIX + ".enabled", "true");
  }

  private static SSLOptions parse(SparkConf conf) {
    return SSLOptions.parse(conf, new Configuration(false), PREFIX, Option.empty());
  }

  @Test
  void keyStores() {
    var conf =
        conf()
            .set(PREFIX + ".keyStore", keys.store().toString())
            .set(PREFIX + ".keyStorePassword", Certificates.PASSWORD)
            .set(PREFIX + ".trustStore", keys.store().toString())
            .set(PREFIX + ".trustStorePassword", Certificates.PASSWORD);
    assertThat(SparkTls.of(parse(conf), PREFIX)).isNotNull();
    assertThatThrownBy(
            () -> SparkTls.of(parse(conf.set(PREFIX + ".keyStorePassword", "wrong")), PREFIX))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("spark.ssl.bellows: tls: keys and certificates must be whole");
  }

  @Test
  void pemFiles() {
    var conf =
        conf()
            .set(PREFIX + ".privateKey", keys.key().toString())
            .set(PREFIX + ".certChain", keys.certificate().toString())
            .set(PREFIX + ".trustStore", keys.certificate().toString());
    assertThat(SparkTls.of(parse(conf), PREFIX)).isNotNull();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> SparkTls.of(parse(conf()), PREFIX))
        .hasMessage("tls: spark.ssl.bellows.trustStore must be set; got nothing");
    var trusting = conf().set(PREFIX + ".trustStore", keys.store().toString());
    assertThatThrownBy(() -> SparkTls.of(parse(trusting), PREFIX))
        .hasMessage("tls: spark.ssl.bellows.keyStore must be set; got nothing");
  }
}
