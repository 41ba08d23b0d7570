"""Who asks, and what has to fit together where a schema cannot say it."""

import base64
import gzip
import hashlib
import json
import os
import urllib.request

import schemathesis

BASE = os.environ["REHOME_BASE"]
PASSWORD = os.environ["REHOME_PASSWORD"]
# Signs in once: nothing that this run does ends their session.
OWNER = os.environ["REHOME_OWNER"]
# Signs in for each request that ends sessions. The owner's are not theirs.
LEAVER = os.environ["REHOME_LEAVER"]

# What is done to members is done to this one: who asks keeps their role.
VICTIM = os.environ["REHOME_VICTIM"]
KEPT = {"1", "2"}

# No site is deleted that other requests of the run need.
NO_SITE = "999999999"

CHANGES_MEMBERS = {"setRole", "removeMember"}
ENDS_SESSIONS = {"signOut", "endSession", "endSessions"}


def sign_in(email):
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    request = urllib.request.Request(
        f"{BASE}/api/v1/session", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        cookie = response.headers["Set-Cookie"]
    return cookie.split(";")[0].split("=", 1)


def operation_id(operation):
    return operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Session:
    kept = None

    def get(self, case, context):
        if operation_id(case.operation) in ENDS_SESSIONS:
            return sign_in(LEAVER)
        if Session.kept is None:
            Session.kept = sign_in(OWNER)
        return Session.kept

    def set(self, case, data, context):
        name, value = data
        case.cookies = {**(case.cookies or {}), name: value}


HEADER = {
    "type": "header",
    "schema": 1,
    "format": "disqus",
    "family": "disqus",
    "origin": "blog",
    "reader": "disqus/1",
    "fields": ["comment.body"],
}
END = {
    "type": "end",
    "counts": {"pages": 0, "authors": 0, "comments": 0, "removed": 0},
    "complete": "yes",
}
LAST_LINE = json.dumps(END) + "\n"
LINES = json.dumps(HEADER) + "\n" + LAST_LINE


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


def is_positive(case):
    return case.meta is None or case.meta.generation.mode.is_positive


@schemathesis.hook
def map_body(context, body):
    """Whole numbers are written as such, and the sum of a preview adds up."""
    body = whole(body)
    operation = operation_id(context.operation)
    if operation == "createImport" and isinstance(body, dict):
        seen = body.get("seen")
        if isinstance(seen, dict) and isinstance(seen.get("skipped_by_reason"), dict):
            skipped = seen["skipped_by_reason"].values()
            # What is wrong on purpose stays wrong.
            if all(is_count(count) for count in [*skipped, seen.get("kept")]):
                kept = min(seen["kept"], 1000)
                seen["skipped_by_reason"] = {
                    reason: min(count, 1000) for reason, count in seen["skipped_by_reason"].items()
                }
                seen["kept"] = kept
                if is_count(seen.get("comments")):
                    seen["comments"] = kept + sum(seen["skipped_by_reason"].values())
    return body


def is_count(value):
    return type(value) is int and 0 <= value < 2**53


def whole(value):
    """To JSON Schema `7.0` is an integer; to most who read JSON it is none."""
    if isinstance(value, float) and abs(value) < 2**53 and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    """What a schema cannot say of lines: that they are a stream, and what their digest is."""
    operation = operation_id(case.operation)
    if operation in CHANGES_MEMBERS and str(case.path_parameters.get("id")) in KEPT:
        case.path_parameters["id"] = VICTIM
    if operation == "deleteSite":
        case.path_parameters["site"] = NO_SITE
    if operation == "deleteAccount" and isinstance(case.body, dict):
        # Nobody tells it the right one, and this way it cannot be guessed either.
        if case.body.get("password") == PASSWORD:
            case.body["password"] = "a wrong one"
    if operation == "readComments" and is_positive(case):
        # A page is named in one way, and in one alone.
        query = dict(case.query or {})
        if "url" in query:
            query.pop("identifier", None)
        else:
            query.setdefault("identifier", "a page")
        case.query = query
    if operation not in ("putChunk", "streamImport") or not is_positive(case):
        return
    first = operation == "streamImport" or str(case.path_parameters.get("number")) == "1"
    body = (LINES if first else LAST_LINE).encode()
    headers = case.headers
    if operation == "putChunk":
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers["unencoded-digest"] = f"sha-256=:{digest}:"
        headers.pop("content-digest", None)
        headers["content-encoding"] = "gzip"
    if headers.get("content-encoding") == "gzip":
        body = gzip.compress(body, mtime=0)
    # Not the body of the case, which its schema would be held against as bytes.
    kwargs["data"] = body
