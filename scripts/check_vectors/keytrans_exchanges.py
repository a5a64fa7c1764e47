"""Exchanges of a user with a log of IETF Key Transparency: each is judged from what the user kept after the one before.

`check` puts the state that the named case ended with in the place of `before`.
"""

from . import keytrans_order as order, keytrans_searches as searches
from . import keytrans_users as users, keytrans_walks as walks
from .refusal import demand

def search(configuration, before, nowMs, request, response):
    user = users.User(configuration, before, nowMs, "SearchRequest", request)
    wanted = user.request["version"]
    answer = user.read("SearchResponse", response, wanted is not None)
    version = answer["version"] if wanted is None else wanted
    commitment = user.commitment(answer["opening"], version, **answer["value"])
    told = user.ladder(
        order.base_ladder(version)["versions"],
        answer["binaryLadder"],
        lambda one: one != version and (wanted is not None or one < version),
    )
    told[version] = told[version][0], commitment
    known = users.merge(user.versions, told)

    def walk(book):
        if wanted is None:
            return searches.greatest(book, user.window, version)
        return searches.fixed(book, user.window, user.lifetime, version)

    found, heads, _ = user.verify(answer["fullTreeHead"], answer["search"], told, walk)
    demand(found["outcome"] != "absent", "ERR_VERSION_ABSENT")
    demand(found["outcome"] != "expired", "ERR_VERSION_EXPIRED")
    pairs, owned = users.pairs_in(user.label_state["monitored"]), user.label_state["owned"]
    if wanted is None:
        seen = [one for _, one in pairs] + ([walks.greatest_of(owned)] if owned else [])
        demand(all(one is None or one <= version for one in seen), "ERR_GREATEST_VERSION")
    terminal, last = found["terminal"], found["rightmostDistinguished"]
    monitored = user.mode == "contactMonitoring" and (last is None or terminal > last)
    label = before and before["label"]
    if monitored:
        label = users.label_after(users.add_pair(pairs, terminal, version), owned, known)
    return {
        "version": version,
        "value": answer["value"]["value"],
        "terminal": terminal,
        "isMonitored": monitored,
        "after": heads | {"label": label},
    }


def monitor(configuration, before, nowMs, request, response):
    user = users.User(configuration, before, nowMs, "ContactMonitorRequest", request)
    answer = user.read("ContactMonitorResponse", response)
    asked = users.pairs_in(user.request["entries"])
    pairs, heads, _ = user.verify(
        answer["fullTreeHead"],
        answer["monitor"],
        user.versions,
        lambda book: walks.contact(book, user.window, asked),
    )
    return {"after": heads | {"label": users.label_after(pairs, user.label_state["owned"], user.versions)}}


def owner_init(configuration, before, nowMs, request, response):
    user = users.User(configuration, before, nowMs, "OwnerInitRequest", request)
    answer = user.read("OwnerInitResponse", response)
    held, start = answer["greatestVersions"], user.request["start"]
    demand(held == sorted(held, reverse=True), "ERR_OWNED_VERSIONS")
    steps = {0}.union(*(order.base_ladder(version)["versions"] for version in held))
    told = user.ladder(sorted(steps), answer["binaryLadder"], lambda one: bool(held) and one <= held[0])
    demand(all(told[version][1] for version in held), "ERR_LADDER_COMMITMENT")
    known = users.merge(user.versions, told)
    inspected, heads, _ = user.verify(
        answer["fullTreeHead"],
        answer["init"],
        told,
        lambda book: walks.owner_start(book, user.window, user.lifetime, start, held),
    )
    demand(len(held) <= inspected, "ERR_OWNED_VERSIONS")
    greatest = held[0] if held else None
    owned = {"start": start, "greatestAtStart": greatest, "later": []}
    label = users.label_after(users.pairs_in(user.label_state["monitored"]), owned, known)
    return {"greatestVersion": greatest, "after": heads | {"label": label}}


def owner_monitor(configuration, before, nowMs, request, response):
    user = users.User(configuration, before, nowMs, "OwnerMonitorRequest", request)
    answer = user.read("OwnerMonitorResponse", response)
    asked, owned = users.pairs_in(user.request["entries"]), user.owned

    def walk(book):
        pairs = walks.contact(book, user.window, asked, owned["start"])
        return pairs, *walks.owner_monitoring(book, user.window, owned)

    found, heads, _ = user.verify(answer["fullTreeHead"], answer["monitor"], user.versions, walk)
    pairs, verified, complete = found
    further = {
        "start": verified,
        "greatestAtStart": walks.expected_at(owned, verified),
        "later": [one for one in owned["later"] if one["position"] > verified],
    }
    label = users.label_after(pairs, further, user.versions)
    return {"verified": verified, "isComplete": complete, "after": heads | {"label": label}}


def update(configuration, before, nowMs, request, responses):
    user, made = users.User(configuration, before, nowMs, "UpdateRequest", request), []
    asked = [one["value"] for one in user.request["values"]]
    for response in responses:
        versions, created, state = update_once(user, asked, response)
        made += versions
        if created:
            asked = []
        # As if the request had been sent again, by the user as he is now.
        user.keep(state)
    demand(made, "ERR_UPDATE_VERSIONS")
    return {"versions": made, "after": user.state}


def update_once(user, asked, response):
    owned, answer = user.owned, user.read("UpdateResponse", response)
    position, infos, skipped = answer["position"], answer["info"], answer["skippedVersions"] or 0
    last = owned["later"][-1]["position"] if owned["later"] else owned["start"]
    demand(position > last, "ERR_UPDATE_POSITION")
    created = not answer["values"]
    values = asked if created else [one["value"] for one in answer["values"]]
    demand(infos and len(infos) == len(values), "ERR_UPDATE_VERSIONS")
    previous = walks.greatest_of(owned)
    first = 0 if previous is None else previous + 1
    demand(skipped + len(infos) <= 255 + 64, "ERR_LADDER_STEPS")
    demand(first + skipped + len(infos) <= 1 << 32, "ERR_UPDATE_VERSIONS")
    new = list(range(first, first + skipped + len(infos)))
    old = [0] if previous is None else order.base_ladder(previous)["versions"]
    steps = sorted({*order.base_ladder(new[-1])["versions"], *new} - set(old))
    told = users.merge(user.versions, user.ladder(steps, answer["binaryLadder"], lambda one: one < first))
    committed = {version: (told[version][0], bytes(32).hex()) for version in new[:skipped]}
    for version, info, value in zip(new[skipped:], infos, values):
        committed[version] = told[version][0], user.commitment(info["opening"], version, value, info["suffix"])
    known = users.merge(told, committed)

    def walk(book):
        demand(position < book.size, "ERR_UPDATE_POSITION")
        return walks.update(book, user.window, position, new, owned)

    checked, heads, _ = user.verify(answer["fullTreeHead"], answer["update"], known, walk)
    pairs = users.pairs_in(user.label_state["monitored"])
    if not checked:
        pairs = users.add_pair(pairs, position, new[-1])
    later = owned["later"] + [{"position": position, "version": new[-1]}]
    label = users.label_after(pairs, owned | {"later": later}, known)
    shown = [None] * skipped + values
    versions = [
        {"version": version, "position": position, "value": value, "isOwn": created and value is not None}
        for version, value in zip(new, shown)
    ]
    return versions, created, heads | {"label": label}


def distinguished(configuration, before, nowMs, recent, request, response):
    user = users.User(configuration, before, nowMs, "DistinguishedRequest", request)
    answer = user.read("DistinguishedResponse", response)

    def walk(book):
        met = walks.distinguished(book, user.window, user.lifetime, user.request["stop"], recent)
        return [(x, book.time(x)) for x in met]

    met, heads, root_at = user.verify(answer["fullTreeHead"], answer["distinguished"], {}, walk)
    return {
        "heads": [{"position": x, "timestampMs": time, "root": root_at(x + 1)} for x, time in met],
        "after": heads | {"label": before and before["label"]},
    }


def comparison(own, peer):
    own, peer = [users.read("DistinguishedHead", one)["heads"] for one in (own, peer)]
    return {"overlap": walks.overlap(own, peer)}


JUDGES = {
    "SearchExchange": search,
    "MonitorExchange": monitor,
    "OwnerInitExchange": owner_init,
    "OwnerMonitorExchange": owner_monitor,
    "UpdateExchange": update,
    "DistinguishedExchange": distinguished,
    "RootComparison": comparison,
}
