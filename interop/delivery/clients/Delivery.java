// The same for Java: see kit.mjs. Sends all of its content before it looks for an answer.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

public class Delivery {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static void main(String[] args) {
    int rounds = Integer.parseInt(args[1]);
    byte[] content = new byte[Integer.parseInt(args[2])];
    Arrays.fill(content, (byte) 'x');
    Map<String, Integer> got = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      got.merge(upload(args[0] + "/files/" + round + ".bin", content), 1, Integer::sum);
    }
    System.out.println(
        got.entrySet().stream()
            .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
            .collect(Collectors.joining(",", "{", "}")));
    System.exit(0);
  }

  private static String upload(String url, byte[] content) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(30))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
            .build();
    try {
      HttpResponse<String> response =
          CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      boolean whole =
          response.statusCode() != 413
              || (response.body().startsWith("{\"error\"") && response.body().endsWith("}"));
      return response.statusCode() + (whole ? "" : ", broken body");
    } catch (Exception problem) {
      return problem.getClass().getSimpleName();
    }
  }
}
