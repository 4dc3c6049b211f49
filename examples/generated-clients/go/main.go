// The five operations by the client that OpenAPI Generator makes, which stands in client/, unchanged.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	client "example.com/roaming/client"
)

type scenario struct {
	Messages, Groups []string
	Meant            struct{ Users, Groups []string }
}

func main() {
	var given scenario
	text, err := os.ReadFile(os.Getenv("ROAMSPEC_SCENARIO"))
	if err == nil {
		err = json.Unmarshal(text, &given)
	}
	failed := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	failed(err)
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: os.Getenv("ROAMSPEC_BASE_URL")}}
	api := client.NewAPIClient(configuration)
	ctx := context.WithValue(context.Background(), client.ContextAccessToken, os.Getenv("ROAMSPEC_APP_TOKEN"))
	org, app, owner, now := os.Getenv("ROAMSPEC_ORG"), os.Getenv("ROAMSPEC_APP"), "roamspec-owner", time.Now().UnixMilli()
	done := func(_ any, _ *http.Response, err error) { failed(err) }
	done(api.ByIdAPI.DeleteChatMessages(ctx, owner, org, app).UserId2("roamspec-peer").
		MsgIdList(given.Messages[:2]).IsNotify(false).Execute())
	done(api.ByIdAPI.DeleteGroupMessages(ctx, owner, org, app).GroupId(given.Groups[0]).
		MsgIdList(given.Messages[60:62]).IsNotify(true).Execute())
	// Their IDs need escaping, and nobody has them.
	for _, user := range given.Meant.Users[8:] {
		_, answer, err := api.ByIdAPI.DeleteChatMessages(ctx, user, org, app).UserId2("roamspec-peer").
			MsgIdList(given.Messages[:2]).Execute()
		if answer == nil || answer.StatusCode != 404 {
			failed(err)
		}
	}
	for _, peer := range given.Meant.Users[1:] {
		done(api.ByTimeAPI.ClearChatBefore(ctx, owner, org, app).UserId2(peer).DelTime(now).IsNotify(true).Execute())
	}
	for _, group := range given.Meant.Groups {
		done(api.ByTimeAPI.ClearGroupBefore(ctx, owner, org, app).GroupId(group).DelTime(now).Execute())
	}
	done(api.AllAPI.ClearUser(ctx, owner, org, app).Execute())
}
