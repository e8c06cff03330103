package io.github.httpreport.examples.doctor;

import io.github.httpreport.ProxySender;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Origin;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Examines the way of a message from here to the servers. It asks what a sender asks, in the same
 * order and with the same settings. Nodes are examined by at most 16 threads at a time, which end
 * with the examination; all other steps run on the calling thread, and every step has a time limit.
 */
public final class Doctor {

  private static final int MAX_THREADS = 16;

  /** Scheme, host and port; the sender's own check came first. */
  private static final Pattern MANAGER_URL =
      Pattern.compile(
          "^(?<scheme>https?)://(?<host>\\[[^]]+]|[^:/]+)(?<port>:[0-9]+)?",
          Pattern.CASE_INSENSITIVE);

  private final Target target;
  private final ClockReadings exchange;
  private final NetworkChecks network;
  private final Supplier<ProxySender> senders;

  /**
   * A doctor for one examination.
   *
   * @param target what to examine
   * @param way how to get there
   * @param senders makes the sender that sends the message
   * @param clock the clock of this machine
   */
  public Doctor(Target target, Network way, Supplier<ProxySender> senders, Clock clock) {
    this.target = target;
    this.senders = senders;
    exchange = new ClockReadings(way.exchange(), clock);
    network = new NetworkChecks(way, clock);
  }

  /**
   * Examines everything.
   *
   * @return the findings, in the order in which a sender meets the steps
   */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    Optional<NodeList> list = nodes(findings);
    list.ifPresent(nodes -> findings.addAll(examined(nodes.nodes())));
    String subject = "Messages to " + target.destination();
    list.ifPresent(
        nodes -> findings.add(new SizeLimits(target).check(subject, nodes.maxRequestBytes())));
    target
        .message()
        .ifPresent(
            message ->
                findings.add(new SendCheck(senders).check(subject, target.destination(), message)));
    return findings;
  }

  private Optional<NodeList> nodes(List<Finding> findings) {
    if (!target.managers().isEmpty()) {
      return nodesOfManagers(findings);
    }
    return target.nodes().isEmpty() ? nodesOfProtocol() : Optional.of(NodeList.of(target.nodes()));
  }

  private Optional<NodeList> nodesOfProtocol() {
    return target.protocol().defaultNodes().map(source -> join(source, exchange));
  }

  /** The source of a protocol asks no server. */
  private NodeList join(NodeSource source, Exchange by) {
    return source.fetch(target.destination().groupId(), by).toCompletableFuture().join();
  }

  private Optional<NodeList> nodesOfManagers(List<Finding> findings) {
    ManagerCheck question =
        new ManagerCheck(target.destination().groupId(), target.credentials(), exchange);
    List<List<Finding>> each = new ArrayList<>();
    Optional<NodeList> list = Optional.empty();
    for (String url : target.managers()) {
      String subject = "Manager " + url;
      Origin origin = originOf(url);
      List<Finding> found = new ArrayList<>(network.check(subject, origin));
      if (found.stream().noneMatch(Finding::hasFailed)) {
        ManagerCheck.Result response = question.check(subject, List.of(url));
        found.addAll(response.findings());
        exchange.check(subject, origin).ifPresent(found::add);
        list = list.or(response::nodes);
      }
      each.add(found);
    }
    findings.addAll(mergedFindings(each));
    if (list.isEmpty() && target.managers().size() > 1) {
      // A sender asks one after the other, and these are the words of its error.
      findings.addAll(question.check("All Managers", target.managers()).findings());
    }
    return list;
  }

  /** Not by {@link java.net.URI}, which knows no host with an underscore. */
  private static Origin originOf(String managerUrl) {
    Matcher url = MANAGER_URL.matcher(managerUrl);
    if (!url.find()) {
      throw new IllegalArgumentException("not a Manager URL: " + managerUrl);
    }
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    String defaultPort = scheme.equals("https") ? ":443" : ":80";
    String port = url.group("port") == null ? defaultPort : url.group("port");
    return Node.parse(scheme + "://" + url.group("host") + port).origin();
  }

  private List<Finding> examined(Iterable<Node> nodes) {
    ExecutorService threads = Executors.newFixedThreadPool(MAX_THREADS, Doctor::daemon);
    try {
      List<CompletableFuture<List<Finding>>> each = new ArrayList<>();
      nodes.forEach(node -> each.add(CompletableFuture.supplyAsync(() -> examined(node), threads)));
      return mergedFindings(each.stream().map(CompletableFuture::join).toList());
    } finally {
      threads.shutdown();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "http-report-doctor");
    thread.setDaemon(true);
    return thread;
  }

  private List<Finding> examined(Node node) {
    String subject = "Node " + node.address();
    List<Finding> findings = new ArrayList<>(network.check(subject, node.origin()));
    if (findings.stream().noneMatch(Finding::hasFailed)) {
      findings.add(target.probe().check(subject, node, exchange));
      exchange.check(subject, node.origin()).ifPresent(findings::add);
    }
    return findings;
  }

  /** One of several servers that fails is a warning as long as another one works. */
  private static List<Finding> mergedFindings(List<List<Finding>> each) {
    boolean oneWorks =
        each.stream().anyMatch(server -> server.stream().noneMatch(Finding::hasFailed));
    return each.stream()
        .flatMap(List::stream)
        .map(finding -> oneWorks ? finding.downgraded() : finding)
        .toList();
  }
}
