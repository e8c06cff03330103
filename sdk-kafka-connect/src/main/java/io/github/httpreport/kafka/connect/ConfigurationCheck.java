package io.github.httpreport.kafka.connect;

import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.DATA_TIME;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.DATA_TIME_GRANULARITY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.GROUP;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_SECRET_ID;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_SECRET_KEY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MANAGER_URLS;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.MESSAGE_KEY;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.NODES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.PROTOCOL;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.STREAM;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TLS_CLIENT_CERT_FILE;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TLS_CLIENT_CERT_PASSWORD;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TOMBSTONES;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TOMBSTONE_TEXT;
import static io.github.httpreport.kafka.connect.HttpReportSinkConfig.TOPIC_PATTERN;
import static java.util.stream.Collectors.toSet;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.WireProtocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Everything that can be wrong with a configuration, by the name of the option: each value by
 * itself, options that contradict or need each other, names that no option has, and values that the
 * library refuses. Nothing that is found here can be found by the first record.
 *
 * <p>Where values are wrong, the check goes on without them, so that it names all mistakes at once.
 */
final class ConfigurationCheck {

  private static final String TRANSFORMS = "transforms";
  private static final String TOPICS = "topics";
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private final Map<String, ConfigValue> values;
  private final Map<String, String> usable;
  private HttpReportSinkConfig config;

  private ConfigurationCheck(Map<String, String> properties) {
    values = HttpReportSinkConfig.definition().validateAll(properties);
    usable = new HashMap<>(properties);
    values.values().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .forEach(value -> usable.remove(value.name()));
    config = new HttpReportSinkConfig(usable);
  }

  /** Every option, and what is wrong with it; a name that no option has comes as one, too. */
  static List<ConfigValue> of(Map<String, String> properties) {
    ConfigurationCheck check = new ConfigurationCheck(properties);
    check.run();
    return new ArrayList<>(check.values.values());
  }

  /**
   * Refuses a configuration with mistakes.
   *
   * @throws ConnectException if there are any; the text names all of them
   */
  static void require(Map<String, String> properties) {
    String mistakes =
        of(properties).stream()
            .flatMap(value -> value.errorMessages().stream())
            .collect(Collectors.joining("; "));
    if (!mistakes.isEmpty()) {
      throw new ConnectException("the configuration is refused: " + mistakes);
    }
  }

  private void run() {
    checkNames();
    checkServers();
    checkCredentials();
    checkProtocol();
    checkRecords();
    checkByBuilding();
  }

  private void wrong(String option, String why) {
    ConfigValue value = values.computeIfAbsent(option, ConfigValue::new);
    if (value.errorMessages().isEmpty()) {
      value.addErrorMessage(option + ": " + why);
    }
  }

  private boolean isGiven(String option) {
    return usable.containsKey(option);
  }

  /** Whether there is a value, be it a wrong one. */
  private boolean isSet(String option) {
    ConfigValue value = values.get(option);
    boolean isWrong = value != null && !value.errorMessages().isEmpty();
    return isWrong || (config.has(option) && !List.of().equals(config.values().get(option)));
  }

  private boolean isProtocol(String name) {
    return config.text(PROTOCOL).equals(name);
  }

  /** A name in a family of ours that is none of ours is a slip of the pen. */
  private void checkNames() {
    Set<String> known = config.values().keySet();
    Set<String> families = known.stream().map(ConfigurationCheck::family).collect(toSet());
    for (String name : usable.keySet()) {
      if (!known.contains(name) && name.contains(".") && families.contains(family(name))) {
        Set<String> members = new TreeSet<>(known);
        members.removeIf(member -> !family(member).equals(family(name)));
        wrong(name, "there is no such option; there are " + members);
      }
    }
  }

  private static String family(String name) {
    return StringUtils.substringBefore(name, ".");
  }

  private void checkServers() {
    boolean managers = isSet(MANAGER_URLS);
    boolean nodes = isSet(NODES);
    if (isProtocol("inlong")) {
      if (managers == nodes) {
        wrong(
            MANAGER_URLS,
            "exactly one of this and "
                + NODES
                + " is needed, but "
                + (managers ? "both are set" : "none is set"));
      }
    } else if (managers) {
      wrong(MANAGER_URLS, "only " + PROTOCOL + " = inlong has Managers");
    } else if (!nodes && !isProtocol("ckafka")) {
      wrong(NODES, "is needed for " + PROTOCOL + " = " + config.text(PROTOCOL));
    }
  }

  private void checkCredentials() {
    requireBoth(MANAGER_SECRET_ID, MANAGER_SECRET_KEY);
    if (config.has(MANAGER_SECRET_ID) && !isSet(MANAGER_URLS)) {
      wrong(MANAGER_SECRET_ID, "is for a Manager, and " + MANAGER_URLS + " is not set");
    }
    requireBoth(TLS_CLIENT_CERT_FILE, TLS_CLIENT_CERT_PASSWORD);
  }

  private void requireBoth(String one, String other) {
    if (config.has(one) && !config.has(other)) {
      wrong(other, "is needed with " + one);
    } else if (config.has(other) && !config.has(one)) {
      wrong(one, "is needed with " + other);
    }
  }

  private void checkProtocol() {
    Arrays.stream(ProtocolOptions.NAMES)
        .filter(name -> !isProtocol(name))
        .forEach(this::refuseOptionsOf);
    if (isProtocol("memphis")) {
      requireGiven(ProtocolOptions.MEMPHIS_USER);
      if (isSet(ProtocolOptions.MEMPHIS_PASSWORD) == isSet(ProtocolOptions.MEMPHIS_TOKEN)) {
        wrong(
            ProtocolOptions.MEMPHIS_PASSWORD,
            "exactly one of this and " + ProtocolOptions.MEMPHIS_TOKEN + " is needed");
      }
    } else if (isProtocol("ckafka")) {
      requireGiven(ProtocolOptions.CKAFKA_SECRET_ID);
      requireGiven(ProtocolOptions.CKAFKA_SECRET_KEY);
    } else if (isProtocol("ekuiper")
        && isGiven(ProtocolOptions.EKUIPER_ARRAY_OBJECTS)
        && config.text(ProtocolOptions.EKUIPER_FRAMING).equals("single")) {
      wrong(
          ProtocolOptions.EKUIPER_ARRAY_OBJECTS,
          "there is no array with " + ProtocolOptions.EKUIPER_FRAMING + " = single");
    }
  }

  private void refuseOptionsOf(String protocol) {
    usable.keySet().stream()
        .filter(name -> name.startsWith(protocol + '.'))
        .forEach(name -> wrong(name, PROTOCOL + " is " + config.text(PROTOCOL)));
  }

  private void requireGiven(String option) {
    if (!config.has(option)) {
      wrong(option, "is needed for " + PROTOCOL + " = " + config.text(PROTOCOL));
    }
  }

  private void checkRecords() {
    if (isProtocol("inlong")) {
      requireGiven(GROUP);
    }
    if (config.usesRecordKey() && !isProtocol("ckafka")) {
      wrong(MESSAGE_KEY, "only " + PROTOCOL + " = ckafka has a place for keys");
    }
    if (!config.usesRecordTime() && isGiven(DATA_TIME_GRANULARITY)) {
      wrong(DATA_TIME_GRANULARITY, "there is no data time with " + DATA_TIME + " = none");
    }
    boolean sendsText = config.text(TOMBSTONES).equals("text");
    if (sendsText && !config.has(TOMBSTONE_TEXT)) {
      wrong(TOMBSTONE_TEXT, "is needed for " + TOMBSTONES + " = text");
    } else if (!sendsText && config.has(TOMBSTONE_TEXT)) {
      wrong(TOMBSTONE_TEXT, TOMBSTONES + " is " + config.text(TOMBSTONES));
    }
  }

  /** Does what a task does at its start, in steps that do not depend on each other. */
  private void checkByBuilding() {
    HttpProxySender.Builder builder = HttpProxySender.builder();
    attempt(() -> new DestinationRule(config));
    attempt(() -> SenderFactory.retry(config));
    attempt(() -> SenderFactory.setServers(builder, config));
    attempt(() -> SenderFactory.setTls(builder, config));
    attempt(() -> ProtocolOptions.protocol(config));
    if (values.values().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      WireProtocol protocol = ProtocolOptions.protocol(config);
      attempt(() -> checkTopics(protocol));
      attempt(() -> checkTombstone(protocol));
    }
  }

  /** Names a value that the library refuses, and tries the step again without it. */
  private void attempt(Runnable step) {
    boolean again;
    do {
      again = false;
      try {
        step.run();
      } catch (BadOptionException e) {
        wrong(e.option(), e.why());
        again = usable.remove(e.option()) != null;
        config = new HttpReportSinkConfig(usable);
      } catch (MissingOptionException e) {
        // An earlier check has named it.
        return;
      }
    } while (again);
  }

  /** A transformation may give records other topics than those that are listed. */
  private void checkTopics(WireProtocol protocol) {
    String topics = usable.get(TRANSFORMS) == null ? usable.get(TOPICS) : null;
    if (topics != null) {
      DestinationRule destinations = new DestinationRule(config);
      for (String topic : COMMA.split(topics.trim(), 0)) {
        checkTopic(topic, destinations, protocol);
      }
    }
  }

  private void checkTopic(String topic, DestinationRule destinations, WireProtocol protocol) {
    try {
      protocol.validate(destinations.of(topic));
    } catch (ConnectException | IllegalArgumentException e) {
      throw new BadOptionException(
          config.has(TOPIC_PATTERN) ? TOPIC_PATTERN : STREAM,
          "topic " + topic + ": " + e.getMessage());
    }
  }

  private void checkTombstone(WireProtocol protocol) {
    if (config.has(TOMBSTONE_TEXT)) {
      BadOptionException.named(
          TOMBSTONE_TEXT,
          () -> {
            protocol.validate(Message.of(config.text(TOMBSTONE_TEXT)));
            return TOMBSTONE_TEXT;
          });
    }
  }
}
