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

/** Everything that a sender is built with, checked. */
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
