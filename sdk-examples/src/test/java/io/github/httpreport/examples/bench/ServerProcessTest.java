package io.github.httpreport.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerProcessTest {

  @Test
  void stored_afterMessagesWereAcknowledged_countsThem() throws Exception {
    try (ServerProcess server = ServerProcess.start(2);
        ProxySender sender = HttpProxySender.builder().manager(server.managerUrl()).build()) {
      sender.send(List.of("a", "b", "c"), Topic.GROUP, Topic.STREAM);

      assertThat(server.nodes()).hasSize(2);
      assertThat(server.stored()).isEqualTo(3);
    }
  }

  @Test
  void close_runningServer_leavesNoProcess() throws Exception {
    ServerProcess server = ServerProcess.start(1);
    assertThat(server.isAlive()).isTrue();

    server.close();

    assertThat(server.isAlive()).isFalse();
  }
}
