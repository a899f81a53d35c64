"""Has a validator of SCIM (scim2-tester) create, read, change and delete people and groups at a server of ours.

    python end2end/check_scim.py http://127.0.0.1:3000/scim/v2    with the token in INDUCT_TOKEN

It fills what is required with random words. Two of Induct's rules stand in no schema, and so it is told of them here: what people sign in with
is an e-mail address, and a member of a group is somebody.
"""

import os
import sys
import uuid

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from scim2_tester import filling
from scim2_tester.checkers import patch_add, patch_replace

usual = filling.generate_random_value


def by_our_rules(context, path, mutability=None, required=None):
    name = str(path).rsplit(":", 1)[-1].lower()
    value = usual(context, path, mutability=mutability, required=required)
    if value is None:
        return None
    if name == "username":
        return f"{uuid.uuid4()}@northfield.example"
    if name == "usertype":
        return "learner"
    return value


for module in (filling, patch_add, patch_replace):
    module.generate_random_value = by_our_rules

http = Client(base_url=sys.argv[1], headers={"Authorization": f"Bearer {os.environ['INDUCT_TOKEN']}"})
client = SyncSCIMClient(http)
client.discover()
results = check_server(client)
failed = [result for result in results if result.status in (Status.ERROR, Status.CRITICAL)]
for result in results:
    print(result.status.name, result.title, (result.reason or "").replace("\n", " ")[:300])
print(f"{len(results)} checks, {len(failed)} failed")
sys.exit(1 if failed or not results else 0)
