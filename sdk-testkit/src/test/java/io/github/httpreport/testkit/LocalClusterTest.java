package io.github.httpreport.testkit;

import static io.github.httpreport.testkit.RawConnection.GOOD_BODY;
import static io.github.httpreport.testkit.RawConnection.GOOD_RESPONSE;
import static io.github.httpreport.testkit.RawConnection.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalClusterTest {

  private LocalCluster cluster = LocalCluster.start(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(LocalCluster.Builder builder) {
    cluster.close();
    cluster = builder.start();
  }

  private static String report(LocalNode node, String form) {
    try (RawConnection connection = RawConnection.to(node)) {
      return connection.write(post(form)).read();
    }
  }

  @Test
  void stored_isExactlyWhatTheServerWouldPassOn() {
    report(cluster.node(0), "groupId=g&streamId=s&dt=1700000000001&body=a%0Ab+c%20d&cnt=2");

    StoredRecord stored = cluster.stored().get(0);
    assertThat(stored)
        .isEqualTo(
            new StoredRecord(
                "g", "s", 1_700_000_000_001L, 2, "a\nb c d", cluster.node(0).address()));
    assertThat(stored.messages()).containsExactly("a", "b c d");
    assertThat(stored.toString()).doesNotContain("b c d").contains("7 characters");
    assertThat(cluster.storedCount()).isEqualTo(2);
  }

  @Test
  void stored_badTimeAndCount_areTheTimeOfArrivalAndOne() {
    long before = System.currentTimeMillis();

    report(cluster.node(0), "groupId=g&streamId=s&dt=yesterday&body=a%0Ab&cnt=many");
    report(cluster.node(0), "groupId=g&streamId=s&body=a");

    assertThat(cluster.stored())
        .allSatisfy(
            stored -> {
              assertThat(stored.dataTime()).isBetween(before, System.currentTimeMillis());
              assertThat(stored.count()).isEqualTo(1);
            });
  }

  @Test
  void stored_ambiguousForm_isReadLikeTheRealServerReadsIt() {
    report(cluster.node(0), "groupId=g&streamId=s&body=cut;here&cnt=1");
    report(cluster.node(0), "groupId=g&groupId=h&streamId=s&body=first&body=second");
    report(cluster.node(0), "groupId=g&streamId=s&body=a=b==");
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      String head = "POST /dataproxy/message?groupId=query&streamId=query HTTP/1.1\r\n";
      String form = "groupId=form&body=x";
      String type = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
      connection.write(head + type + form.length() + "\r\n\r\n" + form).read();
    }

    assertThat(cluster.stored())
        .extracting(StoredRecord::groupId, StoredRecord::streamId, StoredRecord::body)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("g", "s", "cut"),
            org.assertj.core.groups.Tuple.tuple("g", "s", "first"),
            org.assertj.core.groups.Tuple.tuple("g", "s", "a=b=="),
            org.assertj.core.groups.Tuple.tuple("form", "query", "x"));
  }

  @Test
  void storedAndNodes_severalNodes_areCountedPerNodeAndTogether() {
    LocalNode first = cluster.node(0);
    LocalNode second = cluster.addNode();

    report(second, GOOD_BODY);
    report(first, GOOD_BODY);
    report(second, GOOD_BODY);

    assertThat(cluster.nodes()).containsExactly(first, second);
    assertThat(cluster.stored())
        .extracting(StoredRecord::node)
        .containsExactly(second.address(), first.address(), second.address());
    assertThat(second.stored()).hasSize(2);
    assertThat(second.requests()).isEqualTo(2);
    assertThat(first.requests()).isEqualTo(1);
  }

  @Test
  void clear_forgetsRecordsAndCount() {
    report(cluster.node(0), GOOD_BODY);

    cluster.clear();

    assertThat(cluster.stored()).isEmpty();
    assertThat(cluster.storedCount()).isZero();
    assertThat(cluster.node(0).requests()).isEqualTo(1);
  }

  @Test
  void onStored_takesRecordsInsteadOfMemory_andTheyAreCounted() {
    List<StoredRecord> taken = Collections.synchronizedList(new ArrayList<>());
    restart(LocalCluster.builder().onStored(taken::add));

    report(cluster.node(0), "groupId=g&streamId=s&body=a%0Ab");

    assertThat(taken).extracting(StoredRecord::body).containsExactly("a\nb");
    assertThat(cluster.stored()).isEmpty();
    assertThat(cluster.storedCount()).isEqualTo(2);
  }

  @Test
  void onStored_throws_isAFullQueueAndNotCounted() {
    restart(
        LocalCluster.builder()
            .onStored(
                stored -> {
                  throw new IllegalStateException("no room");
                }));

    assertThat(report(cluster.node(0), GOOD_BODY)).contains("{\"code\":\"114\"");
    assertThat(cluster.storedCount()).isZero();
  }

  @Test
  void onStored_stopsItsOwnNode_doesNotWaitForItself() {
    CountDownLatch stopped = new CountDownLatch(1);
    restart(
        LocalCluster.builder()
            .onStored(
                stored -> {
                  cluster.node(0).stop();
                  stopped.countDown();
                }));

    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(post(GOOD_BODY));
      await().atMost(Duration.ofSeconds(4)).until(() -> stopped.getCount() == 0);
    }
    assertThat(cluster.storedCount()).isEqualTo(1);
  }

  @Test
  void addTopic_makesAStreamKnown() {
    restart(LocalCluster.builder().topic("g", "other"));
    assertThat(report(cluster.node(0), GOOD_BODY)).contains("{\"code\":\"115\"");

    cluster.addTopic("g", "s");

    assertThat(report(cluster.node(0), GOOD_BODY)).isEqualTo(GOOD_RESPONSE);
  }

  @Test
  void stop_refusesAndCutsConnections_andStartListensOnTheSamePort() {
    LocalNode node = cluster.node(0);
    int port = node.port();
    try (RawConnection connection = RawConnection.to(node)) {
      assertThat(connection.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
      node.stop();
      assertThat(connection.ended()).isTrue();
    }
    assertThat(node.running()).isFalse();
    assertThatThrownBy(() -> RawConnection.to(port)).hasCauseInstanceOf(ConnectException.class);
    assertThat(cluster.nodes()).containsExactly(node);

    node.start();
    node.start();

    assertThat(node.port()).isEqualTo(port);
    assertThat(report(node, GOOD_BODY)).isEqualTo(GOOD_RESPONSE);
    assertThat(node).hasToString("LocalNode[127.0.0.1:" + port + "]");
  }

  @Test
  void managerStop_refuses_andStartListensOnTheSamePort() {
    String url = cluster.managerUrl();
    int port = java.net.URI.create(url).getPort();

    cluster.manager().stop();
    assertThatThrownBy(() -> RawConnection.to(port)).hasCauseInstanceOf(ConnectException.class);
    assertThat(cluster.manager()).hasToString("LocalManager[" + url + ", stopped]");
    cluster.manager().start();

    assertThat(cluster.managerUrl()).isEqualTo(url);
    RawConnection.to(port).close();
  }

  @Test
  void remove_takesTheNodeOffTheList_andItGoesOnServing() {
    LocalNode node = cluster.node(0);

    node.remove();
    node.load(3);

    assertThat(cluster.nodes()).isEmpty();
    assertThat(report(node, GOOD_BODY)).isEqualTo(GOOD_RESPONSE);
  }

  @Test
  void slow_holdsTheAnswerAndNotTheRecord_untilItIsTurnedOff() throws Exception {
    cluster.node(0).slow(Duration.ofHours(1));
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<String> response = executor.submit(() -> report(cluster.node(0), GOOD_BODY));
      await().until(() -> cluster.storedCount() == 1);
      assertThat(response.isDone()).isFalse();

      cluster.node(0).slow(Duration.ZERO);

      assertThat(response.get()).isEqualTo(GOOD_RESPONSE);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void slow_forAWhile_answersThen() {
    cluster.node(0).slow(Duration.ofMillis(50));
    long start = System.nanoTime();

    assertThat(report(cluster.node(0), GOOD_BODY)).isEqualTo(GOOD_RESPONSE);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000L);
  }

  @Test
  void close_whileAnAnswerIsHeld_doesNotWaitForIt() {
    cluster.node(0).slow(Duration.ofHours(1));
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(post(GOOD_BODY));
      await().until(() -> cluster.storedCount() == 1);

      cluster.close();

      assertThat(connection.ended()).as("nothing is answered").isTrue();
      assertNoThreadIsLeft("local-cluster");
    }
  }

  @Test
  void close_manyConnections_leavesNoThreadAndNoPort() {
    restart(LocalCluster.builder().name("leaving").nodes(3));
    List<RawConnection> connections = new ArrayList<>();
    for (LocalNode node : cluster.nodes()) {
      node.script(Fault.noResponse());
      for (int i = 0; i < 5; i++) {
        connections.add(RawConnection.to(node).write(post(GOOD_BODY)));
      }
    }
    await().until(() -> cluster.storedCount() == 12);

    cluster.close();
    cluster.close();

    assertNoThreadIsLeft("leaving");
    for (LocalNode node : cluster.nodes()) {
      assertThatThrownBy(() -> RawConnection.to(node)).hasCauseInstanceOf(ConnectException.class);
    }
    connections.forEach(RawConnection::close);
    assertThatIllegalStateException().isThrownBy(() -> cluster.addNode());
  }

  /** A thread that was joined is gone; one that ended by itself may take its last steps. */
  private static void assertNoThreadIsLeft(String name) {
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(thread -> thread.startsWith(name)));
  }

  @Test
  void threads_areDaemonsNamedAfterTheCluster() {
    restart(LocalCluster.builder().name("named"));
    try (RawConnection connection = RawConnection.to(cluster.node(0))) {
      connection.write(post(GOOD_BODY)).read();

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("named"))
          .hasSize(3)
          .allMatch(Thread::isDaemon)
          .extracting(Thread::getName)
          .contains("named-manager", "named-node-0", "named-node-0-1");
    }
  }

  @Test
  void connections_areCountedAsAcceptedAndAsOpen() {
    LocalNode node = cluster.node(0);
    report(node, GOOD_BODY);
    await().until(() -> node.openConnections() == 0);
    try (RawConnection connection = RawConnection.to(node)) {
      connection.write(post(GOOD_BODY)).read();

      assertThat(node.connections()).isEqualTo(2);
      assertThat(node.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void idleConnection_getsAnAnswerThatNobodyAskedFor_andIsClosed() {
    restart(LocalCluster.builder().idleTimeout(Duration.ofMillis(100)));
    String body = "{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}";
    String idle =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body;

    try (RawConnection used = RawConnection.to(cluster.node(0));
        RawConnection fresh = RawConnection.to(cluster.node(0));
        RawConnection half = RawConnection.to(cluster.node(0))) {
      assertThat(used.write(post(GOOD_BODY)).read()).isEqualTo(GOOD_RESPONSE);
      half.write("POST /dataproxy/message HTTP/1.1\r\n");

      assertThat(used.readAll()).isEqualTo(idle);
      assertThat(fresh.readAll()).isEqualTo(idle);
      assertThat(half.readAll()).isEqualTo(idle);
    }
  }

  @Test
  void builder_ports_areThoseThatWereChosen() {
    int nodePort = cluster.node(0).port();
    String managerUrl = cluster.managerUrl();
    int managerPort = Integer.parseInt(managerUrl.substring(managerUrl.lastIndexOf(':') + 1));

    restart(LocalCluster.builder().firstPort(nodePort).managerPort(managerPort));

    assertThat(cluster.node(0).port()).isEqualTo(nodePort);
    assertThat(cluster.managerUrl()).isEqualTo(managerUrl);
  }

  @Test
  void builder_portsOutOfRange_areRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalCluster.builder().managerPort(65_536))
        .withMessage("managerPort must be from 0 to 65535, but is 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LocalCluster.builder().firstPort(-1))
        .withMessage("firstPort must be from 0 to 65535, but is -1");
  }

  @Test
  void builder_badValue_isRefusedByName() {
    LocalCluster.Builder builder = LocalCluster.builder();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.nodes(-1))
        .withMessageContaining("nodes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxRequestBytes(0))
        .withMessageContaining("maxRequestBytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxConnections(-1))
        .withMessageContaining("maxConnections");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.idleTimeout(Duration.ZERO))
        .withMessageContaining("idleTimeout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.name(" "))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.topic("g", " "))
        .withMessageContaining("streamId");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cluster.node(0).slow(Duration.ofMillis(-1)))
        .withMessageContaining("delay");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cluster.node(0).maxConnections(-1))
        .withMessageContaining("maxConnections");
  }
}
