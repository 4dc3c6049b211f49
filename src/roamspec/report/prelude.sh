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
