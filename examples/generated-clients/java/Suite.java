import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AllApi;
import org.openapitools.client.api.ByIdApi;
import org.openapitools.client.api.ByTimeApi;

/** The five operations by the client that OpenAPI Generator makes, which stands in client/, unchanged. */
public class Suite {
  public static void main(String[] arguments) throws Exception {
    JsonNode scenario = new ObjectMapper().readTree(new File(System.getenv("ROAMSPEC_SCENARIO")));
    List<String> ids = texts(scenario.get("messages"));
    List<String> users = texts(scenario.get("meant").get("users"));
    String org = System.getenv("ROAMSPEC_ORG"), app = System.getenv("ROAMSPEC_APP"), owner = "roamspec-owner";
    String group = scenario.get("groups").get(0).asText();
    long now = System.currentTimeMillis();
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("ROAMSPEC_BASE_URL"));
    // This library leaves the token to its user.
    String token = "Bearer " + System.getenv("ROAMSPEC_APP_TOKEN");
    client.setRequestInterceptor(request -> request.setHeader("Authorization", token));
    ByIdApi byId = new ByIdApi(client);
    ByTimeApi byTime = new ByTimeApi(client);
    byId.deleteChatMessages(owner, "roamspec-peer", ids.subList(0, 2), org, app, false);
    byId.deleteGroupMessages(owner, group, ids.subList(60, 62), org, app, true);
    // Their IDs need escaping, and nobody has them.
    for (String user : users.subList(8, users.size())) {
      try {
        byId.deleteChatMessages(user, "roamspec-peer", ids.subList(0, 2), org, app, null);
      } catch (ApiException error) {
        if (error.getCode() != 404) throw error;
      }
    }
    for (String peer : users.subList(1, users.size())) byTime.clearChatBefore(owner, peer, now, org, app, true);
    for (String each : texts(scenario.get("meant").get("groups"))) byTime.clearGroupBefore(owner, each, now, org, app, null);
    new AllApi(client).clearUser(owner, org, app);
  }

  private static List<String> texts(JsonNode list) {
    List<String> found = new ArrayList<>();
    list.forEach(each -> found.add(each.asText()));
    return found;
  }
}
