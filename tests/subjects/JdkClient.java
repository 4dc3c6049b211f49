import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A client of the five operations on the JDK's own HTTP client as it comes, which offers HTTP/2 by itself. */
public class JdkClient {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BASE =
            System.getenv("ROAMSPEC_BASE_URL") + "/" + System.getenv("ROAMSPEC_ORG") + "/" + System.getenv("ROAMSPEC_APP");

    public static void main(String[] words) throws Exception {
        String grant = String.format(
                "{\"grant_type\":\"client_credentials\",\"client_id\":\"%s\",\"client_secret\":\"%s\"}",
                System.getenv("ROAMSPEC_CLIENT_ID"), System.getenv("ROAMSPEC_CLIENT_SECRET"));
        String answer = call("POST", "/token", grant, "");
        String token = answer.replaceAll(".*\"access_token\" *: *\"([^\"]*)\".*", "$1");
        String roaming = "/rest/message/roaming/";
        call("DELETE", roaming + "chat/user/alice?userId=bob&msgIdList=1,2&isNotify=true", null, token);
        call("DELETE", roaming + "group/user/alice?groupId=1&msgIdList=1,2", null, token);
        call("POST", roaming + "user/alice/delete/all", null, token);
        call("DELETE", roaming + "chat/user/alice/time?userId=bob&delTime=1710309184114", null, token);
        call("DELETE", roaming + "group/user/alice/time?groupId=1&delTime=1710309184114", null, token);
    }

    private static String call(String method, String path, String body, String token) throws Exception {
        HttpRequest.BodyPublisher content = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(BASE + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, content);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        System.out.println(method + " " + path.split("[?]")[0] + " " + response.statusCode());
        return response.body();
    }
}
