package io.github.httpreport.flink;

import java.util.List;

/** The threads of the senders of sinks in this process. */
final class SenderThreads {

  private SenderThreads() {}

  static List<Thread> all() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("http-report-flink-"))
        .filter(Thread::isAlive)
        .toList();
  }
}
