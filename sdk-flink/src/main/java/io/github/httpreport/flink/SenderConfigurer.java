package io.github.httpreport.flink;

import io.github.httpreport.HttpProxySender;
import java.io.Serializable;

/**
 * A serializable piece of code that changes the settings of a sender: another protocol, a selector,
 * a proxy, a node source. It runs once when the sink is built, so that mistakes are refused there,
 * and once in each subtask.
 */
@FunctionalInterface
public interface SenderConfigurer extends Serializable {

  /**
   * Changes the settings. Called after those of the sink were made, so what it sets wins.
   *
   * <p>It must not set {@code metrics}, {@code buffer} with another {@code WhenFull} than to block,
   * or {@code callbackExecutor}, which the sink needs. A {@code spool} is refused: the disk of a
   * task manager is no acknowledgement.
   *
   * @param builder the settings of one subtask's sender
   */
  void configure(HttpProxySender.Builder builder);
}
