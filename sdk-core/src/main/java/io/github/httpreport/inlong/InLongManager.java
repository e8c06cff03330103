package io.github.httpreport.inlong;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.common.Checks;
import io.github.httpreport.common.PercentEncoding;
import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.protocol.support.Utf8;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks InLong Managers for the DataProxy nodes of a group. Several Managers are asked in turn,
 * beginning with the one that answered last, until one answers. Safe for use by many threads; never
 * blocks.
 */
public final class InLongManager implements NodeSource {

  private static final Logger LOG = LoggerFactory.getLogger(InLongManager.class);

  private static final String REFUSED_CHARACTERS = ";/\\";

  private final List<ManagerUrl> managers;
  private final @Nullable Supplier<Credentials> credentials;
  private final Duration refreshInterval;
  private final @Nullable String clusterName;
  private final AtomicInteger lastResponded = new AtomicInteger();
  private final ConcurrentMap<String, Integer> unusableNodes = new ConcurrentHashMap<>();

  private InLongManager(Builder builder) {
    managers = builder.managers;
    credentials = builder.credentials;
    refreshInterval = builder.refreshInterval;
    clusterName = builder.clusterName;
  }

  /**
   * Managers without authentication, with the defaults that {@link Builder} names.
   *
   * @param managerUrls at least one, as for {@link #builder}
   * @return the source
   * @throws IllegalArgumentException if there is none, or one is no Manager URL; the text names it
   */
  public static InLongManager of(String... managerUrls) {
    return builder(managerUrls).build();
  }

  /**
   * Starts from the defaults.
   *
   * @param managerUrls at least one, like {@code http://manager:8083}. Without a port it is 80, or
   *     443 for https. A path is what a gateway puts before {@code /inlong/manager}
   * @return a new builder
   * @throws IllegalArgumentException if there is none, or one is no Manager URL; the text names it
   */
  public static Builder builder(String... managerUrls) {
    return new Builder(managerUrls);
  }

  /**
   * Asks for the HTTP nodes of a group.
   *
   * <p>Fails with {@link Kind#REFUSED} and the Manager's own text when a Manager says that it has
   * none to give, and without asking when no Manager takes the groupId: one that is not plain
   * ASCII, or holds {@code ;}, {@code /}, {@code \} or a control character. Fails with {@link
   * Kind#UNAUTHENTICATED} when it does not take the credentials, and with {@link Kind#UNAVAILABLE}
   * when no Manager gave a readable response.
   */
  @Override
  public CompletionStage<NodeList> fetch(String groupId, Exchange exchange) {
    try {
      ManagerRequest question = new ManagerRequest(pathFor(groupId), currentCredentials());
      return new ManagerRound(managers, lastResponded, question, exchange)
          .ask()
          .thenApply(response -> usable(groupId, response));
    } catch (NodeSourceException cannotAsk) {
      return CompletableFuture.failedFuture(cannotAsk);
    }
  }

  private String pathFor(String groupId) throws NodeSourceException {
    try {
      return clusterName == null
          ? "/openapi/dataproxy/getIpList/" + pathSegment(groupId, "groupId")
          : "/openapi/dataproxy/getIpListByClusterName/" + pathSegment(clusterName, "clusterName");
    } catch (IllegalArgumentException noPathSegment) {
      throw new NodeSourceException(
          Kind.REFUSED, "no Manager can be asked: " + noPathSegment.getMessage(), noPathSegment);
    }
  }

  private @Nullable Credentials currentCredentials() throws NodeSourceException {
    try {
      return credentials == null ? null : requireNonNull(credentials.get(), "credentials");
    } catch (RuntimeException noCredentials) {
      throw new NodeSourceException(
          Kind.UNAUTHENTICATED, "the supplier of the Manager's credentials failed", noCredentials);
    }
  }

  private NodeList usable(String groupId, ManagerResponse response) {
    int unusable = response.unusable();
    Integer before =
        unusable == 0 ? unusableNodes.remove(groupId) : unusableNodes.put(groupId, unusable);
    if (unusable > 0 && !Objects.equals(before, unusable)) {
      LOG.warn(
          "The Manager lists nodes of group {} without a usable ip and port, left out here: {}",
          Printable.escaped(groupId),
          unusable);
    } else if (unusable == 0 && before != null) {
      LOG.info("All nodes of group {} have a usable address again", Printable.escaped(groupId));
    }
    return response.nodes();
  }

  /** Escaped whole, so that an id can neither leave its path nor add a query. */
  private static String pathSegment(String id, String name) {
    // Servers resolve these, escaped or not.
    if (id.equals(".") || id.equals("..")) {
      throw new IllegalArgumentException(name + " \"" + id + "\" cannot stand in a path");
    }
    Utf8.check(name, id);
    checkCharacters(id, name);
    return PercentEncoding.segment(id);
  }

  /** A Manager refuses these with HTTP 400, escaped or not, and gives no reason. */
  private static void checkCharacters(String id, String name) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < ' ' || c > '~' || REFUSED_CHARACTERS.indexOf(c) >= 0) {
        throw new IllegalArgumentException(
            name
                + ' '
                + Printable.quoted(id)
                + " has a character at index "
                + i
                + " that no Manager takes: it takes ASCII without control characters, ; / and \\");
      }
    }
  }

  @Override
  public Optional<Duration> refreshInterval() {
    return Optional.of(refreshInterval);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "InLongManager" + managers;
  }

  /** Collects the settings of the source; not safe for use by several threads. */
  public static final class Builder {
    private final List<ManagerUrl> managers;
    private @Nullable Supplier<Credentials> credentials;
    private Duration refreshInterval = Duration.ofSeconds(60);
    private @Nullable String clusterName;

    private Builder(String... managerUrls) {
      if (managerUrls.length == 0) {
        throw new IllegalArgumentException("there must be at least one Manager URL");
      }
      managers = Arrays.stream(managerUrls).map(ManagerUrl::parse).distinct().toList();
    }

    /**
     * What to log in with. Default none: Managers ask for it only when their authentication is on.
     *
     * @param secretId names the user; not blank, without a colon
     * @param secretKey proves it; not blank
     * @return this builder
     * @throws IllegalArgumentException if one is blank or the id holds a colon
     */
    public Builder credentials(String secretId, String secretKey) {
      Credentials fixed = Credentials.of(secretId, secretKey);
      return credentials(() -> fixed);
    }

    /**
     * What to log in with when it changes while the sender runs.
     *
     * @param value asked before each question, from any thread; must not block
     * @return this builder
     */
    public Builder credentials(Supplier<Credentials> value) {
      credentials = requireNonNull(value, "credentials");
      return this;
    }

    /**
     * How long a list is good. Default 60 s.
     *
     * @param value more than zero and at most 365 days
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder refreshInterval(Duration value) {
      refreshInterval = Checks.positive(value, "refreshInterval");
      return this;
    }

    /**
     * Asks for the nodes of this cluster, whatever the group, instead of those of the group. Unlike
     * the list of a group, it leaves out nodes that a Manager has not heard of for a while.
     *
     * @param value the name of the cluster
     * @return this builder
     * @throws IllegalArgumentException if it is blank or cannot stand in a path
     */
    public Builder clusterName(String value) {
      pathSegment(Checks.text(value, "clusterName"), "clusterName");
      clusterName = value;
      return this;
    }

    /**
     * The source.
     *
     * @return a new source
     */
    public InLongManager build() {
      return new InLongManager(this);
    }
  }

  /** Credentials for a Manager whose authentication is switched on. Immutable. */
  public static final class Credentials {

    private static final String HIDDEN = "***";

    private final String secretId;
    private final String secretKey;

    private Credentials(String secretId, String secretKey) {
      this.secretId = secretId;
      this.secretKey = secretKey;
    }

    /**
     * Credentials of a user.
     *
     * @param secretId names the user; not blank, without a colon
     * @param secretKey proves it; not blank
     * @return the credentials
     * @throws IllegalArgumentException if one is null or blank, or the id holds a colon; the text
     *     names which and not its value
     */
    public static Credentials of(String secretId, String secretKey) {
      if (Checks.text(secretId, "secretId").indexOf(':') >= 0) {
        throw new IllegalArgumentException("secretId must not hold a colon");
      }
      return new Credentials(secretId, Checks.text(secretKey, "secretKey"));
    }

    /**
     * Names the user.
     *
     * @return not blank, without a colon
     */
    public String secretId() {
      return secretId;
    }

    String authorization() {
      return "Basic " + token();
    }

    private String token() {
      byte[] pair = (secretId + ':' + secretKey).getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(pair);
    }

    /** The text without the secret, whether as it is or as it is sent. */
    String hiddenIn(String text) {
      return text.replace(token(), HIDDEN).replace(secretKey, HIDDEN);
    }

    /** Shows the id only. */
    @Override
    public String toString() {
      return "Credentials[" + secretId + ']';
    }
  }
}
