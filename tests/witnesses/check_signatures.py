"""An independent implementation of OAuth 1.0a judges ours.

`judge PUBLIC_KEY`: requests on standard input, one JSON object a line; says how many base strings
and signatures are as they should be. `ask URL`: sends signed requests to an application; the key,
the consumer key and the token come on standard input.
"""

import json
import random
import sys
import urllib.error
import urllib.parse
import urllib.request

from oauthlib.common import Request
from oauthlib.oauth1 import SIGNATURE_RSA, Client
from oauthlib.oauth1.rfc5849 import signature


def judge(public_key):
    texts = signatures = 0
    for line in sys.stdin:
        case = json.loads(line)
        uri = case["url"]
        parameters = signature.collect_parameters(
            uri_query=urllib.parse.urlsplit(uri).query,
            body=[tuple(pair) for pair in case["form"]],
            headers={"Authorization": case["authorization"]},
        )
        text = signature.signature_base_string(
            case["method"],
            signature.base_string_uri(uri),
            signature.normalize_parameters(parameters),
        )
        if text != case["base_string"]:
            sys.exit(f"{uri}\n  oauthlib: {text}\n  applink:  {case['base_string']}")
        texts += 1
        if case["signed"]:
            request = Request(uri, http_method=case["method"])
            request.params = parameters
            fields = dict(
                field.split("=", 1)
                for field in case["authorization"].removeprefix("OAuth ").split(",")
            )
            request.signature = urllib.parse.unquote(fields["oauth_signature"].strip('"'))
            if not signature.verify_rsa_sha1(request, public_key):
                sys.exit(f"{uri}: the signature does not verify")
            signatures += 1
    print(texts, signatures)


def ask(url):
    given = json.load(sys.stdin)
    client = Client(
        given["consumer_key"],
        resource_owner_key=given["token"],
        signature_method=SIGNATURE_RSA,
        rsa_key=given["key"],
    )
    rng, accepted = random.Random(7), 0
    letters = "abc 012%&=+~*-._/éß東"
    for _ in range(100):
        pairs = [
            ("".join(rng.choices(letters, k=rng.randint(1, 6))), "".join(rng.choices(letters, k=rng.randint(0, 8))))
            for _ in range(rng.randint(0, 4))
        ]
        query = urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote)
        uri, headers, _ = client.sign(f"{url}?{query}" if query else url)
        headers["X-Atlassian-Token"] = "no-check"
        request = urllib.request.Request(uri, headers=headers)
        with urllib.request.urlopen(request) as answer:
            name = json.load(answer)["name"]
            assert name == given["user"], name
        accepted += 1
    print(accepted)


{"judge": judge, "ask": ask}[sys.argv[1]](sys.argv[2])
