#!/usr/bin/env bash
# The five operations with nothing but curl, each call under the name of its test.
# Run it with:  roamspec sdk --scenario awkward -- bash suite.sh
set -euo pipefail

base="$ROAMSPEC_BASE_URL/$ROAMSPEC_ORG/$ROAMSPEC_APP"
closed="$ROAMSPEC_BASE_URL/$ROAMSPEC_CLOSED_APP"

# token BASE ID SECRET: one request, whose token serves all calls.
token() {
  curl -fsS "$1/token" -H 'Content-Type: application/json' -H 'Accept: application/json' \
    -d "{\"grant_type\": \"client_credentials\", \"client_id\": \"$2\", \"client_secret\": \"$3\"}" |
    sed -E 's/.*"access_token": *"([^"]+)".*/\1/'
}

# call TEST METHOD PATH [CURL OPTION...]: --get and --data-urlencode put escaped values into the query.
call() {
  local test=$1 method=$2 path=$3
  shift 3
  curl -sS --globoff --request "$method" "$base$path" --get -H "X-Roamspec-Test: $test" \
    -H "Authorization: Bearer $bearer" -H 'Content-Type: application/json' -H 'Accept: application/json' "$@"
  echo
}

# The IDs of the scenario, one a line: list KEY
list() {
  sed -n "/^ \"$1\": \[/,/\]/p" "$ROAMSPEC_SCENARIO" | sed -nE 's/^  "([^"]+)",?$/\1/p'
}

bearer=$(token "$base" "$ROAMSPEC_CLIENT_ID" "$ROAMSPEC_CLIENT_SECRET")
ids=$(list messages | head -2 | paste -sd,)
group=$(list groups | head -1)
now=$(date +%s000)
roaming=/rest/message/roaming
refusal='X-Roamspec-Expect: refusal'

call chat-by-id DELETE "$roaming/chat/user/roamspec-owner" --data-urlencode userId=roamspec-peer \
  --data-urlencode "msgIdList=$ids" --data-urlencode isNotify=false
call chat-by-id-tells-devices DELETE "$roaming/chat/user/roamspec-owner" --data-urlencode 'userId=amper&sand=x' \
  --data-urlencode "msgIdList=$ids"
call group-by-id DELETE "$roaming/group/user/roamspec-owner" --data-urlencode "groupId=$group" \
  --data-urlencode "msgIdList=$ids" --data-urlencode isNotify=true
call chat-by-time DELETE "$roaming/chat/user/roamspec-owner/time" --data-urlencode 'userId=plus+sign' \
  --data-urlencode "delTime=$now"
call group-by-time DELETE "$roaming/group/user/roamspec-owner/time" --data-urlencode "groupId=$group" \
  --data-urlencode "delTime=$now" --data-urlencode isNotify=false
call all POST "$roaming/user/roamspec-owner/delete/all"

# Violations on purpose, to see how they are answered.
call no-ids-refused DELETE "$roaming/chat/user/roamspec-owner" --data-urlencode userId=roamspec-peer -H "$refusal"
call many-ids-refused DELETE "$roaming/chat/user/roamspec-owner" --data-urlencode userId=roamspec-peer \
  --data-urlencode "msgIdList=$(seq -s, 1623011 1623061)" -H "$refusal"

base=$closed bearer=$(token "$closed" "$ROAMSPEC_CLOSED_CLIENT_ID" "$ROAMSPEC_CLOSED_CLIENT_SECRET")
call closed POST "$roaming/user/roamspec-owner/delete/all"
