package io.github.httpreport.spring;

import io.github.httpreport.SenderStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** Details of a sender's health, the same for every version of the actuator. */
final class SenderHealth {

  /** The components and the property {@code management.health.http-report.enabled}. */
  static final String NAME = "http-report";

  private SenderHealth() {}

  static Map<String, Object> details(SenderStatus status) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("nodes", numbers("known", status.nodes(), "ejected", status.ejectedNodes()));
    details.put("groups", numbers("inUse", status.groups(), "failing", status.failingGroups()));
    details.put(
        "buffer",
        numbers("usedBytes", status.bufferUsedBytes(), "maxBytes", status.bufferMaxBytes()));
    if (status.hasSpool()) {
      details.put("spool", spool(status));
    }
    details.put("lastSuccess", status.lastSuccess().map(Object::toString).orElse("never"));
    if (status.closed()) {
      details.put("closed", true);
    }
    return details;
  }

  private static Map<String, Object> spool(SenderStatus status) {
    Map<String, Object> spool =
        numbers("usedBytes", status.spoolUsedBytes(), "maxBytes", status.spoolMaxBytes());
    spool.put("messages", status.spoolMessages());
    spool.put("broken", status.spoolBroken());
    spool.put("full", status.spoolFull());
    return spool;
  }

  private static Map<String, Object> numbers(String one, long first, String two, long second) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put(one, first);
    numbers.put(two, second);
    return numbers;
  }
}
