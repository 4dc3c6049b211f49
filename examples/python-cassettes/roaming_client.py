"""A small SDK, in the part of yours: two of the five operations, and errors in the service's own words."""

from collections.abc import Sequence

import httpx


class RoamingError(Exception):
    """The service refused; `error` is its type, the message its text."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error


class RoamingClient:
    """Deletes a user's roaming messages; `app` is `ORG/APP`."""

    def __init__(self, base_url: str, app: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url}/{app}/rest/message/roaming",
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )

    def clear_user(self, user: str) -> int:
        """Clear everything; returns the service's time in Unix milliseconds."""
        return self._done(self._http.post(f"/user/{user}/delete/all"))

    def delete_chat_messages(
        self, user: str, peer: str, ids: Sequence[str], *, notify: bool | None = None
    ) -> int:
        """Delete messages from `user`'s view of the conversation with `peer`."""
        query = {"userId": peer, "msgIdList": ",".join(ids)}
        if notify is not None:
            query["isNotify"] = str(notify).lower()
        return self._done(self._http.delete(f"/chat/user/{user}", params=query))

    @staticmethod
    def _done(response: httpx.Response) -> int:
        body = response.json()
        if response.status_code != 200 or body.get("requestStatusCode") != "ok":
            error, description = body.get("error", ""), body.get("error_description", "")
            raise RoamingError(response.status_code, error, description)
        return int(body["timestamp"])
