package io.github.httpreport.internal.delivery;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;

/** A server whose HTTP 401 asks for new credentials. */
class ReauthenticatingProtocol extends FakeProtocol {

  @Override
  public Verdict classify(Response response) {
    return response.status() == 401
        ? Verdict.Reauthenticate.of("HTTP 401", "token expired")
        : super.classify(response);
  }
}
