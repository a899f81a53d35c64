#!/usr/bin/env python3
"""Checks an exported log, a receipt or an inspection pack: verify_log.py DIR_OR_FILE [--key FILE] [--known-head FILE] [--witness FILE]

Of a whole log, `--matrix DAY [--known-at ENTRY]` writes where everybody stood at the end of that day, as CSV, and what it found to be wrong
beside it, to standard error.

Written from server/engine/audit/FORMAT.md alone, with nothing but Python's own library, so that two programs that know nothing of one
another say the same. Ends with 0 (valid), 10 (valid in itself), 20 (of a later format), 30 (diverged) or 40 (invalid).
"""
import argparse
import base64
import datetime
import fractions
import hashlib
import hmac
import io
import json
import os
import re
import sys
import zipfile
import zlib

from log_matrix import NotRecomputed, matrix

VALID, NOT_ANCHORED, NOT_UNDERSTOOD, DIVERGED, INVALID = 0, 10, 20, 30, 40
KINDS = ("act", "by", "gate", "id", "net", "title", "why", "work")
# What names people, and may stand in a file of its own.
NAMING = ("act", "by", "id", "net", "title", "why")
MOST = 2**53 - 1

# What each kind of fact says: n a number, m one below 2**32, i a whole number of either sign, d a digest, s a text, l a list of texts, t a recipient; a question
# mark where it may be null, an asterisk where it may be missing.
FACTS = {
    "group-made": "group:n parent:n?",
    "group-moved": "group:n parent:n?",
    "group-renamed": "group:n",
    "group-ended": "group:n",
    "settings-changed": "sha256:d",
    "published": "thing:s version:m sha256:d edition:m requires:l*",
    "withdrawn": "thing:s version:m",
    "assigned": "programme:s to:t",
    "assignment-ended": "leaf:n",
    "exemption-ended": "leaf:n",
    "began": "",
    "left": "",
    "audience-begun": "audience:s",
    "audience-ended": "audience:s",
    "membership-begun": "group:n",
    "membership-ended": "group:n",
    "duty-given": "role:s group:n?",
    "duty-ended": "role:s group:n?",
    "details-set": "",
    "exempted": "thing:s until:s?",
    "attempts-given": "module:s attempts:m",
    "evidence-added": "day:s minutes:m sha256:d?",
    "evidence-ended": "leaf:n",
    "discussed": "module:s version:m sha256:d edition:m day:s",
    "discussion-answered": "leaf:n held:b",
    "completed": "module:s version:m sha256:d edition:m until:n minutes:m how:s*",
    "signed": "agreement:s version:m sha256:d statement:d until:n?",
    "declined": "agreement:s version:m sha256:d",
    "corrected": "leaf:n code:s replaced_by:n?",
    "erased": "basis:s leaves:n parts:n sha256:d",
    "exported": "sha256:d people:n",
    "people-imported": "sha256:d began:m changed:m",
    "import-undone": "sha256:d",
    "key-changed": "key:s was:s",
    "restored": "head:s",
    "clock-stepped": "seconds:i",
    "time-stamped": "sha256:d size:n",
}
# What is about nobody in particular. An assignment that was ended was that of whomever the entry is about that gave it.
NOBODYS = (
    "group-made group-moved group-renamed group-ended settings-changed published withdrawn erased exported people-imported import-undone key-changed "
    "restored clock-stepped time-stamped"
).split()
EARNED = ("refresher", "workshop", "side-by-side")
CODES = ("wrong-person", "wrong-date", "never-happened", "not-their-own", "other")


class Wrong(Exception):
    pass


class Later(Exception):
    pass


# Ed25519, as RFC 8032 describes it.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point_of(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def is_signed(public, message, signature):
    key, r = point_of(public), point_of(signature[:32])
    if key is None or r is None or same(times(8, key), (0, 1, 1, 0)) or same(times(8, r), (0, 1, 1, 0)):
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, key)))


# Canonical JSON.
def no_doubles(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Wrong("a key is doubled")
    return dict(pairs)


def refuse(_):
    raise Wrong("there is a number that is not whole")


def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_canonical(data):
    text = data if isinstance(data, str) else data.decode()
    value = json.loads(text, object_pairs_hook=no_doubles, parse_float=refuse, parse_constant=refuse)
    if canonical(value) != text:
        raise Wrong("it is not in its canonical form")
    return value


def shape(value, needed, perhaps=()):
    if not isinstance(value, dict) or not set(needed) <= set(value) <= set(needed) | set(perhaps):
        raise Wrong("it has not the right keys")
    return value


def number(value):
    if type(value) is not int or not 0 <= value <= MOST:
        raise Wrong("it is no number")
    return value


def small(value):
    if number(value) >= 2**32:
        raise Wrong("it is too large")
    return value


def day(text):
    if not isinstance(text, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Wrong("it is no day")
    datetime.date.fromisoformat(text)


def bytes_of(text):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Wrong("it is not 64 hexadecimal digits")
    return bytes.fromhex(text)


def sha256(data):
    return hashlib.sha256(data).digest()


def text_of(value):
    if not isinstance(value, str):
        raise Wrong("it is no text")
    return value


def recipient(value):
    if not isinstance(value, dict) or len(value) != 1:
        raise Wrong("it names no recipient")
    ((kind, to),) = value.items()
    {"audience": text_of, "group": number, "person": bytes_of}[kind](to)


def texts_of(value):
    if not isinstance(value, list) or not value:
        raise Wrong("it is no list of texts")
    for one in value:
        text_of(one)


def whole(value):
    if type(value) is not int or abs(value) > MOST:
        raise Wrong("it is no whole number")


def yes_or_no(value):
    if type(value) is not bool:
        raise Wrong("it is neither true nor false")


SHAPES = {"b": yes_or_no, "n": number, "m": small, "i": whole, "d": bytes_of, "s": text_of, "l": texts_of, "t": recipient}


def check_fact(value):
    """Refuses what is of no kind that is known, or says less or more than its kind."""
    if not isinstance(value, dict) or value.get("kind") not in FACTS:
        raise Wrong("it says something that there is not")
    says = dict(one.split(":") for one in FACTS[value["kind"]].split())
    shape(value, ["kind"] + [key for key, of in says.items() if "*" not in of], [key for key, of in says.items() if "*" in of])
    for key, of in says.items():
        if key in value and not ("?" in of and value[key] is None):
            SHAPES[of[0]](value[key])
    if value["kind"] == "corrected" and value["code"] not in CODES:
        raise Wrong("it was corrected for no reason that there is")
    if value["kind"] == "completed" and value.get("how", EARNED[0]) not in EARNED:
        raise Wrong("it was passed in no way that there is")


def about_somebody(fact, acts):
    if fact["kind"] == "assigned":
        return "person" in fact["to"]
    if fact["kind"] == "assignment-ended":
        given = acts[fact["leaf"]][0]["facts"] if fact["leaf"] in acts else []
        return any(one["kind"] != "assignment-ended" and about_somebody(one, acts) for one in given)
    return fact["kind"] not in NOBODYS


def keyed(key, *pieces):
    return hmac.new(key, b"\0".join(pieces), hashlib.sha256).digest()


# The tree of RFC 6962.
def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def root_of(hashes):
    """The root of each prefix would be asked for by halves; the largest power of two below the size stands on the left."""
    if not hashes:
        return sha256(b"")
    stack = []
    for place, one in enumerate(hashes):
        stack.append(one)
        while place & 1:
            right = stack.pop()
            stack.append(sha256(b"\1" + stack.pop() + right))
            place >>= 1
    while len(stack) > 1:
        right = stack.pop()
        stack.append(sha256(b"\1" + stack.pop() + right))
    return stack[0]


def roots_of(hashes, sizes):
    """The root of each prefix of these sizes, in one pass: an export may hold a head an hour."""
    roots, stack = ({0: sha256(b"")} if 0 in sizes else {}), []
    for place, one in enumerate(hashes):
        stack.append(one)
        joins = place
        while joins & 1:
            right = stack.pop()
            stack.append(sha256(b"\1" + stack.pop() + right))
            joins >>= 1
        if place + 1 in sizes:
            root = stack[-1]
            for left in reversed(stack[:-1]):
                root = sha256(b"\1" + left + root)
            roots[place + 1] = root
    return roots


def root_by_proof(place, size, leaf, proof):
    if place >= size:
        raise Wrong("the leaf is not in the log")
    at, last, result = place, size - 1, leaf
    for one in proof:
        if last == 0:
            raise Wrong("the proof is too long")
        if at & 1 or at == last:
            result = sha256(b"\1" + one + result)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            result = sha256(b"\1" + result + one)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the proof is too short")
    return result


# Notes.
LOG, WITNESS = 1, 4


def key_of(text, kind=LOG):
    name, digits, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if len(raw) != 33 or raw[0] != kind or digits != sha256(name.encode() + b"\n" + raw)[:4].hex():
        raise Wrong("it is no key of a log, or of a witness")
    return name, bytes.fromhex(digits), raw[1:]


def open_note(note, key):
    name, digits, public = key
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, by, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and by == name and raw[:4] == digits:
            if len(raw) == 68 and is_signed(public, text.encode(), raw[4:]):
                break
            raise Wrong("a signature is wrong")
    else:
        raise Wrong("the key that is trusted has not signed it")
    origin, size, root, *rest = text.split("\n")
    if origin != name or rest != [""] or str(int(size)) != size:
        raise Wrong("it is no head of this log")
    return int(size), base64.b64decode(root, validate=True)


def cosigned_at(note, witness):
    """When a witness, by its key, says that it saw a head. None: it does not say so."""
    if not witness:
        return None
    name, digits, public = key_of(witness, WITNESS)
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        dash, by, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and by == name and raw[:4] == digits and len(raw) == 76 and raw[4] < 128:
            at = int.from_bytes(raw[4:12], "big")
            if is_signed(public, f"cosignature/v1\ntime {at}\n{text}\n".encode(), raw[12:]):
                return at
    return None


class Keys:
    """The keys of a log, each from the entry on by which the one before it handed over."""

    def __init__(self, first):
        self.keys, self.leaves = [first], []

    def hand_over(self, n, fact):
        was, key = key_of(fact["was"]), key_of(fact["key"])
        if was != self.keys[-1] or key == was or key[0] != was[0] or self.leaves and n <= self.leaves[-1]:
            raise Wrong("it does not hand over from the key before it to another")
        self.keys.append(key)
        self.leaves.append(n)

    def open(self, note):
        """The head of a note that every key has signed that signs heads of its size."""
        said = int(note.split("\n")[1])
        before = sum(n + 1 < said for n in self.leaves)
        both = said - 1 in self.leaves
        return [open_note(note, key) for key in self.keys[before : before + 1 + both]][0]


def keys_of_entries(named, entries):
    """The keys that entries hand over, each proved by the head behind it."""
    keys = None
    for entry in entries:
        opened = shape(entry, ("leaf", "opened", "proof"))["opened"]
        n = number(opened["n"])
        leaf = shape(read_canonical(entry["leaf"]), "cntvw")
        if leaf["n"] != n or keyed(bytes_of(opened["salt"]), b"induct/envelope/1", opened["envelope"].encode()).hex() != leaf["c"]:
            raise Wrong("an entry that hands over to another key is not what it is said to be")
        fact = next(one for one in read_canonical(opened["envelope"])["facts"] if one["kind"] == "key-changed")
        check_fact(fact)
        keys = keys or Keys(key_of(fact["was"]))
        keys.hand_over(n, fact)
        if proved(entry, n, keys)[0] != n + 1:
            raise Wrong("an entry that hands over to another key is not proved by the head behind it")
    keys = keys or Keys(named)
    if keys.keys[-1] != named:
        raise Wrong("its entries hand over to another key than it names")
    return keys


class Check:
    def __init__(self, origin, openings, withheld, erased, texts, whole):
        self.origin, self.openings, self.withheld = origin, openings, withheld
        self.erased, self.whole, self.faults, self.acts = erased, whole, [], {}
        self.texts, self.set_back, self.later = set(), None, set()
        self.notes, self.signatures = set(), {"all": 0, "shown": 0, "on_claimed": 0, "claimed": 0}
        for name, data in texts.items():
            if sha256(data).hex() == name:
                self.texts.add(name)
            else:
                self.faults.append(f"the text {name} was altered")

    def fault(self, n, what):
        self.faults.append(f"entry {n}: {what}")

    def note(self, kind, n, of=None):
        self.notes.add((list(NOTES).index(kind), n, -1 if of is None else of))

    def leaf(self, data, n):
        """Reads a leaf. None: it is of a later format."""
        version = json.loads(data).get("v")
        if type(version) is int and version > 1:
            self.later.add(n)
            self.note("later", n)
            return None
        leaf = shape(read_canonical(data), "cntvw")
        if leaf["v"] != 1 or number(leaf["n"]) != n:
            raise Wrong("it is not where it says")
        number(leaf["t"]), bytes_of(leaf["c"]), bytes_of(leaf["w"])
        return leaf

    def opening(self, leaf, opened):
        n = leaf["n"]
        shape(opened, ("envelope", "n", "parts", "salt"), ("person",))
        salt = bytes_of(opened["salt"])
        if keyed(salt, b"induct/envelope/1", opened["envelope"].encode()).hex() != leaf["c"]:
            raise Wrong("it does not open")
        if "person" in opened and keyed(salt, b"induct/who/1", bytes_of(opened["person"])).hex() != leaf["w"]:
            raise Wrong("it is somebody else's")
        envelope = shape(read_canonical(opened["envelope"]), ("at", "facts", "parts"), ("claimed", "on"))
        if envelope.get("claimed", True) is not True or not isinstance(envelope["facts"], list):
            raise Wrong("it is no envelope")
        for one in envelope["facts"]:
            check_fact(one)
        for kind, part in opened["parts"].items():
            shape(part, ("part", "salt"))
            digest = keyed(bytes_of(part["salt"]), b"induct/part/1", kind.encode(), part["part"].encode()).hex()
            if envelope["parts"].get(kind) != digest:
                self.fault(n, f"the part {kind} was altered")
            if self.gone(n, kind):
                self.fault(n, f"the part {kind} is listed as erased")
        for kind in envelope["parts"]:
            if kind not in KINDS:
                raise Wrong("it has a part that there is not")
            if kind not in opened["parts"] and (kind == "gate" or kind not in self.withheld and not self.gone(n, kind)):
                self.fault(n, f"the part {kind} is missing")
        self.times(leaf, envelope)
        gate = opened["parts"].get("gate")
        passes = [] if gate is None else [number(one) for one in shape(read_canonical(gate["part"]), ("passes",))["passes"]]
        self.acts[n] = (envelope, opened.get("person"), passes, leaf["t"])

    def times(self, leaf, envelope):
        for fact in envelope["facts"]:
            if fact["kind"] == "clock-stepped" and fact["seconds"] < 0:
                self.set_back = (leaf["t"], -fact["seconds"] * 1000)
        behind = self.set_back[1] if self.set_back and self.set_back[0] == leaf["t"] else 0
        at, begins = number(envelope["at"]), leaf["t"] * 1000
        if envelope.get("claimed"):
            self.note("claimed", leaf["n"])
        elif not begins - 60_000 - behind <= at <= begins + 999:
            self.fault(leaf["n"], "it was not appended when it was decided")
        if "on" in envelope:
            day(envelope["on"])
            since = datetime.date.fromisoformat(envelope["on"]).toordinal() - datetime.date(1970, 1, 1).toordinal()
            if (since + 7) * 86_400_000 < begins:
                self.note("late", leaf["n"])
        for fact in envelope["facts"]:
            if fact["kind"] in ("clock-stepped", "key-changed", "restored"):
                self.note(fact["kind"], leaf["n"])
            elif fact["kind"] == "corrected":
                self.note("corrected", fact["leaf"], leaf["n"])

    def gone(self, n, kind=None):
        within = lambda ranges: any(first <= n <= last for first, last in ranges)
        parts = self.erased.get("parts", {})
        return within(self.erased.get("envelopes", ())) or kind is not None and within(parts.get(kind, ()))

    def erased_list(self, size):
        """The list is in order, and of what there was."""
        for kind, ranges in [(None, self.erased.get("envelopes", []))] + list(self.erased.get("parts", {}).items()):
            if kind is not None and (kind not in KINDS or not ranges):
                raise Wrong("the list of what was erased has a kind that there is not, or nothing of one")
            end = -1
            for first, last in ranges:
                if not end < number(first) <= number(last) < size:
                    raise Wrong("the list of what was erased is not in order")
                end = last
                for n in range(first, last + 1):
                    if kind and n in self.acts and kind not in self.acts[n][0]["parts"]:
                        raise Wrong("something is listed as erased that never was there")

    def said(self):
        """Whatever the entries say together: texts that are named, and gates."""
        editions, agreements, corrected = {}, {}, {}
        discussed, answered, confirmed = {}, set(), []
        for n in sorted(self.acts):
            envelope, person, passes, _ = self.acts[n]
            if person is None and any(about_somebody(fact, self.acts) for fact in envelope["facts"]):
                self.fault(n, "it is about somebody, and does not say about whom")
            for fact in envelope["facts"]:
                kind = fact["kind"]
                named = [fact["sha256"], fact["statement"]] if kind == "signed" else []
                if self.whole and kind in ("published", "settings-changed"):
                    named = [fact["sha256"]]
                if any(digest not in self.texts for digest in named):
                    self.fault(n, "a text is missing")
                if kind == "published":
                    of, name = fact["thing"].split("/", 1)
                    if of == "module":
                        editions[name] = fact["edition"]
                    elif of == "agreement":
                        agreements[name, fact["version"]] = fact["sha256"], fact.get("requires", [])
                elif kind == "discussed":
                    discussed[n] = person, fact["module"], fact["edition"]
                elif kind == "discussion-answered" and self.whole:
                    of = fact["leaf"]
                    if of in self.later:
                        continue
                    if person is None or of in answered or discussed.get(of, (None,))[0] != person:
                        self.fault(n, "it answers for a discussion that is not there, or was answered before")
                    elif fact["held"]:
                        confirmed.append(of)
                    answered.add(of)
                elif kind == "completed" and fact.get("how") == "side-by-side" and self.whole:
                    of_it = [of for of in confirmed if discussed[of] == (person, fact["module"], fact["edition"])]
                    if of_it:
                        confirmed.remove(max(of_it))
                    elif not self.may_be_beyond(n):
                        self.fault(n, "it is a pass after a discussion that nobody confirmed before it")
                elif kind == "corrected":
                    corrected.setdefault(fact["leaf"], n)
                elif kind == "signed":
                    published, requires = agreements.get((fact["agreement"], fact["version"]), (None, []))
                    self.signatures["all"] += 1
                    if published != fact["sha256"]:
                        if self.may_be_beyond(n):
                            self.note("not-shown", n)
                        else:
                            self.fault(n, "it is a signature of what was not published by then")
                        continue
                    opened = [self.gate(n, module, editions.get(module, 0), corrected) for module in requires]
                    if "beyond" in opened:
                        self.note("not-shown", n)
                    elif "shut" not in opened:
                        self.signatures["claimed" if envelope.get("claimed") else "shown"] += 1
                        self.signatures["on_claimed"] += "claimed" in opened and not envelope.get("claimed")
        for n, (_, _, passes, _) in self.acts.items():
            for at in passes:
                if at in corrected:
                    self.note("pass-corrected", n, at)

    def may_be_beyond(self, n):
        """What an entry stands on may be in an earlier one of a later format."""
        return any(at < n for at in self.later)

    def gate(self, n, module, edition, corrected):
        """By what a gate was open for a module: "recorded" or "claimed", or "beyond" what is understood, or "shut"."""
        envelope, person, passes, t = self.acts[n]
        found = []
        for at in passes:
            if at not in self.acts:
                continue
            passed, theirs, _, then = self.acts[at]
            counts = any(
                fact["kind"] == "completed"
                and fact["module"] == module
                and fact["until"] > envelope["at"]
                and fact["edition"] >= edition
                for fact in passed["facts"]
            )
            if at < n and person is not None and theirs == person and passed["at"] <= envelope["at"] and then <= t and at not in corrected and counts:
                found.append("claimed" if passed.get("claimed") else "recorded")
        if found:
            return max(found)
        if any(at < n and at in self.later for at in passes):
            return "beyond"
        self.fault(n, f"it was signed without a pass of {module} that counted")
        return "shut"


def attempt(check, n, what):
    try:
        return what()
    except (Wrong, ValueError, KeyError, TypeError, AttributeError) as error:
        check.fault(n, str(error) or "it cannot be read")
        return None


def verify_whole(files, key, known, witness):
    file = files.__getitem__

    def below(folder):
        start = folder + "/"
        return {name[len(start) :]: data for name, data in files.items() if name.startswith(start)}

    manifest = read_canonical(file("manifest.json"))
    if manifest.get("format") != 1:
        raise Later
    shape(manifest, ("format", "key", "origin", "size", "withheld"))
    if not isinstance(manifest["withheld"], list) or any(kind not in KINDS for kind in manifest["withheld"]):
        raise Wrong("it withholds what there is not")
    leaves = file("leaves").split(b"\n")[:-1]
    openings, last = {}, -1
    for line in file("openings").split(b"\n")[:-1]:
        opened = read_canonical(line)
        if number(opened["n"]) <= last:
            raise Wrong("what opens the entries is not in order")
        last = opened["n"]
        openings[last] = opened
    withheld = manifest["withheld"]
    if not set(withheld) <= set(KINDS):
        raise Wrong("it withholds a kind of part that there is not")
    if "names" in files:
        last = -1
        for line in file("names").split(b"\n")[:-1]:
            named = shape(read_canonical(line), ("n", "parts"))
            opened = openings.get(named["n"])
            apart = set(named["parts"]) <= set(withheld) & set(NAMING)
            if number(named["n"]) <= last or opened is None or not apart or set(named["parts"]) & set(opened["parts"]):
                raise Wrong("what names people is not in order, or does not stand apart")
            last = named["n"]
            opened["parts"].update(named["parts"])
        withheld = [kind for kind in withheld if kind not in NAMING]
    has_erased = "erased.json" in files
    erased = shape(read_canonical(file("erased.json")), ("envelopes", "parts")) if has_erased else {}
    check = Check(manifest["origin"], openings, withheld, erased, below("texts"), True)
    named = key_of(manifest["key"])
    if named[0] != manifest["origin"]:
        check.faults.append("it names another log")
    if manifest["size"] != len(leaves):
        check.faults.append("there are more or fewer entries than it says")
    before = 0
    for n, data in enumerate(leaves):
        leaf = attempt(check, n, lambda: check.leaf(data, n))
        if leaf is None:
            continue
        if leaf["t"] < before:
            check.fault(n, "it is dated before the one before it")
        before = max(before, leaf["t"])
        if n in openings and not check.gone(n):
            attempt(check, n, lambda: check.opening(leaf, openings[n]))
        elif (n in openings) == check.gone(n):
            check.fault(n, "it is neither opened nor erased, or both")
    if openings and max(openings) >= len(leaves):
        check.faults.append("something opens an entry that there is not")
    hashes = [leaf_hash(data) for data in leaves]
    # What is called otherwise than by a size is no head, and none of the log's files.
    heads = {size: note for size, note in below("checkpoints").items() if re.fullmatch("0|[1-9][0-9]*", size) and int(size) < 2**64}
    said = [(n, fact) for n in sorted(check.acts) for fact in check.acts[n][0]["facts"]]
    restored = [(n, fact["head"]) for n, fact in said if fact["kind"] == "restored"]
    handed = [(n, fact) for n, fact in said if fact["kind"] == "key-changed" and n >= (restored[-1][0] if restored else 0)]
    former = bool(key) and key_of(key)[0] != manifest["origin"] and any(is_head_of(head, key_of(key)) for _, head in restored)
    for place, (n, head) in enumerate(restored):
        then = restored[place + 1][1].split("\n")[0] if place + 1 < len(restored) else manifest["origin"]
        attempt(check, n, lambda: goes_on(head, then, n, root_of(hashes[:n])))
    pinned = Keys(key_of(handed[0][1]["was"]) if handed else named)
    for n, fact in handed:
        attempt(check, n, lambda: pinned.hand_over(n, fact))
        if str(n + 1) not in heads:
            check.fault(n, "the head behind it is not there")
    if pinned.keys[-1] != named or key and not former and key_of(key) not in pinned.keys:
        check.faults.append("it names another key than the one that is trusted")
    if str(len(leaves)) not in heads:
        check.faults.append("there is no signed head of the whole log")
    roots = roots_of(hashes, {int(size) for size in heads})
    for size, note in heads.items():
        attempt(check, size, lambda: same_head(pinned.open(note.decode()), (int(size), roots.get(int(size)))))
    lists = [fact["sha256"] for n in sorted(check.acts) for fact in check.acts[n][0]["facts"] if fact["kind"] == "erased"]
    if (lists[-1] if lists else None) != (sha256(file("erased.json")).hex() if has_erased else None):
        check.faults.append("the list of what was erased is not the one that the log has")
    attempt(check, len(leaves), lambda: check.erased_list(len(leaves)))
    check.said()

    def goes_on_from_known():
        try:
            size, root = pinned.open(known)
            return size <= len(leaves) and root_of(hashes[:size]) == root
        except (Wrong, ValueError, IndexError):
            return False

    seen = [(int(size), cosigned_at(note.decode(), witness)) for size, note in heads.items() if not check.faults]
    seen = max(((size, at) for size, at in seen if at is not None), default=None)
    if check.faults:
        status = INVALID
    elif former or known and not goes_on_from_known():
        status = DIVERGED
    elif check.later:
        status = NOT_UNDERSTOOD
    else:
        status = VALID if key and (known or seen) else NOT_ANCHORED
    gone = sum(check.gone(n) for n in range(len(leaves)))
    told = Told(status, check, f"The log {manifest['origin']}", len(leaves), gone)
    if told.holds():
        told.proved.append("Nothing in it was altered, removed, inserted or moved since its head was signed.")
        told.proved.append("Every text that was published or signed is there, as it was.")
        told.saw(seen, witness)
        if known:
            told.proved.append("It goes on from the head that you gave.")
        if seen and seen[0] < len(leaves):
            told.not_proved.append(f"Whether the {len(leaves) - seen[0]} entries behind what the witness saw are the only ones that were signed.")
    told.lacks(key, known or seen)
    own = ("manifest.json", "leaves", "openings", "names", "erased.json")
    own += tuple(f"checkpoints/{size}" for size in heads)
    beside = sorted(name for name in files if name not in own and not name.startswith("texts/"))
    if beside:
        more = f" and {len(beside) - MOST_OF_A_KIND} more" if len(beside) > MOST_OF_A_KIND else ""
        shown = ", ".join(name if name.isprintable() else ascii(name) for name in beside[:MOST_OF_A_KIND])
        told.not_proved.append(f"What {shown}{more} may say: that stands beside the log, and nothing in it vouches for it.")
    return told


def is_head_of(note, key):
    try:
        return open_note(note, key) is not None
    except (Wrong, ValueError):
        return False


def goes_on(note, then, n, root):
    """A copy was restored: its head is that of the entries before the one that says so, and it was of another name."""
    origin, size, said = note.partition("\n\n")[0].split("\n")[:3]
    if origin == then or size != str(n) or base64.b64decode(said, validate=True) != root:
        raise Wrong("it says that the log goes on from a copy, which is not what stands before it")


def same_head(said, found):
    if said != found:
        raise Wrong("the head is not of these entries")


def verify_receipt(data, key, known, witness):
    if json.loads(data).get("format") != 1:
        raise Later
    extract = shape(read_canonical(data), ("entries", "format", "key", "origin", "texts"), ("keys",))
    texts = {name: text.encode() for name, text in extract["texts"].items()}
    check = Check(extract["origin"], {}, KINDS, {}, texts, False)
    named = key_of(extract["key"])
    pinned = keys_of_entries(named, extract.get("keys", []))
    if named[0] != extract["origin"] or key and key_of(key) not in pinned.keys:
        check.faults.append("it names another log, or another key than the one that is trusted")
    if extract.get("keys", True) == []:
        raise Wrong("it has an empty list of keys")
    heads, last = [], -1
    for entry in extract["entries"]:
        n = shape(entry, ("leaf", "opened", "proof"))["opened"]["n"]
        if n <= last:
            check.fault(n, "it is not in order")
        last = n
        leaf = attempt(check, n, lambda: check.leaf(entry["leaf"].encode(), n))
        head = attempt(check, n, lambda: proved(entry, n, pinned))
        if leaf is None:
            continue
        heads.append(head)
        attempt(check, n, lambda: check.opening(leaf, entry["opened"]))
    for entry in extract.get("keys", []):
        check.note("key-changed", entry["opened"]["n"])
    check.said()
    if not extract["entries"]:
        check.faults.append("there is no entry in it")
    head, other = None, False
    if known and not check.faults:
        try:
            head = pinned.open(known)
            other = any(size == head[0] and root != head[1] for size, root in heads)
        except (Wrong, ValueError, IndexError):
            other = True
    seen = None
    if not check.faults and not check.later:
        ats = [(one[0], cosigned_at(entry["proof"].partition("\n\n")[2], witness)) for one, entry in zip(heads, extract["entries"])]
        seen = min(ats) if all(at is not None for _, at in ats) else None
    if check.faults:
        status = INVALID
    elif other:
        status = DIVERGED
    elif check.later:
        status = NOT_UNDERSTOOD
    else:
        status = VALID if key and (seen or all(one == head for one in heads)) else NOT_ANCHORED
    told = Told(status, check, f"Some entries of the log {extract['origin']}", len(extract["entries"]), 0)
    if told.holds():
        told.proved.append("These entries are in the log, and say what they said when they were written.")
        if check.signatures["all"]:
            told.proved.append("The text that was signed is the one that stands in it.")
        told.saw(seen, witness)
    told.lacks(key, seen or head and all(one == head for one in heads))
    told.not_proved.append("Whether anything else was recorded, such as a correction or a newer version: only the whole log can show that.")
    return told


def proved(entry, n, key):
    """The head by which an entry is in the log. `key`: the keys of the log."""
    proof, _, note = entry["proof"].partition("\n\n")
    header, index, *hashes = proof.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or index != f"index {n}":
        raise Wrong("it has no proof")
    size, root = key.open(note)
    hashes = [base64.b64decode(one, validate=True) for one in hashes]
    if root_by_proof(n, size, leaf_hash(entry["leaf"].encode()), hashes) != root:
        raise Wrong("it is not shown to be in the log")
    return size, root


# Packs.
def places(sizes, sample):
    """How many are drawn of each group: one after the other, for the one with the most people for each place that it has."""
    given = [0] * len(sizes)
    for _ in range(min(sample, sum(sizes))):
        first = lambda at: (given[at] > 0, -fractions.Fraction(sizes[at], given[at] or 1) if given[at] else 0, -sizes[at], at)
        given[min((at for at in range(len(sizes)) if given[at] < sizes[at]), key=first)] += 1
    return given


def drawn_by(population, sample, word, head):
    text = head.partition("\n\n")[0] + "\n"
    rank = lambda person: sha256(b"\0".join([b"induct/sample/1", word.encode(), text.encode(), bytes_of(person)]))
    groups = population["groups"]
    drawn = []
    for group, count in zip(groups, places([len(group["people"]) for group in groups], sample)):
        drawn += [(group["group"], person) for person in sorted(group["people"], key=rank)[:count]]
    return drawn


def read_population(data):
    population = shape(read_canonical(data), ("groups",))
    everybody, before = [], -2
    for group in population["groups"]:
        shape(group, ("group", "people"))
        here = -1 if group["group"] is None else number(group["group"])
        for person in group["people"]:
            bytes_of(person)
        if here <= before or not group["people"] or group["people"] != sorted(group["people"]):
            raise Wrong("the list of those among whom people were drawn is not in order")
        before = here
        everybody += group["people"]
    if len(set(everybody)) != len(everybody):
        raise Wrong("somebody is twice among those who could be drawn")
    return population


def verify_pack(files, key, known, witness):
    data = files["pack.json"]
    if json.loads(data).get("format") != 1:
        raise Later
    pack = shape(read_canonical(data), ("drawn", "files", "format", "head", "key", "on", "sample", "word"), ("keys",))
    pinned = keys_of_entries(key_of(pack["key"]), pack.get("keys", []))
    if key and key_of(key) not in pinned.keys or pack.get("keys", True) == []:
        raise Wrong("it names another key than the one that is trusted")
    head = pinned.open(pack["head"])
    day(pack["on"])
    faults, later, told, entries = [], False, [], 0
    signatures = {"all": 0, "shown": 0, "on_claimed": 0, "claimed": 0}
    left = lambda name: name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
    named = set(pack["files"])
    faults += [f"{name} is not the file that the manifest names" for name, digest in pack["files"].items() if sha256(files.get(name, b"")).hex() != digest]
    faults += [f"{name} is named by nobody" for name in files if name not in named and name not in ("pack.json", "exported.json") and not left(name)]
    faults += [f"{name} is not named" for name in ["population.json"] + [one["file"] for one in pack["drawn"]] if name not in named]
    population = read_population(files["population.json"])
    for one in pack["drawn"]:
        shape(one, ("file", "group", "person"))
    if drawn_by(population, number(pack["sample"]), pack["word"], pack["head"]) != [(one["group"], one["person"]) for one in pack["drawn"]]:
        faults.append("by this word and this head, others should have been drawn")
    for one in pack["drawn"]:
        data_of = files[one["file"]]
        try:
            said = verify_receipt(data_of, pack["key"], None, None)
            faults += [f"{one['file']}: {fault}" for fault in said.faults]
            told += [(rank, n, of, one["file"]) for rank, n, of in said.check.notes]
            signatures = {kind: count + said.check.signatures[kind] for kind, count in signatures.items()}
            later = later or said.status == NOT_UNDERSTOOD
        except Later:
            later = True
            continue
        extract = json.loads(data_of)
        owners = [entry["opened"].get("person") for entry in extract["entries"]]
        entries += sum(owner == one["person"] for owner in owners)
        if extract["key"] != pack["key"] or any(entry["proof"].partition("\n\n")[2] != pack["head"] for entry in extract["entries"]):
            faults.append(f"{one['file']} is of another log or another head")
        if one["person"] not in owners or not set(owners) <= {one["person"], None}:
            faults.append(f"{one['file']} is not of the person who was drawn, or not only of them")
    said = {"kind": "exported", "people": len(pack["drawn"]), "sha256": sha256(data).hex()}
    exported = files["exported.json"]
    noted = verify_receipt(exported, pack["key"], None, None)
    envelopes = [json.loads(entry["opened"]["envelope"]) for entry in json.loads(exported)["entries"]]
    if noted.faults or not any(said in envelope["facts"] for envelope in envelopes):
        faults.append("the log does not say that this very pack was given away")
    known_head, other = None, False
    if known and not faults:
        try:
            known_head = pinned.open(known)
            other = known_head[0] == head[0] and known_head != head
        except (Wrong, ValueError, IndexError):
            other = True
    at = None if faults else cosigned_at(pack["head"], witness)
    if faults:
        status = INVALID
    elif other:
        status = DIVERGED
    elif later:
        status = NOT_UNDERSTOOD
    else:
        status = VALID if key and (known_head == head or at is not None) else NOT_ANCHORED
    about = f"An inspection pack: {len(pack['drawn'])} of {sum(len(group['people']) for group in population['groups'])} people, drawn by the word {pack['word']!r}"
    found = Told(status, None, about, entries, 0, faults, told, signatures)
    if found.holds():
        found.proved.append("Those were drawn whom the word and the head say, and the log says of them what stands here.")
        found.proved.append("The log says that this very pack was given away.")
        found.saw(None if at is None else (head[0], at), witness)
    found.lacks(key, known_head == head or at is not None)
    if status == NOT_ANCHORED:
        found.not_proved.append("Whether the head was signed before the word was known: note a head first, then give the word.")
    found.not_proved.append("Whether anybody is missing among whom they were drawn, or anything about them: only the whole log can show that.")
    return found


def files_of(path):
    """The files of a folder or an archive, without the folder in which all of them stand. None: it is neither."""
    files = {}
    if os.path.isdir(path):
        for folder, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(folder, name)
                with open(whole, "rb") as opened:
                    files[os.path.relpath(whole, path).replace(os.sep, "/")] = opened.read()
    else:
        with open(path, "rb") as opened:
            data = opened.read()
        if not data.startswith(b"PK"):
            return None
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    folder = min(files, default="").partition("/")[0] + "/"
    within = files and all(name.startswith(folder) for name in files)
    return {name[len(folder) :]: data for name, data in files.items()} if within else files


# What must be seen, in this order, and what is said of so many more.
NOTES = {
    "restored": ("at entry {n} the log goes on from a copy that was restored", "times that a copy was restored"),
    "later": ("entry {n} is of a later format", "entries of a later format"),
    "not-shown": ("what signature {n} stands on is in an entry of a later format", "signatures whose gate is not shown"),
    "pass-corrected": ("entry {of}, on which signature {n} stands, was corrected", "passes that were corrected and on which signatures stand"),
    "clock-stepped": ("at entry {n} somebody said that the clock was right although it stepped", "steps of the clock"),
    "key-changed": ("from entry {n} on another key signs; the one before has signed that", "keys that followed"),
    "corrected": ("entry {n} was corrected by entry {of}", "corrected entries"),
    "late": ("entry {n} was recorded more than a week after the day from which it holds", "late entries"),
    "claimed": ("entry {n} was on record before the log began", "entries from before the log"),
}
WRITTEN_OUT, MOST_OF_A_KIND = 50, 10


def in_short(lines, more):
    """Of many lines the first of each kind, and how many more. `lines`: each with its kind, and all of a kind together."""
    kinds, short = {}, []
    for kind, line in lines:
        kinds.setdefault(kind, []).append(line)
    for kind, of_it in kinds.items():
        shown = of_it if len(lines) <= WRITTEN_OUT else of_it[:MOST_OF_A_KIND]
        short += shown + ([f"… and {len(of_it) - len(shown)} more {more(kind)}"] if len(shown) < len(of_it) else [])
    return short


class Told:
    """What came of checking something: the status, what is wrong, and what to tell a person."""

    def __init__(self, status, check, about, entries, gone, faults=None, notes=None, signatures=None):
        self.status, self.check, self.entries, self.gone = status, check, entries, gone
        self.about = about
        self.faults = check.faults if check else faults
        self.noted = [(*one, None) for one in check.notes] if check else notes or []
        self.signatures = check.signatures if check else signatures
        self.opened = len(check.acts) if check else entries
        self.proved, self.not_proved = [], []
        if self.signatures and self.holds():
            self.signed()

    def holds(self):
        return self.status <= NOT_UNDERSTOOD

    def signed(self):
        every, shown, on_claimed, claimed = (self.signatures[kind] for kind in ("all", "shown", "on_claimed", "claimed"))
        worth = "what was on record before the log began is worth as much as what it was copied from"
        if shown:
            self.proved.append(f"Of {every} signatures, {shown} were made once everything had been passed that they required.")
        if on_claimed:
            self.not_proved.append(f"Whether all was passed on which {on_claimed} of these signatures stand: {worth}.")
        if claimed:
            self.not_proved.append(f"When, by whom and after what {claimed} of {every} signatures were made: {worth}.")
        if every > shown + claimed:
            which = ", ".join(str(n) for rank, n, *_ in sorted(self.noted, key=lambda one: one[:3]) if list(NOTES)[rank] == "not-shown")
            self.not_proved.append(f"On what {every - shown - claimed} of {every} signatures stand, which is not understood: {which}.")

    def saw(self, seen, witness):
        if seen:
            name = witness.split("+")[0]
            self.proved.append(f"The witness {name} saw the log with its first {seen[0]} entries at {seen[1]} (seconds since 1970): none of them was altered since.")

    def lacks(self, key, anchor):
        """What is missing from elsewhere."""
        if not self.holds():
            return
        if not key:
            self.not_proved.append("Whether it is the log that you mean: its key was taken from what was checked. Give the key that you have from elsewhere (--key).")
        elif not anchor:
            self.not_proved.append("Whether it was made anew by whoever holds its key: give a head that you kept (--known-head), or the key of a witness (--witness).")
        self.not_proved.append("Who sat before the screen, and whether the clock was right.")

    def counts(self):
        signatures = self.signatures or {}
        every, shown, on_claimed, claimed = (signatures.get(kind, 0) for kind in ("all", "shown", "on_claimed", "claimed"))
        return (
            f"{self.entries} entries: {self.opened} open, {self.gone} erased. Signatures: {shown} of {every} with an open gate, "
            f"{on_claimed} of those by passes from before the log; {claimed} made before it."
        )

    def lines(self):
        words = {
            VALID: "Valid.",
            NOT_ANCHORED: "Valid in itself: nothing from elsewhere shows that it is the only one.",
            NOT_UNDERSTOOD: "Of a later format, or something in it is: a newer program can check it.",
            DIVERGED: "DIVERGED: it is not what you have, or does not go on from it.",
            INVALID: "INVALID: it is not what was written.",
        }
        yield words[self.status]
        if self.about:
            yield self.about
            yield self.counts()
        of_kind = lambda fault: re.sub("^(entry|people/)[^:]*: ", "", fault)
        yield from ("  " + line for line in in_short([(of_kind(fault), fault) for fault in self.faults], lambda _: "like it"))
        kinds, noted = list(NOTES), []
        for rank, n, of, file in sorted(self.noted, key=lambda one: (one[0], one[3] or "", one[1], one[2])):
            said = NOTES[kinds[rank]][0].format(n=n, of=of)
            noted.append((kinds[rank], f"{file}: {said}" if file else said))
        told = in_short(noted, lambda kind: NOTES[kind][1])
        for heading, list_of in (("To be seen:", told), ("What this shows:", self.proved), ("What this cannot show:", self.not_proved)):
            if list_of:
                yield heading
                yield from ("  " + line for line in list_of)


def check(path, key, known, witness):
    """What came of checking a file or a folder."""
    try:
        files = files_of(path)
        if files is None:
            with open(path, "rb") as opened:
                return verify_receipt(opened.read(), key, known, witness)
        return (verify_pack if "pack.json" in files else verify_whole)(files, key, known, witness)
    except Later:
        return Told(NOT_UNDERSTOOD, None, "", 0, 0, [])
    except (Wrong, ValueError, KeyError, TypeError, AttributeError, OSError, zipfile.BadZipFile, zlib.error) as error:
        return Told(INVALID, None, "", 0, 0, [f"it cannot be read: {error}"])


# The name, the size and the root, each on a line, whatever else a head says, an empty line, and the signatures.
HEAD = "[^\\n]+\\n(0|[1-9][0-9]*)\\n[A-Za-z0-9+/]+=*\\n([^\\n]+\\n)*\\n(— [^\\n]+\\n)+"


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("dir_or_file", nargs="+", help="of several, the statuses are printed, a line each")
    asked.add_argument("--key")
    asked.add_argument("--known-head")
    asked.add_argument("--witness", help="a file with the public key of a witness")
    asked.add_argument("--matrix", metavar="DAY", help="where everybody stood at the end of a day, or at a time of it, such as 2026-01-31T14:30")
    asked.add_argument("--known-at", metavar="ENTRY", type=int, help="with --matrix, by the entries up to this number, and not by what had been decided by then")
    options, asked = asked, asked.parse_args()
    text = lambda path: open(path, encoding="utf-8", newline="").read() if path else None
    key, known, witness = text(asked.key), text(asked.known_head), text(asked.witness)
    known = known and known.lstrip("\ufeff").replace("\r", "").strip() + "\n"
    if known is not None and not re.fullmatch(HEAD, known):
        options.error(f"{asked.known_head}: it is no head of a log")
    trusted = key and key.strip(), known, witness and witness.strip()
    if asked.known_at is not None and not asked.matrix or asked.matrix and len(asked.dir_or_file) > 1:
        options.error("--known-at goes with --matrix, and --matrix with one log")
    if len(asked.dir_or_file) > 1:
        for path in asked.dir_or_file:
            print(check(path, *trusted).status)
        return VALID
    told = check(asked.dir_or_file[0], *trusted)
    print("\n".join(told.lines()), file=sys.stderr if asked.matrix else sys.stdout)
    if asked.matrix and told.status in (VALID, NOT_ANCHORED):
        try:
            write_matrix(asked.dir_or_file[0], asked.matrix, asked.known_at)
        except NotRecomputed as error:
            options.error(str(error))
    return told.status


def write_matrix(path, day, known_at):
    """What could not be trusted is not recomputed, and of a receipt or a pack nothing can be."""
    files = files_of(path)
    if files is None or "manifest.json" not in files:
        raise NotRecomputed("where everybody stood follows from a whole log only")
    sys.stdout.buffer.write(matrix(files, day, known_at).encode())


if __name__ == "__main__":
    sys.exit(main())
