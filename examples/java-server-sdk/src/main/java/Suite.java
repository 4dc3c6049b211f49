import com.easemob.im.server.EMProperties;
import com.easemob.im.server.EMService;
import java.util.List;

/** The SDK's deletions, against the emulator that `roamspec sdk` started. The SDK itself is not changed. */
public class Suite {
    public static void main(String[] arguments) {
        EMService service = new EMService(EMProperties.builder()
            .setBaseUri(System.getenv("ROAMSPEC_BASE_URL"))
            .setAppkey(System.getenv("ROAMSPEC_APP_KEY"))
            .setClientId(System.getenv("ROAMSPEC_CLIENT_ID"))
            .setClientSecret(System.getenv("ROAMSPEC_CLIENT_SECRET"))
            .build());
        long now = System.currentTimeMillis();
        String owner = "roamspec-owner";
        for (String peer : List.of("roamspec-peer", "blank in", "amper&sand=x", "plus+sign", "escape%41d")) {
            tried(() -> service.message().oneWayClearUserRoamingMessagesWithinPeriod(owner, peer, now).block());
        }
        for (String group : List.of("299900000000001", "group-amper&sand=x")) {
            tried(() -> service.message().oneWayClearGroupOrRoomRoamingMessagesWithinPeriod(owner, group, now).block());
        }
        tried(() -> service.message().oneWayClearUserAllRoamingMessage(owner).block());
        System.exit(0);
    }

    private static void tried(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException error) {
            System.err.println(error);
        }
    }
}
