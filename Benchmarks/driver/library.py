"""What programs ask of the library: single questions beside a plain hello, and searches over many."""
import http.client
import json
import time
import urllib.parse

from load import wrk
from processes import Server
from rows import middle

QUESTIONS = "/s/bench/capi/json/c3_library_questions"
SEARCHES = {
    "two words": "{word} {next}",
    "the middle of a word, in capitals": "{middle}",
    "a word that many have": "{common}",
    "one letter": "v",
    "two letters": "ÖR",
    "what is nowhere": "{word} qqq",
    "words that are there, together nowhere": "{word} {word} {word}",
}


def measure(work, engines, questions, runs, seconds, say):
    """Single questions on the first engine, searches on each."""
    figures = {"hello": [], "question": []}
    searches, made_s = {}, {}
    for engine, database in engines.items():
        say(f"{engine}: a library of {questions:,} questions is made")
        began = time.monotonic()
        server = Server.bench(work / engine, database=database, library=questions)
        made_s[engine] = time.monotonic() - began
        try:
            for turn in range(0 if searches else runs):
                say(f"library question, 32 connections, run {turn + 1} of {runs}")
                figures["hello"].append(wrk(server.hello, server.pids, 32, seconds))
                figures["question"].append(wrk(server.url, server.pids, 32, seconds, "library_get.lua",
                                               TOKEN=server.doors["library"], QUESTIONS=questions))
            words = read_words(server, questions // 2)
            for kind, form in SEARCHES.items():
                say(f"{engine}: search over {questions:,} questions: {kind}")
                searches[engine, kind] = timed(server, form.format(**words), 40 * runs)
        finally:
            server.stop()
    return {name: middle(list_) for name, list_ in figures.items()} | {
        "search": searches, "questions": questions, "made_s": made_s}


def read_words(server, question):
    """Words of one question, to search for."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", f"{QUESTIONS}/{question}", headers={"Authorization": f"Bearer {server.doors['library']}"})
    answer = json.loads(connection.getresponse().read())["data"]["attributes"]["answer"]
    connection.close()
    words = answer.removeprefix("<p>").removesuffix("</p>").split()
    word = next(n for n in range(len(words) - 1) if len(words[n]) > 5)
    return {"word": words[word], "next": words[word + 1], "middle": max(words, key=len)[1:-1].upper(),
            "common": min(words, key=len)}


def timed(server, phrase, times):
    """How many were found, and the 95th percentile of milliseconds, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {server.doors['library']}"}
    path = f"{QUESTIONS}?{urllib.parse.urlencode({'q_filter[phrase]': phrase})}"
    taken, body = [], b""
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        taken.append((time.perf_counter() - began) * 1_000)
        assert answer.status == 200, body
    connection.close()
    return len(json.loads(body)["data"]), sorted(taken)[int(len(taken) * 0.95)]
