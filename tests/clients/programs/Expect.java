// java.net.http with expectContinue(true). Where it hangs, its own `timeout` does not end it either, so
// the wait has a bound from outside.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

public class Expect {
  public static void main(String[] args) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(args[0]))
            .expectContinue(true)
            .PUT(HttpRequest.BodyPublishers.ofFile(Path.of(args[1])))
            .build();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      HttpResponse<String> response =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofString())
              .get(5, TimeUnit.SECONDS);
      String seen = response.body().isEmpty() ? "empty" : "body";
      print(response.statusCode(), response.statusCode() < 400 ? "ok" : seen);
    } catch (Exception problem) {
      print(0, problem.getClass().getSimpleName());
    }
    System.exit(0);
  }

  private static void print(int status, String seen) {
    System.out.println("{\"status\":" + status + ",\"seen\":\"" + seen + "\"}");
  }
}
