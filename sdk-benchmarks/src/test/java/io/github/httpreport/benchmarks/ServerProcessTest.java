package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerProcessTest {

  @ParameterizedTest
  @EnumSource(ServerKind.class)
  void counts_afterMessagesWereAcknowledged_countsThem(ServerKind kind) throws Exception {
    try (ServerProcess server = ServerProcess.start(kind, 2);
        ProxySender sender = HttpProxySender.builder().manager(server.managerUrl(2)).build()) {
      sender.send(List.of("a", "b", "c"), Topology.group(0), Topology.STREAM);

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

  @ParameterizedTest
  @EnumSource(ServerKind.class)
  void server_endOfItsInput_endsByItself(ServerKind kind) throws Exception {
    Process process = ChildJvm.start(BenchServer.class, List.of(), List.of(kind.name(), "1"));
    try (BufferedReader responses = process.inputReader(UTF_8)) {
      assertThat(responses.readLine()).startsWith("http://127.0.0.1:");

      process.getOutputStream().close();

      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void start_withCertificate_takesReportsOverTlsAndPlainHttpAndLeavesNoFile() throws IOException {
    SelfSignedCertificate certificate = SelfSignedCertificate.create();
    try (ServerProcess server = ServerProcess.start(ServerKind.lean, 3, certificate);
        ProxySender plain = Contestants.sender(Suite.SEND_1, server);
        ProxySender secure = Contestants.sender(Suite.SEND_1.with(Topology.SECURE), server)) {
      plain.send(List.of("a"), Topology.group(0), Topology.STREAM);
      secure.send(List.of("b", "c"), Topology.group(0), Topology.STREAM);

      assertThat(server.counts().messages()).isEqualTo(3);
    }
    assertThat(certificate.directory()).doesNotExist();
  }
}
