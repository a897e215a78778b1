# The same for Python: see kit.mjs. A status counts only when its body came whole.
import json
import sys


def whole(status, text):
    if status != 413:
        return str(status)
    try:
        return "413" if "error" in json.loads(text) else "413, other body"
    except ValueError:
        return "413, broken body"


def tally(upload):
    url, rounds, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    content = b"x" * size
    got = {}
    for number in range(rounds):
        try:
            status, text = upload(f"{url}/files/{number}.bin", content)
            key = whole(status, text)
        except Exception as problem:
            key = type(problem).__name__
        got[key] = got.get(key, 0) + 1
    print(json.dumps(got))
