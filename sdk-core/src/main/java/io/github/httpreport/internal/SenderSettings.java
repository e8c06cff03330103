package io.github.httpreport.internal;

import io.github.httpreport.Batching;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.WhenFull;
import io.github.httpreport.http.Origin;
import io.github.httpreport.node.NodeSelector;
import io.github.httpreport.node.NodeSource;
import io.github.httpreport.protocol.WireProtocol;
import io.github.httpreport.spool.SpoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a sender. {@code HttpProxySender.Builder} has checked each of them, so no room
 * below checks a setting again.
 *
 * @param name the prefix of thread names and the sender's name in log lines
 * @param protocol translates batches and responses for one kind of server
 * @param nodeSource lists the nodes of a group
 * @param selector chooses among healthy nodes
 * @param retry attempts, back-off, deadline and retry budget of a delivery
 * @param batching when an open batch is sealed
 * @param bufferBytes the bound of the memory for accepted messages
 * @param whenFull the treatment of a message that finds no memory
 * @param connectTimeout the limit for one connection, including TLS
 * @param requestTimeout the limit for one exchange
 * @param maxInFlight the bound of requests in flight, of all groups together
 * @param tls null for the trust material of the JDK
 * @param proxy null for direct connections
 * @param snapshots the directory of saved node lists; null to save none
 * @param spool null for a sender that keeps nothing on disk
 * @param metrics those of the application, which may throw: every user guards them
 * @param callbackExecutor null to run callbacks in the sender's own pool alone
 */
public record SenderSettings(
    String name,
    WireProtocol protocol,
    NodeSource nodeSource,
    NodeSelector selector,
    RetryPolicy retry,
    Batching batching,
    long bufferBytes,
    WhenFull whenFull,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxInFlight,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy,
    @Nullable Path snapshots,
    @Nullable SpoolSettings spool,
    SenderMetrics metrics,
    @Nullable Executor callbackExecutor) {}
