#!/usr/bin/env python3
"""An `external` data source for Terraform: whether two applications are linked, and how.

Reads {"local": "jira", "remote": "wiki"} from standard input and writes one flat object of
strings, as https://registry.terraform.io/providers/hashicorp/external/latest/docs asks for.
It only reads; making the link is `applink apply`.
"""
import json
import subprocess
import sys

query = json.load(sys.stdin)
run = subprocess.run(
    ["applink", "verify", query["local"], query["remote"], "--no-input", "-o", "json"],
    capture_output=True,
    text=True,
    check=False,
)
# 6: there is a link, and it is broken. That is an answer too.
if run.returncode not in (0, 6):
    sys.stderr.write(run.stderr)
    sys.exit(run.returncode or 1)
links = json.loads(run.stdout)["links"]
# A link that the state remembers and neither application has any more has no id.
link = links[0] if links and links[0]["id"] else {}
json.dump(
    {
        "linked": str(bool(link)).lower(),
        "status": link.get("status") or "missing",
        "code": link.get("code") or "",
        "id": link.get("id") or "",
    },
    sys.stdout,
)
