package io.github.httpreport.internal;

import io.github.httpreport.TlsSettings;
import io.github.httpreport.http.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How connections are made. */
record TransportSettings(
    String name,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxConnectionsPerNode,
    @Nullable TlsSettings tls,
    @Nullable Origin proxy) {}
