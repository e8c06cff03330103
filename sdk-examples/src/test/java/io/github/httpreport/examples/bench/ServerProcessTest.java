package io.github.httpreport.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerProcessTest {

  @ParameterizedTest
  @EnumSource(ServerKind.class)
  void counts_afterMessagesWereAcknowledged_countsThem(ServerKind kind) throws Exception {
    try (ServerProcess server = ServerProcess.start(kind, 2);
        ProxySender sender = HttpProxySender.builder().manager(server.managerUrl(2)).build()) {
      sender.send(List.of("a", "b", "c"), Reach.group(0), Reach.STREAM);

      assertThat(server.nodes()).hasSize(2);
      assertThat(server.counts().messages()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(ServerKind.class)
  void close_runningServer_leavesNoProcess(ServerKind kind) throws Exception {
    ServerProcess server = ServerProcess.start(kind, 1);
    assertThat(server.isAlive()).isTrue();

    server.close();

    assertThat(server.isAlive()).isFalse();
  }
}
