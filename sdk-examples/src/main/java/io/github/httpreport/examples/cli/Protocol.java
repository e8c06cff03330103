package io.github.httpreport.examples.cli;

import java.util.Locale;

/** The servers that have a name on the command line. */
enum Protocol {
  INLONG,
  EKUIPER,
  MEMPHIS,
  CKAFKA;

  /** Starts servers of this kind in this process. */
  DemoServers startServers(int count, DemoServers.Listener listener) {
    return switch (this) {
      case INLONG -> new InLongServers(count, listener);
      case EKUIPER -> new EkuiperServers(count, listener);
      case MEMPHIS -> new MemphisServers(count, listener);
      case CKAFKA -> new CkafkaServers(count, listener);
    };
  }

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
