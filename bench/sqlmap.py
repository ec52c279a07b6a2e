#!/usr/bin/env python3
"""Runs Debian's sqlmap over every operation of a running Chartroom that takes anything.

    ./run --port 8199                                        # with RateLimits__Work=1000000 RateLimits__Door=1000000 RateLimits__Stranger=1000000 RateLimits__Bulk=1000000
    bench/sqlmap.py http://127.0.0.1:8199 data/secrets/demo-accounts.json [--only /patients] [--jobs 2]

Operations, parameters and bodies come from /openapi.json. The last line says how many were tried and found; exit 1 when a parameter can be injected or an answer was a 5xx.
Never against a clinic in use: it writes thousands of rows.
"""
import argparse, base64, concurrent.futures, hashlib, hmac, json, os, pathlib, pty, re, struct, subprocess, sys, tempfile, time, urllib.error, urllib.request

# What passes the checks of fields of these names, so that a value comes as far as a statement.
VALUES = {"timeZone": "America/New_York", "phone": "(603) 555-0199", "mobile": "(603) 555-0111", "home": "(603) 555-0112", "work": "(603) 555-0113", "email": "quill@example.com", "state": "NH",
          "postalCode": "03301", "country": "US", "color": "teal", "birthDate": "1980-03-04", "sex": "female", "language": "en", "socialSecurityNumber": "219-09-9999", "npi": None, "role": "front_desk",
          "passwordPolicy": "rotation", "minutes": 25, "kind": "problem", "status": "active", "verification": "confirmed", "confirmed": True, "weekday": 1, "opens": "08:00", "closes": "17:00",
          "content": {"kind": "problem", "code": {"text": "Cough"}, "status": "active", "verification": "confirmed", "comments": ["since March"]}, "encounterId": None, "which": None, "roomId": None}

ROLES = {"SignNotes": "provider"}   # an admin may do everything else


def ask(url, method="GET", body=None, token=None):
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def code_of(secret):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    return f"{(struct.unpack('>I', mac[mac[-1] & 15:][:4])[0] & 0x7fffffff) % 10**6:06}"


def sign_in(base, account):
    answer = ask(f"{base}/api/v1/sessions", "POST", {"email": account["email"], "password": account["password"], "code": code_of(account["totpSecret"])})
    return answer["token"]


def schema_of(document, schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].split("/")[-1]]
    for kind in ("oneOf", "anyOf"):
        if schema.get(kind):
            return schema_of(document, schema[kind][-1])
    return schema


def example(document, schema, name, known, depth=0):
    schema = schema_of(document, schema)
    if name in VALUES:
        return VALUES[name]
    if depth > 5:
        return None
    if schema.get("enum"):
        return schema["enum"][0]
    if "properties" in schema:
        return {key: example(document, value, key, known, depth + 1) for key, value in schema["properties"].items()}
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next((it for it in kinds if it != "null"), "string")
    if kind == "array":
        return [example(document, schema.get("items", {}), name, known, depth + 1)]
    if kind in ("integer", "number"):
        return 15
    if kind == "boolean":
        return True
    formats = {"date": "2026-03-03", "time": "10:00", "date-time": "2026-03-03T15:00:00Z", "uuid": known.get("id")}
    if schema.get("format") in formats:
        return formats[schema["format"]]
    return known.get(name) or ("2026-03-03" if "date" in name.lower() else "Quill")


def things(base, token):
    """Ids of the demo clinic by the name of the parameter that takes them."""
    patient = ask(f"{base}/api/v1/patients?limit=1", token=token)["patients"][0]["id"]
    known = {"patientId": patient, "id": patient}
    entries = ask(f"{base}/api/v1/patients/{patient}/entries", token=token)
    known["entry"] = (entries.get("entries") or entries.get("items") or [{"id": patient}])[0]["id"]
    known["locationId"] = ask(f"{base}/api/v1/locations", token=token)[0]["id"]
    known["visitTypeId"] = ask(f"{base}/api/v1/visit-types", token=token)[0]["id"]
    known["providerId"] = next(it["id"] for it in ask(f"{base}/api/v1/staff", token=token) if it["role"] == "provider")
    return known


def requests_of(document, known, tokens, host):
    """Raw requests, those that end sessions last; what takes nothing is left out."""
    made = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            queries = [it["name"] for it in operation.get("parameters", []) if it["in"] == "query"]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if not (queries or body or "{" in path) or path.endswith("/imports"):
                continue
            filled = re.sub(r"\{(\w+)\}", lambda it: {"date": "2026-03-03", "step": "rooms"}.get(it[1]) or known.get(it[1]) or known["id"], path)
            filled = re.sub(r"/([^/?]*)$", r"/\1*", filled) if "{" in path.rsplit("/", 1)[1] else re.sub(r"(/" + re.escape(known["id"]) + r")(/|$)", r"\1*\2", filled)
            if queries:
                filled += "?" + "&".join(f"{name}={known.get(name) or '15'}" for name in queries)
            role = ROLES.get(operation.get("x-permission"), "admin")
            lines = [f"{method.upper()} {filled} HTTP/1.1", f"Host: {host}", 'If-Match: "1"', "Accept: application/json"]
            if operation.get("security"):
                lines.append(f"Authorization: Bearer {tokens[role]}")
            content = ""
            if body:
                content = json.dumps(example(document, body["schema"], "", known))
                lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
            made.append((f"{method.upper()} {path}", "\r\n".join(lines) + "\r\n\r\n" + content))
    return sorted(made, key=lambda it: ("/sessions" in it[0] or "/account" in it[0], it[0]))


def run(name, raw, folder, number, seconds):
    file = folder / f"{number}.http"
    file.write_text(raw)
    command = ["sqlmap", "-r", str(file), "--batch", "--level=1", "--risk=1", "--technique=BEUS", "--dbms=PostgreSQL", "--flush-session", "--disable-coloring",
               "--ignore-code=*", "--skip-urlencode", "-v", "1", f"--output-dir={folder / str(number)}"]
    terminal, typed = pty.openpty()   # without one it reads its targets from its input
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=typed).stdout
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace") + "\nOUT OF TIME"
    finally:
        os.close(terminal)
        os.close(typed)
    tested = len(re.findall(r"testing if .* parameter .* is dynamic|(?:heuristic|parameter) .*might not be injectable", said))
    found = re.findall(r"^Parameter: .*$", said, re.M)
    refused = re.findall(r"\b([45]\d\d) \([^)]*\) - (\d+) times", said)
    parameters = len(set(re.findall(r"testing for SQL injection on (.*)", said)))
    return name, parameters, found, refused, "OUT OF TIME" in said, said if not tested and not parameters else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("accounts", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=300, help="patience for one operation")
    options = parser.parse_args()
    accounts = {it["role"]: it for it in json.loads(options.accounts.read_text())}
    tokens = {role: sign_in(options.base, account) for role, account in accounts.items()}
    document = ask(f"{options.base}/openapi.json")
    known = things(options.base, tokens["admin"])
    requests = [it for it in requests_of(document, known, tokens, options.base.split("//")[1]) if options.only in it[0]]
    total, bad, late = 0, 0, 0
    with tempfile.TemporaryDirectory() as made, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(run, name, raw, pathlib.Path(made), number, options.seconds) for number, (name, raw) in enumerate(requests)]
        for job in jobs:
            name, parameters, found, refused, is_late, said = job.result()
            faults = [it for it in refused if it[0] != "503" and it[0] > "499"]
            total, late = total + parameters, late + is_late
            bad += len(found) + len(faults)
            print(name, f"{parameters} parameters", *(found or ["clean"]), *[f"{status} x {times}" for status, times in refused], "OUT OF TIME" if is_late else "", flush=True)
            if said:
                print("   ", " / ".join(said.strip().splitlines()[-8:])[:1500], flush=True)
    print(f"{len(requests)} operations, {total} parameters, {bad} found, {late} out of time")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
