// The SDK's deletions, against the emulator that `roamspec sdk` started. The SDK itself is not changed.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	easemob "github.com/Easemob-Community/easemob-go-sdk"
)

func main() {
	client, err := easemob.New(os.Getenv("ROAMSPEC_APP_KEY"), os.Getenv("ROAMSPEC_CLIENT_ID"),
		os.Getenv("ROAMSPEC_CLIENT_SECRET"), os.Getenv("ROAMSPEC_BASE_URL"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tried := func(_ any, err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	ctx, owner, group := context.Background(), "roamspec-owner", "299900000000001"
	now := fmt.Sprint(time.Now().UnixMilli())
	for _, peer := range []string{"roamspec-peer", "blank in", "amper&sand=x", "plus+sign", "escape%41d"} {
		tried(client.DeleteChatRoamingMessages(ctx, owner, peer, "1623011,1623012", false))
		tried(client.DeleteChatMessagesForTheSpecifiedTime(ctx, owner, peer, now, true))
	}
	for _, name := range []string{owner, "blank in", "slash/ed"} {
		tried(client.DeleteGroupRoamingMessages(ctx, name, group, "1623011,1623012", true))
		tried(client.DeleteGroupMessagesForTheSpecifiedTime(ctx, name, group, now, false))
	}
	tried(client.DeleteALLRoamingMessages(ctx, owner))
}
