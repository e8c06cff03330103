package io.github.httpreport.examples.cli;

import io.github.httpreport.HttpProxySender;
import java.util.List;

/** Servers of one kind in this process, for a demonstration. Safe for use by many threads. */
interface DemoServers extends AutoCloseable {

  /** Called for stored lines, on a thread of the server, before it responds. */
  interface Listener {

    /**
     * A line was stored.
     *
     * @param server the address of the one that stored it
     */
    void stored(String server, String line);
  }

  /** Lets a sender report to them. */
  HttpProxySender.Builder applyTo(HttpProxySender.Builder sender);

  /** Where they listen, as {@code host:port}. */
  List<String> addresses();

  /** Ends one of them: from now on connections to it are refused. */
  void stop(int index);

  /** What the server is sent for a line, where it does not take any text. */
  default String bodyOf(String line) {
    return line;
  }

  @Override
  void close();
}
