package dev.bellows.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Queries a standalone master through its web page. */
final class MasterPage {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Pattern ALIVE = Pattern.compile("\"aliveworkers\"\\s*:\\s*(\\d+)");

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String master;
  private final URI page;

  MasterPage(String master, String ui) {
    this.master = master;
    this.page = URI.create(ui + "/json/");
  }

  /** Returns the number of live workers, or empty if this master does not answer at the address. */
  OptionalInt aliveWorkers() {
    HttpRequest request = HttpRequest.newBuilder(page).timeout(TIMEOUT).GET().build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? parse(response.body(), master) : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.interrupted("cluster", e);
    }
  }

  static OptionalInt parse(String json, String master) {
    Pattern url = Pattern.compile("\"url\"\\s*:\\s*\"" + Pattern.quote(master) + "\"");
    Matcher alive = ALIVE.matcher(json.replace("\\/", "/"));
    if (!url.matcher(json.replace("\\/", "/")).find() || !alive.find()) {
      return OptionalInt.empty(); // another master, or none
    }
    return OptionalInt.of(Integer.parseInt(alive.group(1)));
  }
}
