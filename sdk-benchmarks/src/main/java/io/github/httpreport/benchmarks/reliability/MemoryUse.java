package io.github.httpreport.benchmarks.reliability;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.Message;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SendResult;
import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.testkit.LocalCluster;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** A kind of use, by the cost of the messages of a full buffer, apart from their bytes. */
enum MemoryUse {
  SHARED_BATCH("enqueue, shared batches, 1 KiB") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(body(number, KIBIBYTE), GROUP, STREAM);
    }
  },
  TINY("enqueue, shared batches, tiny") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(body(number, TINY_LENGTH), GROUP, STREAM);
    }
  },
  OWN_DATA_TIME("enqueue, each its own data time") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(
          body(number, TINY_LENGTH), GROUP, STREAM, Instant.ofEpochMilli(FIRST_TIME + number));
    }
  },
  OWN_STREAM("enqueue, each its own stream") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(body(number, TINY_LENGTH), GROUP, STREAM + number);
    }
  },
  OWN_GROUP("enqueue, each its own group") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(body(number, TINY_LENGTH), GROUP + number, STREAM);
    }
  },
  OWN_STREAM_WIDE("enqueue, each its own stream, wide text") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue("中" + body(number, KIBIBYTE), GROUP, STREAM + number);
    }
  },
  CHINESE("enqueue, Chinese text") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(number + "中文日志".repeat(CHINESE_TIMES), GROUP, STREAM);
    }
  },
  LARGE("enqueue, 200 KB") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.enqueue(body(number, LARGE_LENGTH), GROUP, STREAM);
    }
  },
  KEYS("enqueue, keys, CKafka") {
    @Override
    void settings(HttpProxySender.Builder sender, LocalCluster cluster) {
      sender.nodes(cluster.nodes().get(0).address());
      sender.protocol(CkafkaProtocol.dataHub(HUB, CkafkaCredentials.of("id", "key")));
    }

    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      Message message = Message.keyed(body(number, TINY_LENGTH), "key-" + number);
      return sender.enqueue(message, new Destination(GROUP, STREAM));
    }
  },
  REQUEST_OF_ONE("sendAsync, 1 tiny message") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.sendAsync(List.of(body(number, TINY_LENGTH)), GROUP, STREAM);
    }
  },
  REQUEST_OF_100("sendAsync, 100 tiny messages") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.sendAsync(bodies(number, TINY_LENGTH), GROUP, STREAM);
    }
  },
  LARGE_REQUEST("sendAsync, 100 messages of 1 KiB") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.sendAsync(bodies(number, KIBIBYTE), GROUP, STREAM);
    }
  },
  OWN_GROUP_REQUEST("sendAsync, each its own group") {
    @Override
    CompletableFuture<SendResult> offer(ProxySender sender, long number) {
      return sender.sendAsync(List.of(body(number, TINY_LENGTH)), GROUP + number, STREAM);
    }
  };

  private static final String GROUP = "memory";
  private static final String STREAM = "lines";
  private static final String HUB = "datahub-memory";
  private static final long FIRST_TIME = 1_700_000_000_000L;
  private static final int TINY_LENGTH = 10;
  private static final int KIBIBYTE = 1024;
  private static final int LARGE_LENGTH = 200_000;
  private static final int CHINESE_TIMES = 100;
  private static final int REQUEST_MESSAGES = 100;

  private final String label;

  MemoryUse(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Sets where the messages go. */
  void settings(HttpProxySender.Builder sender, LocalCluster cluster) {
    sender.manager(cluster.managerUrl());
  }

  /** Makes one call, with new objects as an application makes them. */
  abstract CompletableFuture<SendResult> offer(ProxySender sender, long number);

  private static String body(long number, int length) {
    String digits = Long.toString(number);
    return digits + "x".repeat(Math.max(0, length - digits.length()));
  }

  private static List<String> bodies(long number, int length) {
    long first = number * REQUEST_MESSAGES;
    return LongStream.range(first, first + REQUEST_MESSAGES)
        .mapToObj(each -> body(each, length))
        .toList();
  }
}
