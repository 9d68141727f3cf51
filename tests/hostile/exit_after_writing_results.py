# expect: crashed
# detail: exited 0
import json, os
for name in ("results.json", "junit.xml", "report.json"):
    with open(name, "w") as file:
        json.dump({"exercises": [{"id": "softmax", "status": "passed"}], "passed": 1}, file)
print('{"status": "passed"}')
os._exit(0)
