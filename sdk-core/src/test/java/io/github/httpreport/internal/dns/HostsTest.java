package io.github.httpreport.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "fe80::1", "::ffff:10.0.0.1"})
  void isLiteral_address_needsNoLookUp(String host) {
    assertThat(Hosts.isLiteral(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "node-1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.4.",
        "01.2.3.4",
        "10.0.0.1.nip.io",
        "cafe",
        "face.b00c",
        "fe80::1%eth0"
      })
  void isLiteral_name_isLookedUp(String host) {
    assertThat(Hosts.isLiteral(host)).isFalse();
  }
}
