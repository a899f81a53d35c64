"""Recomputes from a whole log where everybody stood with everything that was asked of them, by "Standing" in server/engine/audit/FORMAT.md.

It reads what `verify_log.py` has found valid, with nothing but Python's own library.
"""
import csv
import datetime
import io
import json
import re

DAY = 86_400_000
HOUR = 3_600_000
EPOCH = datetime.date(1970, 1, 1)
LAST = datetime.date(9998, 12, 31)
RENEWAL = 90 * DAY
SOON = 7
TITLES = ("person", "name", "programmes", "thing", "status", "due", "done")
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class NotRecomputed(Exception):
    """There is no such moment or entry, or the text of a programme is not understood."""


# Days and moments in the United Kingdom.
def read_day(text):
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return datetime.date.fromisoformat(text)


def milliseconds(day):
    return (day - EPOCH).days * DAY


def last_sunday(year, month):
    """Of March or October, which have 31 days."""
    day = datetime.date(year, month, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


def is_summer(at):
    year = (EPOCH + datetime.timedelta(milliseconds=at)).year
    return milliseconds(last_sunday(year, 3)) + HOUR <= at < milliseconds(last_sunday(year, 10)) + HOUR


def day_of(at):
    at = min(at, milliseconds(LAST))
    return EPOCH + datetime.timedelta(days=(at + is_summer(at) * HOUR) // DAY)


def moment_of_clocks(at):
    """The moment at which clocks show what they would in winter at another: the later of two, or the first after those that they leave out."""
    return at - HOUR if is_summer(at) and is_summer(at - HOUR) else at


def moment(text):
    """`2026-01-31` is the last millisecond of that day, `2026-01-31T14:30` a time of it."""
    day, _, clock = text.partition("T")
    try:
        day = read_day(day)
        if not EPOCH < day < LAST:
            raise ValueError
        if "T" not in text:
            return moment_of_clocks(milliseconds(day) + DAY) - 1
        hours, minutes = map(int, re.fullmatch("([01][0-9]|2[0-3]):([0-5][0-9])", clock).groups())
    except (AttributeError, ValueError):
        raise NotRecomputed(f"{text} is no day; write it like 2026-01-31 or 2026-01-31T14:30") from None
    return moment_of_clocks(milliseconds(day) + hours * HOUR + minutes * 60_000)


def after(day, days):
    return min(LAST, day + datetime.timedelta(days=min(days, (datetime.date.max - day).days)))


def before(day, days):
    return day - datetime.timedelta(days=min(days, (day - datetime.date.min).days))


# What a log says, put together.
class Dated:
    """What holds from a day on, and before another once an entry ends it."""

    def __init__(self, entry, what=None):
        self.what, self.entry, self.begins, self.ends = what, entry, entry.on, []

    def end(self, entry):
        self.ends.append((entry, max(self.begins, entry.on)))

    def is_ended(self):
        return bool(self.ends)

    def is_empty(self):
        return self.is_ended() and self.ends[-1][1] <= self.begins

    def holds(self, day, known):
        if not known(self.entry) or day < self.begins:
            return False
        ends = [end for entry, end in self.ends if known(entry)]
        return not ends or day < ends[-1]


class Entry:
    def __init__(self, n, envelope):
        self.n, self.at = n, envelope["at"]
        self.on = read_day(envelope["on"]) if "on" in envelope else day_of(self.at)


class Person:
    def __init__(self):
        self.name, self.stays, self.audiences, self.memberships = "", [], [], []
        self.exemptions, self.done = [], []


class Version:
    def __init__(self, entry, number, edition, sha256):
        self.entry, self.number, self.edition, self.sha256, self.withdrawn = entry, number, edition, sha256, None


class Done:
    def __init__(self, entry, thing, edition, until):
        self.entry, self.at, self.thing, self.edition, self.until = entry, entry.at, thing, edition, until
        self.corrected = []


def end_newest(facts, entry, what=None):
    """Ends what holds and was not ended before."""
    for fact in reversed(facts):
        if fact.what == what and not fact.is_ended():
            return fact.end(entry)
    return None


def end_stay(stays, entry):
    """Ends the newest that has no end, or else says of the last one to end that it ends sooner."""
    last = lambda stay: stay.ends[-1][1] if stay.is_ended() else datetime.date.max
    going_on = [stay for stay in reversed(stays) if not stay.is_empty()]
    if going_on:
        max(going_on, key=last).end(entry)


class Log:
    def __init__(self, files):
        self.texts = {name[len("texts/") :]: data for name, data in files.items() if name.startswith("texts/")}
        links = [json.loads(line)["w"] for line in files["leaves"].split(b"\n")[:-1]]
        self.size, self.people, self.places, self.versions, self.assignments, self.given, self.excused = len(links), {}, {}, {}, [], {}, {}
        self.passes = {}
        openings = [json.loads(line) for line in files["openings"].split(b"\n")[:-1]]
        # What names people may stand in a file of its own.
        names = {named["n"]: named["parts"] for named in map(json.loads, files.get("names", b"").split(b"\n")[:-1])}
        self.whose = {links[opened["n"]]: opened["person"] for opened in openings if "person" in opened}
        for opened in openings:
            self.add({**opened, "parts": {**opened["parts"], **names.get(opened["n"], {})}}, json.loads(opened["envelope"]))

    def add(self, opened, envelope):
        entry = Entry(opened["n"], envelope)
        person = self.people.setdefault(opened["person"], Person()) if "person" in opened else None
        for fact in envelope["facts"]:
            kind = fact["kind"]
            if person is not None:
                self.about(person, entry, kind, fact)
            if kind in ("began", "details-set") and "id" in opened["parts"]:
                person.name = json.loads(opened["parts"]["id"]["part"]).get("name", person.name)
            if kind in ("group-made", "group-moved"):
                places = self.places.setdefault(fact["group"], [])
                end_newest(places, entry)
                places.append(Dated(entry))
                places[-1].parent = fact["parent"]
            elif kind == "group-ended":
                end_newest(self.places.get(fact["group"], []), entry)
            elif kind == "published":
                version = Version(entry, fact["version"], fact["edition"], fact["sha256"])
                self.versions.setdefault(fact["thing"], []).append(version)
            elif kind == "withdrawn":
                for version in self.versions.get(fact["thing"], []):
                    if version.number == fact["version"] and version.withdrawn is None:
                        version.withdrawn = entry
            elif kind == "assigned":
                given = Dated(entry)
                given.programme, ((given.to, given.whom),) = fact["programme"], fact["to"].items()
                if given.to == "person":
                    given.whom = self.whose.get(given.whom)
                self.assignments.append(given)
                self.given.setdefault(entry.n, []).append(given)
            elif kind == "assignment-ended":
                for given in self.given.get(fact["leaf"], []):
                    given.end(entry)

    def about(self, person, entry, kind, fact):
        if kind == "began":
            person.stays.append(Dated(entry))
        elif kind == "left":
            end_stay(person.stays, entry)
        elif kind == "audience-begun":
            person.audiences.append(Dated(entry, fact["audience"]))
        elif kind == "audience-ended":
            end_newest(person.audiences, entry, fact["audience"])
        elif kind == "membership-begun":
            person.memberships.append(Dated(entry, fact["group"]))
        elif kind == "membership-ended":
            end_newest(person.memberships, entry, fact["group"])
        elif kind == "exempted":
            excused = Dated(entry, fact["thing"])
            try:
                excused.until = None if fact["until"] is None else read_day(fact["until"])
            except ValueError:
                raise NotRecomputed(f"entry {entry.n} excuses somebody until no day") from None
            person.exemptions.append(excused)
            self.excused.setdefault(entry.n, []).append(excused)
        elif kind == "exemption-ended":
            for excused in self.excused.get(fact["leaf"], []):
                excused.end(entry)
        elif kind == "completed":
            done = Done(entry, "module/" + fact["module"], fact["edition"], fact["until"])
            person.done.append(done)
            self.passes.setdefault(entry.n, []).append(done)
        elif kind == "signed":
            person.done.append(Done(entry, "agreement/" + fact["agreement"], fact["version"], fact["until"]))
        elif kind == "corrected":
            for done in self.passes.get(fact["leaf"], []):
                done.corrected.append(entry)


# What is asked.
class Asking:
    """What was asked at a moment, by what was known."""

    def __init__(self, log, at, known):
        self.log, self.at, self.known, self.today = log, at, known, day_of(at)
        self.texts = {}
        self.in_force = {thing: self.newest(versions) for thing, versions in log.versions.items()}
        self.assignments, self.own, self.joined = [], {}, {}
        for given in log.assignments:
            if given.holds(self.today, known):
                (self.own.setdefault(given.whom, []) if given.to == "person" else self.assignments).append(given)

    def seen(self, versions):
        return [version for version in versions if self.known(version.entry) and version.entry.at <= self.at]

    def is_withdrawn(self, version):
        return version.withdrawn is not None and self.known(version.withdrawn) and version.withdrawn.at <= self.at

    def newest(self, versions):
        newest = max(self.seen(versions), key=lambda version: version.number, default=None)
        return None if newest is None or self.is_withdrawn(newest) else newest

    def since(self, thing, like):
        """The day since which all that was in force without a break was like what is."""
        since = now = self.in_force[thing]
        earlier = [version for version in self.seen(self.log.versions[thing]) if version.number < now.number]
        for version in sorted(earlier, key=lambda version: -version.number):
            if self.is_withdrawn(version) or not like(version):
                break
            since = version
        return day_of(since.entry.at)

    def editions(self, thing):
        """The editions of what is in force, oldest first: the number of each, and when it came. What was withdrawn and came again came then."""
        editions, was_withdrawn = [], False
        for version in sorted(self.seen(self.log.versions[thing]), key=lambda version: version.number):
            if not editions or editions[-1][0] != version.edition:
                editions.append((version.edition, version.entry.at))
            elif was_withdrawn:
                editions[-1] = (version.edition, version.entry.at)
            was_withdrawn = self.is_withdrawn(version)
        return editions

    def programme(self, sha256):
        """Its schedule and its parts."""
        if sha256 not in self.texts:
            try:
                self.texts[sha256] = read_programme(json.loads(self.log.texts[sha256]))
            except (KeyError, TypeError, ValueError, AttributeError):
                raise NotRecomputed(f"the text {sha256} is no programme that is understood") from None
        return self.texts[sha256]

    def parts(self, programme):
        """The schedule of a programme in force, and what it asks, each with the day since which it has."""
        if programme not in self.joined:
            thing = "programme/" + programme
            now = self.in_force.get(thing)
            if now is None:
                self.joined[programme] = None
            else:
                schedule, parts = self.programme(now.sha256)
                since = lambda part: self.since(thing, lambda version: part in self.programme(version.sha256)[1])
                self.joined[programme] = schedule, {part: since(part) for part in parts if self.in_force.get(part)}
        return self.joined[programme]

    def groups_of(self, person):
        """The groups of somebody and those above, each with the day since which, without a day between on which they were not in it."""
        since, earlier = self.groups_on(person, self.today), {}
        for group in since:
            while since[group] > datetime.date.min:
                eve = before(since[group], 1)
                if eve not in earlier:
                    earlier[eve] = self.groups_on(person, eve)
                if group not in earlier[eve]:
                    break
                since[group] = earlier[eve][group]
        return since

    def groups_on(self, person, on):
        """The same on a day, each with the day since which what puts them there has done so."""
        waiting = [(fact.what, fact.begins) for fact in person.memberships if fact.holds(on, self.known)]
        since, seen = {}, set()
        while waiting:
            group, day = waiting.pop()
            place = next((place for place in self.log.places.get(group, []) if place.holds(on, self.known)), None)
            if (group, day) in seen or place is None:
                continue
            seen.add((group, day))
            day = max(day, place.begins)
            since[group] = min(since.get(group, day), day)
            if place.parent is not None:
                waiting.append((place.parent, day))
        return since

    def theirs(self, pseudonym, person):
        """The programmes of somebody, each with the day since which."""
        start = min((stay.begins for stay in person.stays if stay.holds(self.today, self.known)), default=None)
        if start is None:
            return {}
        since = {"group": self.groups_of(person), "audience": {}, "person": {pseudonym: datetime.date.min}}
        for fact in person.audiences:
            if fact.holds(self.today, self.known):
                since["audience"][fact.what] = min(since["audience"].get(fact.what, fact.begins), fact.begins)
        theirs = {}
        for given in self.assignments + self.own.get(pseudonym, []):
            if given.whom in since[given.to]:
                day = max(start, given.begins, since[given.to][given.whom])
                theirs[given.programme] = min(theirs.get(given.programme, day), day)
        return theirs

    def demands(self, pseudonym, person):
        """What is asked of somebody: by thing, what wants it."""
        wanted = {}
        for programme, began in self.theirs(pseudonym, person).items():
            schedule, parts = self.parts(programme) or (None, {})
            for part, joined in parts.items():
                wanted.setdefault(part, []).append(Demand(programme, schedule, max(began, joined), began))
        return wanted

    def is_excused(self, person, thing):
        holding = [fact for fact in person.exemptions if fact.what == thing and fact.holds(self.today, self.known)]
        return any(fact.until is None or self.today < fact.until for fact in holding)


def read_programme(text):
    """Its schedule and what it asks."""
    if (text["format"], text["kind"]) != (1, "programme"):
        raise ValueError
    what = text["what"]
    return Schedule(what["schedule"]), ["module/" + name for name in what["modules"]] + ["agreement/" + name for name in what["agreements"]]


class Schedule:
    """Once: so many days, and perhaps not before a day. In years: a first day, unless it is one's own, and a window besides."""

    def __init__(self, says):
        ((kind, says),) = says.items()
        self.is_yearly, self.first, self.on, self.window = kind != "Once", None, None, 0
        if kind not in ("Once", "CompanyYear", "OwnYear"):
            raise ValueError
        self.days = whole(says["due_days" if self.is_yearly else "days"])
        if self.is_yearly:
            self.window = whole(says["window"])
        elif "on" in says:
            self.on = read_day(says["on"])
        if kind == "CompanyYear":
            self.first = read_day(says["first_day"])
            if month_and_day(self.first) != (self.first.month, self.first.day):
                raise ValueError


def whole(value):
    if type(value) is not int or not 0 <= value < 2**32:
        raise ValueError
    return value


def month_and_day(day):
    """Those of a day that every year has."""
    return (2, 28) if (day.month, day.day) == (2, 29) else (day.month, day.day)


class Demand:
    def __init__(self, programme, schedule, since, began):
        self.programme, self.schedule, self.since = programme, schedule, since
        self.is_yearly, self.days = schedule.is_yearly, schedule.days
        self.first = month_and_day(schedule.first or began)

    def first_due(self, today):
        """By when who begins with it today would have to do it."""
        if self.is_yearly:
            year = self.year(today)
            return self.due_in(self.next(year) if self.is_open(self.next(year), today) else year)
        theirs = after(self.since, self.days)
        return max(theirs, self.schedule.on) if self.schedule.on else theirs

    def due(self, done_on, today):
        """By when it is due in years, when it was done last on a day. None: it is done for now."""
        this = self.year(today)
        following = self.next(this)
        counts = lambda year: done_on is not None and self.is_open(year, done_on)
        if not counts(this):
            return self.due_in(this)
        if self.is_open(following, today) and not counts(following):
            return self.due_in(following)
        return None

    def year(self, day):
        first = datetime.date(day.year, *self.first)
        return first if first <= day else datetime.date(day.year - 1, *self.first)

    def next(self, year):
        return datetime.date(year.year + 1, *self.first)

    def is_open(self, year, day):
        return day >= before(year, self.schedule.window)

    def due_in(self, year):
        return after(max(year, self.since), self.days)


# Where somebody stands.
class Past:
    """What was done of a thing by a moment, when an edition was the newest."""

    def __init__(self, done, editions, at):
        ends = lambda one: float("inf") if one.until is None else one.until
        order = lambda one: (one.at, one.edition, one.entry.n)
        done = [one for one in done if one.at <= at]
        # Before the first edition whatever was done is of it.
        self.edition, self.came = editions[-1] if editions else (0, 0)
        of_edition = [one for one in done if one.edition >= self.edition]
        self.at, self.today = at, day_of(at)
        self.longest = max(of_edition, key=lambda one: (ends(one), order(one)), default=None)
        self.counts = self.longest if self.longest and at < ends(self.longest) else None
        self.last_of_edition = max(of_edition, key=order, default=None)
        self.last = max(done, key=order, default=None)
        # What was so when this edition came, if that matters.
        is_replaced = len(of_edition) < len(done)
        self.before = Past(done, editions[:-1], min(at, self.came)) if is_replaced else None

    def late_since(self, demand):
        """By when a programme wanted it, if that day had gone by."""
        wanted = self.wanted(demand)
        return wanted[0] if wanted and wanted[0] < self.today else None

    def wanted(self, demand):
        """By when a programme wants it, and whether that is too late. None: it does not, for now."""
        no_sooner = datetime.date.min
        if self.before:
            no_sooner = self.before.late_since(demand) or after(day_of(self.came), demand.days)
        due = self.due(demand, self.today, no_sooner)
        if due:
            return due, due < self.today
        first = max(demand.first_due(self.today), no_sooner)
        if not self.counts:
            return max(first, day_of(self.longest.until)), first < self.today
        if self.counts.until is None or self.at < self.counts.until - RENEWAL:
            return None
        last_day = day_of(self.counts.until)
        return None if self.due(demand, last_day, no_sooner) else (max(first, last_day), False)

    def due(self, demand, day, no_sooner):
        if demand.is_yearly:
            due = demand.due(self.last_of_edition and day_of(self.last_of_edition.at), day)
        else:
            due = None if self.longest else demand.first_due(day)
        return due and max(due, no_sooner)


def status(past, demands, is_excused):
    """The status, and by when it is wanted."""
    wants = [] if is_excused else [past.wanted(demand) for demand in demands]
    wants = [(by, not late) for by, late in filter(None, wants)]
    if not wants:
        return ("passed" if past.counts else "exempt"), None
    by, in_time = min(wants)
    if not in_time:
        return ("expired" if past.longest and not past.counts else "overdue"), by
    if by <= after(past.today, SOON):
        return "due-soon", by
    return ("passed" if past.counts else "not-started"), by


def rows(log, at, known):
    asking = Asking(log, at, known)
    editions = {thing: asking.editions(thing) for thing, version in asking.in_force.items() if version}
    for pseudonym, person in sorted(log.people.items()):
        for thing, demands in sorted(asking.demands(pseudonym, person).items()):
            done = [one for one in person.done if one.thing == thing and known(one.entry) and one.at <= at and not any(map(known, one.corrected))]
            past = Past(done, editions[thing], at)
            said, by = status(past, demands, asking.is_excused(person, thing))
            shown = past.counts or past.last
            programmes = " ".join(sorted(demand.programme for demand in demands))
            yield pseudonym, person.name, programmes, thing, said, by or "", day_of(shown.at) if shown else ""


def matrix(files, day, known_at=None):
    """The matrix as CSV: as at a day or a moment, by what had been decided by then, or by the entries up to a number.

    Raises NotRecomputed where there is no such moment or entry.
    """
    log, at = Log(files), moment(day)
    if known_at is not None and not 0 <= known_at < log.size:
        raise NotRecomputed(f"there is no entry {known_at}: the log has {log.size}, counted from 0")
    known = (lambda entry: entry.at <= at) if known_at is None else (lambda entry: entry.n <= known_at)
    table = io.StringIO()
    written = csv.writer(table)
    written.writerow(TITLES)
    for pseudonym, name, *rest in rows(log, at, known):
        written.writerow([pseudonym, "'" + name if name.startswith(CALCULATED) else name, *rest])
    return "\ufeff" + table.getvalue()
