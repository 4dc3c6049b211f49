import com.easemob.im.server.EMProperties;
import com.easemob.im.server.EMService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/**
 * The SDK's deletions, against the emulator that `roamspec sdk` started. The SDK itself is not changed.
 *
 * <p>Methods are found by their names, because not every version has them.
 */
public class Suite {
    public static void main(String[] arguments) throws ReflectiveOperationException {
        EMService service = new EMService(EMProperties.builder()
            .setBaseUri(System.getenv("ROAMSPEC_BASE_URL"))
            .setAppkey(System.getenv("ROAMSPEC_APP_KEY"))
            .setClientId(System.getenv("ROAMSPEC_CLIENT_ID"))
            .setClientSecret(System.getenv("ROAMSPEC_CLIENT_SECRET"))
            .build());
        Object messages = service.message();
        long now = System.currentTimeMillis();
        String owner = "roamspec-owner";
        call(messages, "deleteChannel", owner, "roamspec-peer", "chat", false);
        for (String peer : List.of("roamspec-peer", "blank in", "amper&sand=x", "plus+sign", "escape%41d")) {
            call(messages, "oneWayClearUserRoamingMessagesWithinPeriod", owner, peer, now);
        }
        for (String group : List.of("299900000000001", "group-amper&sand=x")) {
            call(messages, "oneWayClearGroupOrRoomRoamingMessagesWithinPeriod", owner, group, now);
        }
        call(messages, "oneWayClearUserAllRoamingMessage", owner);
        System.exit(0);
    }

    private static void call(Object api, String name, Object... values) throws ReflectiveOperationException {
        for (Method method : api.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == values.length) {
                try {
                    Object answer = method.invoke(api, values);
                    answer.getClass().getMethod("block").invoke(answer);
                } catch (InvocationTargetException error) {
                    System.err.println(name + ": " + error.getCause());
                }
                return;
            }
        }
        System.err.println("This version has no " + name + ".");
    }
}
