"""The whole path over Gleaner's HTTP API: import, mine, approve, freeze, export. Needs Python 3.8 and nothing else.

  GLEANER_TOKEN=glr_... python3 gleaner_example.py EPISODES.jsonl ENVIRONMENT POLICY > train.jsonl
"""
import json, os, sys, time
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

URL = os.environ.get("GLEANER_URL", "http://127.0.0.1:3000") + "/api/v1"
HEADERS = {"Authorization": "Bearer " + os.environ["GLEANER_TOKEN"]}

def call(path, body=None):
    """A GET, or a POST where there is a body: bytes as they are, anything else as JSON. Answers the open response."""
    try:
        return urlopen(Request(URL + path, body if body is None or isinstance(body, bytes) else json.dumps(body).encode(), HEADERS))
    except HTTPError as refused:
        sys.exit("error: %s %s" % (path, refused.read().decode()))

def say(*words):
    print(*words, file=sys.stderr)

file, environment, policy = sys.argv[1:4]
stored = json.load(call("/imports?fileName=" + quote(os.path.basename(file)), open(file, "rb").read()))
while stored["state"] == "storing":
    time.sleep(0.5)
    stored = json.load(call("/imports/%d" % stored["importId"]))["import"]
say("imported:", stored["stored"], "stored,", stored["duplicates"], "already there,", stored["rejected"], "rejected")

environments = {row["name"]: row["environmentId"] for row in json.load(call("/environments"))["rows"]}
policies = {row["name"]: row["policyId"] for row in json.load(call("/policies"))["rows"]}
failures = {"source": "expert", "success": False, "environmentId": environments[environment]}
run = json.load(call("/runs", {"policyId": policies[policy], "selection": {"filter": failures}}))
while run["finishedAt"] is None:
    time.sleep(1)
    run = json.load(call("/runs/%d" % run["runId"]))["run"]
say("run", run["runId"], "is", run["state"])

for report in map(json.loads, call("/runs/%d/verdicts" % run["runId"])):
    say(report["subtaskKey"], [(action["step"], action["verdict"]) for action in report["actions"]])
    for action in report["actions"]:
        if action["verdict"] == "beneficial" and action["decision"] == "pending":
            call("/reviews", {"runId": run["runId"], "trajectoryId": report["trajectoryId"], "target": "step", "targetIndex": action["step"],
                              "decision": "approve", "reason": None, "note": None, "expectedVersion": action["version"]})

chosen = {"selection": {"filter": {"runId": run["runId"]}}, "runId": run["runId"], "reviewPolicy": "approved"}
dataset = json.load(call("/datasets", {"name": "set of run %d" % run["runId"], **chosen}))
say("dataset", dataset["datasetId"], "holds", dataset["exampleCount"], "examples:", dataset["contentHash"])
sys.stdout.buffer.write(call("/datasets/%d/export?format=openai&part=rows" % dataset["datasetId"]).read())
