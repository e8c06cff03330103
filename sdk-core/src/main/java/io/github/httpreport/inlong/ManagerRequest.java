package io.github.httpreport.inlong;

import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.InLongManager.Credentials;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What every Manager of a round is asked.
 *
 * @param path after the Manager's context path
 * @param credentials what to log in with, or null
 */
record ManagerRequest(String path, @Nullable Credentials credentials) {

  /** Room for some fifty thousand nodes. */
  private static final int MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

  private static final byte[] HTTP_NODES = "protocolType=HTTP".getBytes(StandardCharsets.US_ASCII);

  Request to(ManagerUrl manager) {
    Request.Builder request =
        Request.post(manager.origin(), manager.path() + path)
            .body(HTTP_NODES, InLongForm.CONTENT_TYPE)
            .maxResponseBytes(MAX_RESPONSE_BYTES);
    if (credentials != null) {
      request.header("authorization", credentials.authorization());
    }
    return request.build();
  }

  ManagerResponse read(Response response) throws NodeSourceException {
    if (response.status() == 401 || response.status() == 403) {
      String login =
          credentials == null
              ? "it asks for a secretId and secretKey, and none are set"
              : "it does not take secretId "
                  + Printable.quoted(credentials.secretId())
                  + " with the key given";
      throw new NodeSourceException(
          Kind.UNAUTHENTICATED, "answered HTTP " + response.status() + ": " + login, null);
    }
    try {
      return ManagerResponse.read(
          response, text -> credentials == null ? text : credentials.hiddenIn(text));
    } catch (NodeSourceException noList) {
      throw credentials == null ? noList : withoutSecret(noList, credentials);
    }
  }

  /** A Manager, or what stands before it, may echo what it was asked. */
  private static NodeSourceException withoutSecret(
      NodeSourceException failure, Credentials secret) {
    return new NodeSourceException(
        failure.kind(), secret.hiddenIn(String.valueOf(failure.getMessage())), null);
  }
}
