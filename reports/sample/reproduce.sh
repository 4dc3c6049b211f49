#!/bin/sh
# delete-chat-messages.limit.fifty-one-refused: A request with 51 IDs returns HTTP `400`.
#
# Exit status: 1 while the failure still occurs, 0 when it does not, 2 otherwise.
# Needs curl, jq, and ROAMSPEC_APP_TOKEN, or ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET.
# It creates users and messages of its own, and removes the users and groups unless KEEP=1.
# The same with roamspec: roamspec run --profile quick --fault delete-chat-messages.limit.of-51 --fault clear-user.all.groups-left --fault clear-chat-before.time.boundary-kept --seed 1 --req delete-chat-messages.limit.fifty-one-refused
#
# The run used an emulator of its own. To start one with the same faults and set the variables:
# roamspec emulate --fault delete-chat-messages.limit.of-51 --fault clear-user.all.groups-left --fault clear-chat-before.time.boundary-kept --print-env
NL='
'
EXPECTED='status 400'
BASE="${ROAMSPEC_BASE_URL:-}"
ORG="${ROAMSPEC_ORG:-acme}"
APP="${ROAMSPEC_APP:-parlor}"
set -u
for tool in curl jq; do
  command -v "$tool" >/dev/null || { echo "This script needs $tool." >&2; exit 2; }
done
stop() { printf '%s\n' "$1" >&2; exit 2; }
[ -n "$BASE" ] || stop "Set ROAMSPEC_BASE_URL to the address of the service."
T=$(mktemp -d) || exit 2
# random CHARACTERS COUNT
random() { LC_ALL=C tr -dc "$1" </dev/urandom | head -c "$2"; }
PASSWORD="Pw1-$(random 0-9 12)"
WAIT_S=${ROAMSPEC_WAIT_S:-5}

# Values that are new in this run: `fill` puts them in place of {{name}}.
put() { jq --arg k "$1" --arg v "$2" '. + {($k): $v}' "$T/values" >"$T/v" && mv "$T/v" "$T/values"; }
value() { jq -r --arg k "$1" '.[$k]' "$T/values"; }
fill() {
  jq -rn --slurpfile v "$T/values" --arg t "$1" \
    '$t | gsub("\\{\\{(?<k>[A-Za-z0-9_-]+)\\}\\}"; ($v[0][.k] // error("no value for " + .k)))'
}

# call METHOD PATH BODY [HEADER...]: sends one request; its response is in $T/answer as JSON.
call() {
  METHOD=$1
  shift
  jq -nj --slurpfile v "$T/values" '[$ARGS.positional[]
    | gsub("\\{\\{(?<k>[A-Za-z0-9_-]+)\\}\\}"; ($v[0][.k] // error("no value for " + .k)))]
    | .[0] + "\n" + (.[2:] | map(. + "\n") | add // "") + "\n" + .[1]' --args -- "$@" >"$T/filled" ||
    stop "This script cannot go on."
  {
    IFS= read -r ADDRESS
    while IFS= read -r header && [ -n "$header" ]; do printf '%s\n' "$header"; done >"$T/headers"
    cat >"$T/body"
  } <"$T/filled"
  : >"$T/got"
  : >"$T/text"
  set -- -sS -g --path-as-is --max-time 30 -X "$METHOD" -H "@$T/headers" -D "$T/got" -o "$T/text"
  [ ! -s "$T/body" ] || set -- "$@" --data-binary "@$T/body"
  STATUS=$(curl "$@" -w '%{http_code}' "$BASE$ADDRESS") || STATUS=0
  # First the beginnings of both bodies, on one line each, without what a terminal would obey.
  jq -rn --arg status "$STATUS" --rawfile sent "$T/body" --rawfile got "$T/got" --rawfile text "$T/text" '
    ($sent, $text | gsub("[[:cntrl:]]"; " ") | .[:300]),
    {status: ($status | tonumber | if . == 0 then null else . end), text: $text,
     body: ($text | try fromjson catch null),
     headers: ([$got | split("\n")[] | sub("\r$"; "") | capture("^(?<k>[^:\\s]+):\\s*(?<v>.*)$")
       | {key: (.k | ascii_downcase), value: .v}] | from_entries)}' >"$T/shown"
  {
    IFS= read -r said
    IFS= read -r answered
    cat >"$T/answer"
  } <"$T/shown"
  printf '%s %s\n' "$METHOD" "$ADDRESS"
  case "$ADDRESS" in
    */token | */users) printf '  -> %s\n' "$STATUS" ;;
    *)
      [ -z "$said" ] || printf '  %s\n' "$said"
      printf '  -> %s %s\n' "$STATUS" "$answered"
      ;;
  esac
}

SENDS='Content-Type: application/json'
READS='Accept: application/json'
# token NAME PATH BODY: requests a token, and keeps it under the name.
token() {
  call POST "$2/token" "$3" "$SENDS" "$READS"
  [ "$STATUS" = 200 ] || stop "No token is given: HTTP $STATUS. Check the credentials."
  put "$1" "$(jq -r .body.access_token "$T/answer")"
}
# open_app NAME PATH TOKEN ID SECRET: the app token, as given or by the client credentials.
open_app() {
  if [ -n "$3" ]; then put "$1" "$3"; return; fi
  [ -n "$4" ] && [ -n "$5" ] ||
    stop "Set ROAMSPEC_APP_TOKEN, or ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET."
  token "$1" "$2" "$(jq -nc --arg i "$4" --arg s "$5" \
    '{grant_type: "client_credentials", client_id: $i, client_secret: $s}')" >/dev/null
}
# user_token PATH NAME
user_token() {
  token user-token "$1" "$(jq -nc --arg u "$(fill "$2")" --arg p "$PASSWORD" \
    '{grant_type: "password", username: $u, password: $p}')"
}

: >"$T/made"
clean_up() {
  if [ "${KEEP:-0}" = 1 ]; then
    printf 'Kept: %s\n' "$(tr '\n' ' ' <"$T/made")"
  else
    while read -r name place <&3; do
      call DELETE "$place" "" "Authorization: Bearer {{$name}}" "$SENDS" "$READS" >/dev/null
    done 3<"$T/made"
  fi
  rm -rf "$T"
}
trap clean_up EXIT
trap 'exit 2' HUP INT TERM
# made TOKEN PATH: what was made last is removed first.
made() {
  { printf '%s %s\n' "$1" "$2"; cat "$T/made"; } >"$T/more" && mv "$T/more" "$T/made"
}

# arrange METHOD PATH BODY [HEADER...]: a request that must succeed.
arrange() {
  call "$@"
  [ "$STATUS" = 200 ] || stop "This could not be arranged: HTTP $STATUS."
}
# register TOKEN PATH NAME
register() {
  arrange POST "$2/users" "$(jq -nc --arg u "$3" --arg p "$PASSWORD" '[{username: $u, password: $p}]')" \
    "Authorization: Bearer {{$1}}" "$SENDS" "$READS"
  made "$1" "$2/users/$(fill "$3" | jq -Rr @uri)"
  [ -n "${NOW:-}" ] || NOW=$(jq -r '.body.timestamp // (now * 1000) | floor' "$T/answer")
}
# learn NAME PLACE: the ID at that place of the last response, and the time of that response.
learn() {
  place=$(fill "$2")
  jq --slurpfile a "$T/answer" --arg k "$1" --argjson place "$place" '
    ($a[0].body | getpath($place) // empty | tostring) as $id
    | . + {($k): $id, ("at-" + $k): ($a[0].body.timestamp // (now * 1000) | floor | tostring)}' \
    "$T/values" >"$T/v"
  [ -s "$T/v" ] || stop "The response has no ID at $place."
  mv "$T/v" "$T/values"
}
# judge METHOD PATH BODY [HEADER...]: the request whose response is compared.
judge() {
  echo "--- the request that is judged:"
  call "$@"
  cp "$T/answer" "$T/judged"
}

READ_IDS='
def bytes: explode | map(select(. != 61 and . > 32)
    | if . >= 97 then . - 71 elif . >= 65 then . - 65 elif . == 43 then 62 elif . == 47 then 63 else . + 4 end)
  | . as $all | [range(0; length; 4) as $i | $all[$i:$i + 4] | . as $q
    | (($q[0] * 64 + ($q[1] // 0)) * 64 + ($q[2] // 0)) * 64 + ($q[3] // 0)
    | [(. / 65536 | floor), ((. / 256 | floor) % 256), (. % 256)] | .[:($q | length) - 1] | .[]];
def times128($n): reduce range(length) as $i ({c: $n, d: .};
    (.d[$i] * 128 + .c) as $x | .d[$i] = $x % 1000000 | .c = ($x / 1000000 | floor))
  | if .c > 0 then .d + [.c] else .d end;
def padded: tostring | "000000"[:6 - length] + .;
# The first field of a message (protobuf) is its ID, as a number of 64 bits.
def id: bytes | if .[0] != 8 then error("a message cannot be read") else .[1:] end
  | .[:(map(. < 128) | index(true)) + 1] | reverse
  | reduce .[] as $b ([0]; times128($b % 128))
  | reverse | (.[0] | tostring) + (.[1:] | map(padded) | add // "");
[.body.data.msgs[].msg | id]'

# pull PATH BODY [HEADER...]: adds the IDs of a history query, of all its pages, to $T/seen.
pull() {
  looked_at=$1 asked=$2 pages=0
  shift 2
  while [ $pages -lt 100 ]; do
    arrange POST "$looked_at" "$asked" "$@"
    jq -c "$READ_IDS" "$T/answer" >"$T/page" || stop "The messages of this history query cannot be read."
    cat "$T/page" >>"$T/seen"
    [ "$(jq '.body.data | (.is_last == true) or (.next_key | . == null or . == "" or . == "undefined"
      or . == "null")' "$T/answer")" = false ] || return 0
    asked=$(fill "$asked" | jq -c --slurpfile a "$T/answer" '.start = $a[0].body.data.next_key')
    pages=$((pages + 1))
  done
}
# list PATH [HEADER...]: the conversations of a list, as {kind, id}, into $T/seen.
list() {
  looked_at=$1
  shift
  arrange GET "$looked_at" "" "$@"
  jq -c --arg app "$ORG#${APP}_" '[.body.data.channel_infos[] | (.channel_id // "") as $c
    | ($c | split("@")) as $parts
    | {kind: (.session_type // (if ($parts[1] // "" | startswith("conference.")) then "group" else "chat" end)),
       id: (.session_to // ($parts[0] | ltrimstr($app)) | split("@")[0])}
    | .kind = (if .kind == "chat" then "chat" else "group" end)]' "$T/answer" >>"$T/seen"
}

# holds KIND FILTER IDS CONVERSATION: whether everything is as documented.
holds() {
  [ ! -e "$T/judged" ] || jq -e "$2" "$T/judged" >/dev/null 2>&1 || return 1
  [ "$1" != answer ] || return 0
  ids=$(fill "$3")
  : >"$T/seen"
  looks
  jq -es --argjson ids "$ids" --arg kind "$1" --arg conversation "$4" 'add // [] | . as $seen
    | if $kind == "deleted" then all($ids[]; . as $i | $seen | index($i) | not)
      elif $kind == "retained" then all($ids[]; . as $i | $seen | index($i) != null)
      else (any($seen[]; .kind == $conversation and .id == $ids[0])) == ($kind == "listed") end' \
    "$T/seen" >/dev/null
}
# conclude KIND FILTER IDS CONVERSATION: ends with 1 as long as the fault is there, with 0 when it is gone.
conclude() {
  until_s=$(($(date +%s) + WAIT_S))
  echo "--- what is compared:"
  until holds "$@"; do
    if [ "$1" = answer ] || [ "$(date +%s)" -ge "$until_s" ]; then
      printf '%s\n' "--- THE FAULT IS THERE. Expected: $EXPECTED"
      exit 1
    fi
    sleep 0.5 2>/dev/null || sleep 1
  done
  echo "--- The fault is gone."
  exit 0
}
looks() { :; }

echo '{}' >"$T/values"
put org "$ORG"; put app "$APP"
put mark "rs$(random 0-9a-f 10)"
put MARK "$(value mark | tr a-z A-Z)"
put digits "$(random 0-9 13)"
open_app token "/{{org}}/{{app}}" "${ROAMSPEC_APP_TOKEN:-}" "${ROAMSPEC_CLIENT_ID:-}" "${ROAMSPEC_CLIENT_SECRET:-}"
put cut-token "$(value token | sed 's/.....$//')"; put longer-token "$(value token)x"
register token '/{{org}}/{{app}}' '{{mark}}-1u166'
register token '/{{org}}/{{app}}' '{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu'
put t1 "$((NOW + -7411360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello "},"msg_timestamp":{{t1}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m1 '["data", "msg_id"]'
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"img","body":{"url":"https://example.com/chatfiles/1","filename":"hello.jpg","size":{"width":480,"height":720}},"ext":{"note":"hello"},"msg_timestamp":{{t1}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m2 '["data", "msg_id"]'
put t2 "$((NOW + -207360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t2}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m3 '["data", "msg_id"]'
put t3 "$((NOW + -205360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t3}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m4 '["data", "msg_id"]'
put t4 "$((NOW + -203360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"custom","body":{"customEvent":"hello","customExts":{"to":"all"}},"msg_timestamp":{{t4}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m5 '["data", "msg_id"]'
put t5 "$((NOW + -201360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t5}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m6 '["data", "msg_id"]'
put t6 "$((NOW + -199360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t6}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m7 '["data", "msg_id"]'
put t7 "$((NOW + -197360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"loc","body":{"lat":"39.966","lng":"116.322","addr":"hello"},"msg_timestamp":{{t7}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m8 '["data", "msg_id"]'
put t8 "$((NOW + -195360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t8}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m9 '["data", "msg_id"]'
put t9 "$((NOW + -193360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t9}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m10 '["data", "msg_id"]'
put t10 "$((NOW + -191360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"file","body":{"url":"https://example.com/chatfiles/1","filename":"hello.txt"},"ext":{"note":"hello"},"msg_timestamp":{{t10}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m11 '["data", "msg_id"]'
put t11 "$((NOW + -189360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t11}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m12 '["data", "msg_id"]'
put t12 "$((NOW + -187360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t12}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m13 '["data", "msg_id"]'
put t13 "$((NOW + -185360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"audio","body":{"url":"https://example.com/chatfiles/1","filename":"hello.amr","length":10},"msg_timestamp":{{t13}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m14 '["data", "msg_id"]'
put t14 "$((NOW + -183360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t14}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m15 '["data", "msg_id"]'
put t15 "$((NOW + -181360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t15}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m16 '["data", "msg_id"]'
put t16 "$((NOW + -179360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"video","body":{"url":"https://example.com/chatfiles/1","filename":"hello.mp4","length":10,"file_length":58103,"thumb":"https://example.com/chatfiles/2"},"msg_timestamp":{{t16}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m17 '["data", "msg_id"]'
put t17 "$((NOW + -177360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t17}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m18 '["data", "msg_id"]'
put t18 "$((NOW + -175360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t18}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m19 '["data", "msg_id"]'
put t19 "$((NOW + -173360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"cmd","body":{"action":"hello"},"msg_timestamp":{{t19}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m20 '["data", "msg_id"]'
put t20 "$((NOW + -171360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t20}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m21 '["data", "msg_id"]'
put t21 "$((NOW + -169360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t21}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m22 '["data", "msg_id"]'
put t22 "$((NOW + -167360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t22}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m23 '["data", "msg_id"]'
put t23 "$((NOW + -165360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t23}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m24 '["data", "msg_id"]'
put t24 "$((NOW + -163360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t24}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m25 '["data", "msg_id"]'
put t25 "$((NOW + -161360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t25}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m26 '["data", "msg_id"]'
put t26 "$((NOW + -159360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t26}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m27 '["data", "msg_id"]'
put t27 "$((NOW + -157360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t27}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m28 '["data", "msg_id"]'
put t28 "$((NOW + -155360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t28}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m29 '["data", "msg_id"]'
put t29 "$((NOW + -153360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t29}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m30 '["data", "msg_id"]'
put t30 "$((NOW + -151360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t30}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m31 '["data", "msg_id"]'
put t31 "$((NOW + -149360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t31}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m32 '["data", "msg_id"]'
put t32 "$((NOW + -147360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t32}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m33 '["data", "msg_id"]'
put t33 "$((NOW + -145360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t33}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m34 '["data", "msg_id"]'
put t34 "$((NOW + -143360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t34}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m35 '["data", "msg_id"]'
put t35 "$((NOW + -141360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t35}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m36 '["data", "msg_id"]'
put t36 "$((NOW + -139360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t36}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m37 '["data", "msg_id"]'
put t37 "$((NOW + -137360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t37}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m38 '["data", "msg_id"]'
put t38 "$((NOW + -135360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t38}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m39 '["data", "msg_id"]'
put t39 "$((NOW + -133360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t39}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m40 '["data", "msg_id"]'
put t40 "$((NOW + -131360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t40}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m41 '["data", "msg_id"]'
put t41 "$((NOW + -129360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t41}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m42 '["data", "msg_id"]'
put t42 "$((NOW + -127360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t42}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m43 '["data", "msg_id"]'
put t43 "$((NOW + -125360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t43}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m44 '["data", "msg_id"]'
put t44 "$((NOW + -123360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t44}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m45 '["data", "msg_id"]'
put t45 "$((NOW + -121360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t45}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m46 '["data", "msg_id"]'
put t46 "$((NOW + -119360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t46}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m47 '["data", "msg_id"]'
put t47 "$((NOW + -117360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"img","body":{"url":"https://example.com/chatfiles/1","filename":"hello.jpg","size":{"width":480,"height":720}},"ext":{"note":"hello"},"msg_timestamp":{{t47}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m48 '["data", "msg_id"]'
put t48 "$((NOW + -115360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t48}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m49 '["data", "msg_id"]'
put t49 "$((NOW + -113360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t49}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m50 '["data", "msg_id"]'
put t50 "$((NOW + -111360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"audio","body":{"url":"https://example.com/chatfiles/1","filename":"hello.amr","length":10},"msg_timestamp":{{t50}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m51 '["data", "msg_id"]'
put t51 "$((NOW + -109360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t51}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m52 '["data", "msg_id"]'
put t52 "$((NOW + -107360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t52}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m53 '["data", "msg_id"]'
put t53 "$((NOW + -105360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t53}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m54 '["data", "msg_id"]'
put t54 "$((NOW + -103360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t54}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m55 '["data", "msg_id"]'
put t55 "$((NOW + -101360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t55}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m56 '["data", "msg_id"]'
put t56 "$((NOW + -99360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t56}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m57 '["data", "msg_id"]'
put t57 "$((NOW + -97360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t57}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m58 '["data", "msg_id"]'
put t58 "$((NOW + -95360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t58}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m59 '["data", "msg_id"]'
put t59 "$((NOW + -93360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t59}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m60 '["data", "msg_id"]'
put t60 "$((NOW + -91360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t60}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m61 '["data", "msg_id"]'
put t61 "$((NOW + -89360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t61}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m62 '["data", "msg_id"]'
put t62 "$((NOW + -87360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t62}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m63 '["data", "msg_id"]'
put t63 "$((NOW + -85360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t63}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m64 '["data", "msg_id"]'
put t64 "$((NOW + -83360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t64}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m65 '["data", "msg_id"]'
put t65 "$((NOW + -81360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t65}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m66 '["data", "msg_id"]'
put t66 "$((NOW + -79360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t66}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m67 '["data", "msg_id"]'
put t67 "$((NOW + -77360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t67}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m68 '["data", "msg_id"]'
put t68 "$((NOW + -75360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t68}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m69 '["data", "msg_id"]'
put t69 "$((NOW + -73360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t69}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m70 '["data", "msg_id"]'
put t70 "$((NOW + -71360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t70}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m71 '["data", "msg_id"]'
put t71 "$((NOW + -69360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t71}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m72 '["data", "msg_id"]'
put t72 "$((NOW + -67360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t72}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m73 '["data", "msg_id"]'
put t73 "$((NOW + -65360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t73}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m74 '["data", "msg_id"]'
put t74 "$((NOW + -63360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t74}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m75 '["data", "msg_id"]'
put t75 "$((NOW + -61360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t75}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m76 '["data", "msg_id"]'
put t76 "$((NOW + -59360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t76}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m77 '["data", "msg_id"]'
put t77 "$((NOW + -57360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t77}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m78 '["data", "msg_id"]'
put t78 "$((NOW + -55360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t78}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m79 '["data", "msg_id"]'
put t79 "$((NOW + -53360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t79}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m80 '["data", "msg_id"]'
put t80 "$((NOW + -51360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t80}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m81 '["data", "msg_id"]'
put t81 "$((NOW + -49360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t81}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m82 '["data", "msg_id"]'
put t82 "$((NOW + -47360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t82}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m83 '["data", "msg_id"]'
put t83 "$((NOW + -45360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t83}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m84 '["data", "msg_id"]'
put t84 "$((NOW + -43360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t84}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m85 '["data", "msg_id"]'
put t85 "$((NOW + -41360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t85}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m86 '["data", "msg_id"]'
put t86 "$((NOW + -39360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t86}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m87 '["data", "msg_id"]'
put t87 "$((NOW + -37360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t87}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m88 '["data", "msg_id"]'
put t88 "$((NOW + -35360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t88}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m89 '["data", "msg_id"]'
put t89 "$((NOW + -33360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t89}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m90 '["data", "msg_id"]'
put t90 "$((NOW + -31360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t90}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m91 '["data", "msg_id"]'
put t91 "$((NOW + -29360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t91}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m92 '["data", "msg_id"]'
put t92 "$((NOW + -27360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t92}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m93 '["data", "msg_id"]'
put t93 "$((NOW + -25360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t93}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m94 '["data", "msg_id"]'
put t94 "$((NOW + -23360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t94}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m95 '["data", "msg_id"]'
put t95 "$((NOW + -21360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t95}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m96 '["data", "msg_id"]'
put t96 "$((NOW + -19360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t96}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m97 '["data", "msg_id"]'
put t97 "$((NOW + -17360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t97}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m98 '["data", "msg_id"]'
put t98 "$((NOW + -15360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t98}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m99 '["data", "msg_id"]'
put t99 "$((NOW + -13360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-1u166","target":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t99}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m100 '["data", "msg_id"]'
put t100 "$((NOW + -11360))"
arrange POST '/{{org}}/{{app}}/messages/users/import' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","target":"{{mark}}-1u166","type":"txt","body":{"msg":"hello"},"msg_timestamp":{{t100}}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m101 '["data", "msg_id"]'
put t101 "$((NOW + -9360))"
call DELETE '/{{org}}/{{app}}/rest/message/roaming/chat/user/{{mark}}-1u166/time?userId={{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu&delTime={{t101}}' '' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
arrange POST '/{{org}}/{{app}}/messages/users' '{"from":"{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","to":["{{mark}}-1u166"],"type":"txt","body":{"msg":"hello"}}' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
learn m102 '["data", "{{mark}}-1u166"]'
judge DELETE '/{{org}}/{{app}}/rest/message/roaming/chat/user/{{mark}}-167uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu?userId={{mark}}-1u166&msgIdList={{m1}},{{m2}},{{m3}},{{m4}},{{m5}},{{m6}},{{m7}},{{m8}},{{m9}},{{m10}},{{m11}},{{m12}},{{m13}},{{m14}},{{m15}},{{m16}},{{m17}},{{m18}},{{m19}},{{m20}},{{m21}},{{m22}},{{m23}},{{m24}},{{m25}},{{m26}},{{m27}},{{m28}},{{m29}},{{m30}},{{m31}},{{m32}},{{m33}},{{m34}},{{m35}},{{m36}},{{m37}},{{m38}},{{m39}},{{m40}},{{m41}},{{m42}},{{m43}},{{m44}},{{m45}},{{m46}},{{m47}},{{m48}},{{m49}},{{m50}},{{m51}}' '' 'Content-Type: application/json' 'Accept: application/json' 'Authorization: Bearer {{token}}'
looks() {
  :
}
conclude answer '.status == 400' '[]' ''
