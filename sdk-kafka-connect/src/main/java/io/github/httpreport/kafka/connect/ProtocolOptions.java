package io.github.httpreport.kafka.connect;

import static io.github.httpreport.kafka.connect.BadOptionException.named;

import io.github.httpreport.ckafka.CkafkaCredentials;
import io.github.httpreport.ckafka.CkafkaProtocol;
import io.github.httpreport.ekuiper.EkuiperProtocol;
import io.github.httpreport.inlong.FormEncoding;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.memphis.MemphisProtocol;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The options of each protocol, named after it, and the protocol that they make. */
final class ProtocolOptions {

  static final String[] NAMES = {"inlong", "ekuiper", "memphis", "ckafka"};

  static final String INLONG_ENCODING = "inlong.form.encoding";
  static final String INLONG_NEWLINES = "inlong.allow.newlines";
  static final String INLONG_UNKNOWN_TOPIC = "inlong.retry.unknown.topic";
  static final String INLONG_MAX_BYTES = "inlong.max.request.bytes";

  static final String EKUIPER_METHOD = "ekuiper.method";
  static final String EKUIPER_PATH = "ekuiper.path";
  static final String EKUIPER_FRAMING = "ekuiper.framing";
  static final String EKUIPER_ARRAY_OBJECTS = "ekuiper.array.max.objects";
  static final String EKUIPER_MAX_BYTES = "ekuiper.max.request.bytes";
  static final String EKUIPER_PATH_DELAY = "ekuiper.unknown.path.delay.ms";

  static final String MEMPHIS_STATION = "memphis.station";
  static final String MEMPHIS_USER = "memphis.user";
  static final String MEMPHIS_PASSWORD = "memphis.password";
  static final String MEMPHIS_TOKEN = "memphis.connection.token";
  static final String MEMPHIS_FRAMING = "memphis.framing";
  static final String MEMPHIS_ACCOUNT = "memphis.account.id";
  static final String MEMPHIS_TOKEN_MINUTES = "memphis.token.lifetime.minutes";
  static final String MEMPHIS_MAX_BYTES = "memphis.max.request.bytes";

  static final String CKAFKA_DATAHUB = "ckafka.datahub.id";
  static final String CKAFKA_SECRET_ID = "ckafka.secret.id";
  static final String CKAFKA_SECRET_KEY = "ckafka.secret.key";
  static final String CKAFKA_SESSION_TOKEN = "ckafka.session.token";
  static final String CKAFKA_REGION = "ckafka.region";
  static final String CKAFKA_ENDPOINT = "ckafka.endpoint";
  static final String CKAFKA_HOST = "ckafka.host";
  static final String CKAFKA_SERVICE = "ckafka.service";
  static final String CKAFKA_PAUSE = "ckafka.refused.pause.ms";

  private ProtocolOptions() {}

  static void define(ConfigDef all) {
    defineInLong(Options.of(all, "InLong"));
    defineEkuiper(Options.of(all, "eKuiper"));
    defineMemphis(Options.of(all, "Memphis"));
    defineCkafka(Options.of(all, "CKafka"));
  }

  private static void defineInLong(Options options) {
    options
        .choice(
            INLONG_ENCODING,
            "standard",
            Importance.LOW,
            "How texts are written into the form: standard escapes, or compact with raw UTF-8.",
            "standard",
            "compact")
        .flag(
            INLONG_NEWLINES,
            false,
            "Whether a text with a newline is sent, which InLong splits in two; else it is refused.")
        .flag(
            INLONG_UNKNOWN_TOPIC,
            false,
            "Whether to try again when a node does not know the group or stream.")
        .integer(
            INLONG_MAX_BYTES,
            524_288,
            1,
            "The largest request in bytes, where the Manager tells no other limit.");
  }

  private static void defineEkuiper(Options options) {
    options
        .choice(EKUIPER_METHOD, "post", Importance.LOW, "The method of requests.", "post", "put")
        .text(
            EKUIPER_PATH,
            null,
            Importance.MEDIUM,
            "The path of the HTTP push source, for example /api/data. Default a slash and the"
                + " stream.")
        .choice(
            EKUIPER_FRAMING,
            "array",
            Importance.LOW,
            "One object in a request (single, all that eKuiper 1.x takes) or an array of objects.",
            "array",
            "single")
        .integer(EKUIPER_ARRAY_OBJECTS, 500, 1, "How many objects an array holds at most.")
        .integer(EKUIPER_MAX_BYTES, 1024 * 1024, 1, "The largest request in bytes.")
        .number(
            EKUIPER_PATH_DELAY,
            5_000L,
            0,
            Importance.LOW,
            "How long until a node is asked again that did not know the path.");
  }

  private static void defineMemphis(Options options) {
    options
        .text(MEMPHIS_STATION, null, Importance.MEDIUM, "The station. Default the stream.")
        .text(MEMPHIS_USER, null, Importance.MEDIUM, "The user; needed for memphis.")
        .secret(
            MEMPHIS_PASSWORD,
            Importance.MEDIUM,
            "The password of the user. Exactly one of this and memphis.connection.token is needed.")
        .secret(MEMPHIS_TOKEN, Importance.LOW, "The connection token of the user.")
        .choice(
            MEMPHIS_FRAMING,
            "single",
            Importance.LOW,
            "One message in a request, or a JSON array of objects, which the server writes anew.",
            "single",
            "batch")
        .integer(MEMPHIS_ACCOUNT, null, 1, "The account of the user. Default the gateway's, 1.")
        .integer(
            MEMPHIS_TOKEN_MINUTES,
            null,
            1,
            "How long a token of the gateway lasts. Default the gateway's, 15 minutes.")
        .integer(MEMPHIS_MAX_BYTES, 1_040_384, 1, "The largest request in bytes.");
  }

  private static void defineCkafka(Options options) {
    options
        .text(CKAFKA_DATAHUB, null, Importance.MEDIUM, "The id of the DataHub. Default the stream.")
        .text(CKAFKA_SECRET_ID, null, Importance.MEDIUM, "The secret id; needed for ckafka.")
        .secret(CKAFKA_SECRET_KEY, Importance.MEDIUM, "The secret key; needed for ckafka.")
        .secret(CKAFKA_SESSION_TOKEN, Importance.LOW, "The token of temporary credentials.")
        .text(CKAFKA_REGION, null, Importance.LOW, "The region, for example ap-guangzhou.")
        .text(
            CKAFKA_ENDPOINT,
            null,
            Importance.LOW,
            "The URL of the API. Default https://ckafka.tencentcloudapi.com.")
        .text(
            CKAFKA_HOST,
            null,
            Importance.LOW,
            "The host that requests are signed for at a gateway.")
        .text(CKAFKA_SERVICE, null, Importance.LOW, "The service that requests are signed for.")
        .number(
            CKAFKA_PAUSE,
            30_000L,
            0,
            Importance.LOW,
            "How long to wait where the task is paused or a limit of the account is reached.");
  }

  /** The protocol that a configuration without contradictions names. */
  static WireProtocol protocol(HttpReportSinkConfig config) {
    return switch (config.text(HttpReportSinkConfig.PROTOCOL)) {
      case "ekuiper" -> ekuiper(config);
      case "memphis" -> memphis(config);
      case "ckafka" -> ckafka(config);
      default -> inLong(config);
    };
  }

  private static WireProtocol inLong(HttpReportSinkConfig config) {
    return InLongProtocol.builder()
        .encoding(FormEncoding.valueOf(config.text(INLONG_ENCODING).toUpperCase(Locale.ROOT)))
        .allowNewlines(config.getBoolean(INLONG_NEWLINES))
        .retryUnknownTopic(config.getBoolean(INLONG_UNKNOWN_TOPIC))
        .maxRequestBytes(config.getInt(INLONG_MAX_BYTES))
        .build();
  }

  private static WireProtocol ekuiper(HttpReportSinkConfig config) {
    EkuiperProtocol.Builder protocol =
        EkuiperProtocol.builder().maxRequestBytes(config.getInt(EKUIPER_MAX_BYTES));
    if (config.text(EKUIPER_METHOD).equals("put")) {
      protocol.put();
    }
    String path = config.textOrNull(EKUIPER_PATH);
    if (path != null) {
      named(EKUIPER_PATH, () -> protocol.path(path));
    }
    if (config.text(EKUIPER_FRAMING).equals("single")) {
      protocol.single();
    } else {
      protocol.arrays(config.getInt(EKUIPER_ARRAY_OBJECTS));
    }
    return named(
            EKUIPER_PATH_DELAY, () -> protocol.unknownPathDelay(config.millis(EKUIPER_PATH_DELAY)))
        .build();
  }

  private static WireProtocol memphis(HttpReportSinkConfig config) {
    MemphisProtocol.Builder protocol =
        memphisLogin(config).maxRequestBytes(config.getInt(MEMPHIS_MAX_BYTES));
    String station = config.textOrNull(MEMPHIS_STATION);
    if (station != null) {
      named(MEMPHIS_STATION, () -> protocol.station(station));
    }
    if (config.has(MEMPHIS_ACCOUNT)) {
      protocol.accountId(config.getInt(MEMPHIS_ACCOUNT));
    }
    if (config.has(MEMPHIS_TOKEN_MINUTES)) {
      Duration lifetime = Duration.ofMinutes(config.getInt(MEMPHIS_TOKEN_MINUTES));
      named(MEMPHIS_TOKEN_MINUTES, () -> protocol.tokenLifetime(lifetime));
    }
    return config.text(MEMPHIS_FRAMING).equals("batch")
        ? protocol.batch().build()
        : protocol.build();
  }

  private static MemphisProtocol.Builder memphisLogin(HttpReportSinkConfig config) {
    MemphisProtocol.Builder protocol = MemphisProtocol.builder();
    String user = config.text(MEMPHIS_USER);
    String secret = config.secret(config.has(MEMPHIS_PASSWORD) ? MEMPHIS_PASSWORD : MEMPHIS_TOKEN);
    return config.has(MEMPHIS_PASSWORD)
        ? protocol.user(user, () -> secret)
        : protocol.connectionToken(user, () -> secret);
  }

  private static WireProtocol ckafka(HttpReportSinkConfig config) {
    CkafkaProtocol.Builder protocol =
        CkafkaProtocol.builder().credentials(ckafkaCredentials(config));
    set(config, CKAFKA_DATAHUB, protocol::dataHub);
    set(config, CKAFKA_REGION, protocol::region);
    set(config, CKAFKA_ENDPOINT, protocol::endpoint);
    set(config, CKAFKA_HOST, protocol::host);
    set(config, CKAFKA_SERVICE, protocol::service);
    return named(CKAFKA_PAUSE, () -> protocol.pauseWhenRefused(config.millis(CKAFKA_PAUSE)))
        .build();
  }

  private static void set(
      HttpReportSinkConfig config, String option, Function<String, CkafkaProtocol.Builder> setter) {
    if (config.has(option)) {
      named(option, () -> setter.apply(config.text(option)));
    }
  }

  private static CkafkaCredentials ckafkaCredentials(HttpReportSinkConfig config) {
    String id = config.text(CKAFKA_SECRET_ID);
    String key = config.secret(CKAFKA_SECRET_KEY);
    CkafkaCredentials permanent = named(CKAFKA_SECRET_ID, () -> CkafkaCredentials.of(id, key));
    return config.has(CKAFKA_SESSION_TOKEN)
        ? named(
            CKAFKA_SESSION_TOKEN,
            () -> CkafkaCredentials.temporary(id, key, config.secret(CKAFKA_SESSION_TOKEN)))
        : permanent;
  }
}
