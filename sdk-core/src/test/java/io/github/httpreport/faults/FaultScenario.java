package io.github.httpreport.faults;

import io.github.httpreport.HttpProxySender;
import java.util.List;

/** Servers of which some are in a bad way, and what they stored. */
interface FaultScenario extends AutoCloseable {

  /** Tells a sender where the servers are. */
  void show(HttpProxySender.Builder builder);

  /** Brings the fault about where that takes a sender that has worked before. */
  default void stage(Traffic traffic) {}

  /** Sends while the fault lasts. */
  default void begin(Traffic traffic) {
    traffic.wave();
  }

  /** Sends while the fault lasts, and on while it goes its way. Not when the sender is closed. */
  default void play(Traffic traffic) {
    begin(traffic);
  }

  /** Whether the fault has been met, as far as the servers can see. */
  default boolean isMet() {
    return true;
  }

  /** What else is to be seen when all is settled. */
  default void check() {}

  /** Every message that was stored, as often as it was. */
  List<String> stored();

  /** How many connections of the sender are open at the servers. */
  long openConnections();

  @Override
  void close();
}
