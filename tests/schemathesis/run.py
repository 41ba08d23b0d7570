"""Runs schemathesis against the real server, on a folder of its own.

The last line says how many routes passed and failed, for `cargo xtask test`.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
OWNER, LEAVER = "owner@example.org", "leaver@example.org"
# The first is made with the account, the others after it.
VICTIM_ID = "3"


def post(base, path, body, cookie=None):
    headers = {"Content-Type": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
    request = urllib.request.Request(base + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response), response.headers


def start(binary, data):
    # What is asked here in two minutes, no account needs in a day.
    environment = {
        **os.environ,
        "REHOME_LOG": "warn",
        "REHOME_MOST_OPEN_IMPORTS": "100000",
        "REHOME_CHUNKS_PER_MINUTE": "100000",
    }
    server = subprocess.Popen(
        [binary, "--listen", "127.0.0.1:0", "--data", data],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    links = []
    for line in server.stdout:
        links += re.findall(r"http\S+", line)
        if len(links) == 2:
            # Nobody listens to what it says after this.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return server, links[0].rstrip("/"), links[1].partition("#")[2]
    raise SystemExit("the server ended before it said where it is")


def fill(base, token, password):
    """An account with its owner and two members: one who signs out, one who is sent away."""
    site = {"name": "Site", "url": "https://example.org"}
    new = {"token": token, "email": OWNER, "password": password, "site": site}
    _, headers = post(base, "/api/v1/setup", new)
    cookie = headers["Set-Cookie"].partition(";")[0]
    for email in (LEAVER, "victim@example.org"):
        made, _ = post(base, "/api/v1/invitations", {"role": "viewer"}, cookie)
        token = made["link"].partition("#")[2]
        new = {"token": token, "email": email, "password": password}
        joined, _ = post(base, "/api/v1/invitations/accept", new)
    assert str(joined["admin"]["id"]) == VICTIM_ID


def verdict(told):
    """Counts routes; zero where each was asked and none fell short."""
    asked = told["operations"]
    bad = {operation for failure in told["failures"] for operation in failure["operations"]}
    failed = len(bad) + sum(error["count"] for error in told["errors"])
    skipped = asked["total"] - asked["tested"]
    print(f"{told['test_cases']['generated']} requests in {told['running_time']:.0f} s")
    print(f"{max(asked['tested'] - failed, 0)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or skipped else 0


def main():
    password = secrets.token_urlsafe()
    with tempfile.TemporaryDirectory() as folder:
        server, base, token = start(os.environ["REHOME_SERVER_BIN"], folder + "/data")
        try:
            fill(base, token, password)
            report = Path(folder, "report.json")
            environment = {
                **os.environ,
                "REHOME_BASE": base,
                "REHOME_PASSWORD": password,
                "REHOME_OWNER": OWNER,
                "REHOME_LEAVER": LEAVER,
                "REHOME_VICTIM": VICTIM_ID,
                "PYTHONPATH": str(HERE),
            }
            program = [str(Path(sys.executable).with_name("schemathesis"))]
            arguments = ["--config-file", str(HERE / "schemathesis.toml"), "run"]
            arguments += [f"{base}/api/v1/openapi.json", "--url", base]
            arguments += ["--report-json-path", str(report), *sys.argv[1:]]
            ran = subprocess.run(program + arguments, cwd=folder, env=environment)
            told = json.loads(report.read_text())
            wrong = verdict(told)
            return ran.returncode or wrong
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
