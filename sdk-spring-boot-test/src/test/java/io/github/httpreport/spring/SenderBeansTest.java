package io.github.httpreport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.MockProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;

/** Which senders a context has, and where they send. */
class SenderBeansTest {

  private final LocalCluster cluster = LocalCluster.start(1);

  @AfterEach
  void stop() {
    cluster.close();
  }

  private String manager() {
    return "http-report.manager=" + cluster.managerUrl();
  }

  @Test
  void manager_set_makesASenderThatSendsThere() {
    Contexts.runner(manager())
        .run(
            context -> {
              context.getBean(ProxySender.class).send(List.of("a"), "group", "stream");

              assertThat(cluster.stored()).extracting(StoredRecord::body).containsExactly("a");
              assertThat(context.getBean(ProxySender.class))
                  .hasToString("HttpProxySender[http-report]");
            });
  }

  @Test
  void manager_asAYamlListIsBound_makesASender() {
    Contexts.runner("http-report.manager[0]=" + cluster.managerUrl())
        .run(context -> assertThat(context).hasSingleBean(ProxySender.class));
  }

  @Test
  void nothing_set_makesNoSenderAndSaysWhyWhenOneIsNeeded() {
    Contexts.runner()
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ProxySender.class));
  }

  @Test
  void enabled_false_makesNoSender() {
    Contexts.runner(manager(), "http-report.enabled=false", "http-report.senders.a.nodes=n:1")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ProxySender.class));
  }

  @Test
  void ownSender_ofTheApplication_replacesTheDefaultOne() {
    MockProxySender own = new MockProxySender();
    Contexts.runner(manager())
        .withBean("own", ProxySender.class, () -> own)
        .run(context -> assertThat(context.getBean(ProxySender.class)).isSameAs(own));
  }

  /** Injects as an application does. */
  static final class Client {
    final ProxySender standard;
    final ProxySender orders;

    Client(ProxySender standard, @Qualifier("orders") ProxySender orders) {
      this.standard = standard;
      this.orders = orders;
    }
  }

  @Test
  void namedSenders_areInjectedByTheirNames_andInheritNothing() {
    try (LocalCluster other = LocalCluster.start(1)) {
      Contexts.runner(
              manager(),
              "http-report.max-in-flight=3",
              "http-report.senders.orders.manager=" + other.managerUrl(),
              "http-report.senders.audit.nodes=127.0.0.1:1")
          .withBean(Client.class)
          .run(
              context -> {
                Client client = context.getBean(Client.class);
                client.standard.send(List.of("a"), "group", "stream");
                client.orders.send(List.of("b"), "group", "stream");

                assertThat(cluster.stored()).extracting(StoredRecord::body).containsExactly("a");
                assertThat(other.stored()).extracting(StoredRecord::body).containsExactly("b");
                assertThat(client.orders).hasToString("HttpProxySender[orders]");
                assertThat(context.getBeanNamesForType(ProxySender.class))
                    .containsExactlyInAnyOrder("httpReportSender", "ordersSender", "auditSender");
              });
    }
  }

  @Test
  void namedSender_alone_isInjectedByType() {
    Contexts.runner("http-report.senders.orders.manager=" + cluster.managerUrl())
        .run(context -> assertThat(context).hasSingleBean(ProxySender.class));
  }

  @Test
  void customizers_areCalledForEachSender_afterTheProperties() {
    List<String> keys = new ArrayList<>();
    HttpReportSenderCustomizer customizer =
        (sender, builder) -> {
          keys.add(sender);
          builder.name("custom-" + sender);
        };
    Contexts.runner(manager(), "http-report.name=set", "http-report.senders.orders.nodes=n:1")
        .withBean(HttpReportSenderCustomizer.class, () -> customizer)
        .run(
            context -> {
              assertThat(keys).containsExactlyInAnyOrder("default", "orders");
              assertThat(context.getBean("httpReportSender"))
                  .hasToString("HttpProxySender[custom-default]");
            });
  }

  @Test
  void connectionDetails_winOverTheAddressesOfTheProperties() {
    HttpReportConnectionDetails details =
        new HttpReportConnectionDetails() {
          @Override
          public List<String> getManagers() {
            return List.of(cluster.managerUrl());
          }

          @Override
          public boolean appliesTo(String sender) {
            return sender.equals("default");
          }
        };
    Contexts.runner(
            "http-report.nodes=127.0.0.1:1",
            "http-report.credentials.secret-id=a",
            "http-report.credentials.secret-key=b",
            "http-report.senders.other.nodes=127.0.0.1:1")
        .withBean(HttpReportConnectionDetails.class, () -> details)
        .run(
            context -> {
              context.getBean(ProxySender.class).send(List.of("a"), "group", "stream");
              assertThat(cluster.stored()).hasSize(1);
              assertThat(context).hasBean("otherSender");
            });
  }

  @Test
  void connectionDetails_alone_makeASender() {
    HttpReportConnectionDetails details =
        new HttpReportConnectionDetails() {
          @Override
          public List<String> getNodes() {
            return List.of(cluster.node(0).address());
          }
        };
    Contexts.runner()
        .withBean(HttpReportConnectionDetails.class, () -> details)
        .run(
            context -> {
              context.getBean(ProxySender.class).send(List.of("a"), "group", "stream");
              assertThat(cluster.stored()).hasSize(1);
            });
  }

  @Test
  void beans_thatPropertiesName_areUsed() {
    AtomicReference<String> ranOn = new AtomicReference<>();
    Contexts.runner("http-report.node-source=mine", "http-report.callback-executor=pool")
        .withBean(
            "mine",
            NodeSource.class,
            () -> NodeSource.fixed(List.of(Node.parse(cluster.node(0).address()))))
        .withBean(
            "pool",
            java.util.concurrent.Executor.class,
            () ->
                task ->
                    new Thread(
                            () -> {
                              ranOn.set(Thread.currentThread().getName());
                              task.run();
                            },
                            "of-the-application")
                        .start())
        .run(
            context -> {
              context.getBean(ProxySender.class).sendAsync(List.of("a"), "g", "s").join();
              assertThat(cluster.stored()).hasSize(1);
              assertThat(ranOn).hasValue("of-the-application");
            });
  }

  @Test
  void metrics_areBoundToTheRegistry_taggedByTheNameOfTheSender() {
    Contexts.runner(manager(), "http-report.senders.orders.manager=" + cluster.managerUrl())
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              context.getBean("httpReportSender", ProxySender.class).send(List.of("a"), "g", "s");
              context.getBean("ordersSender", ProxySender.class).send(List.of("a", "b"), "g", "s");

              assertThat(sent(context.getBean(MeterRegistry.class), "http-report")).isEqualTo(1);
              assertThat(sent(context.getBean(MeterRegistry.class), "orders")).isEqualTo(2);
            });
  }

  @Test
  void metrics_none_bindsNothing() {
    Contexts.runner(manager(), "http-report.metrics=none")
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(context -> assertThat(context.getBean(MeterRegistry.class).getMeters()).isEmpty());
  }

  private static double sent(MeterRegistry registry, String sender) {
    return registry
        .get("http.report.messages")
        .tags("result", "sent", "sender", sender)
        .counter()
        .count();
  }

  @Test
  void closedContext_closesItsSenders() {
    AtomicReference<HttpProxySender> sender = new AtomicReference<>();
    Contexts.runner(manager()).run(context -> sender.set(context.getBean(HttpProxySender.class)));

    assertThat(sender.get().status().closed()).isTrue();
  }
}
