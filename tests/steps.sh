# What bin/test and bin/soak are made of: steps with a heading, counted, and a summary at the end. They source this
# file at the top of the repository; `filter` and `only` are theirs.
artifacts=.build/test-artifacts # what the runners printed, screenshots and server logs of failed tests
mkdir -p .build
exec 8>.build/test.lock
if ! flock -n 8; then
    echo "Tests already run in this folder: wait for them to end, or run these in another clone." >&2
    exit 1
fi
rm -rf "$artifacts"
mkdir -p "$artifacts"

summary=()      # one line a step
closing=()      # the runners' own last lines
wrong=()        # what failed, for the end of a long output is often all that is kept
wrong_max=60    # lines of it
at_once=8       # Swift tests: all at once take turns of minutes, past their own deadlines
passed=0 failed=0

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
heading() { printf '\n%s== %s%s  (%s s so far)\n' "$bold" "$1" "$plain" "$SECONDS"; }

# Runs a step with its heading and remembers how it went; its exit code is the step's.
step() {
    local name=$1 began=$SECONDS code=0
    shift
    heading "$name"
    "$@" || code=$?
    local word=ok
    [ "$code" = 0 ] || word="FAILED ($code)"
    summary+=("$(printf '%-34s %5s s  %s' "$name" $((SECONDS - began)) "$word")")
    return "$code"
}

finish() {
    heading Summary
    printf '%s\n' "${summary[@]}"
    if [ ${#wrong[@]} -gt 0 ]; then printf '\nWhat failed:\n'; printf '%s\n' "${wrong[@]:0:$wrong_max}" ''; fi
    [ ${#closing[@]} = 0 ] || printf '%s\n' "${closing[@]}"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ] || exit 1
    exit 0
}

# Keeps the lines of a runner's output that name what failed.
note_wrong() {
    mapfile -t -O ${#wrong[@]} wrong < <(LC_ALL=C grep -aE "$1" "$2" | LC_ALL=C grep -av 'Test run with ' | cut -c 1-600)
}

# Counts one failure for a step that runs no tests of its own, and ends the run when nothing can follow it.
must() { step "$@" || { failed=$((failed + 1)) && finish; }; }
should() { step "$@" || failed=$((failed + 1)); }

# Steps run where bash does not stop at the first error, so they say themselves what ends them.
install() {
    bin/deps test || return
    # Made anew when the pinned versions change or the folder was moved.
    if ! cmp -s tests/requirements.txt .venv/requirements.txt || ! .venv/bin/python -c 'import pytest' 2>/dev/null; then
        echo "Making .venv with the packages of tests/requirements.txt"
        rm -rf .venv
        /usr/bin/python3 -m venv .venv &&
            .venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt &&
            cp tests/requirements.txt .venv/requirements.txt
    fi
}

check_shell() {
    local script code=0
    for script in bin/* tests/*.sh .ci/run; do bash -n "$script" || code=1; done
    return "$code"
}

check_format() {
    swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests
}

# Reads Swift Testing's words: "✔ Test run with 12 tests in 3 suites passed …" and a "✘ Test … failed …" each.
swift_tests() {
    local output=$artifacts/swift-test${filter:+-${filter//[^A-Za-z0-9]/-}}.txt code=0 line total bad skipped
    local command=(swift test --skip-build --disable-xctest)
    [ -z "$filter" ] || command+=(--filter "$filter")
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$at_once bin/with-postgres --in-memory "${command[@]}" 2>&1 |
        tee "$output" || code=$?
    line=$(LC_ALL=C grep -aE 'Test run with [0-9]+ tests?' "$output" | tail -n 1) || true
    [ -z "$line" ] || closing+=("$line")
    total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' <<<"$line")
    bad=$(LC_ALL=C grep -acE '^[^ ]+ +Test .* failed after ' "$output") || true
    # The closing line of a failed run reads like a failed test's.
    bad=$((bad - $(LC_ALL=C grep -acE 'Test run with .* failed after ' "$output" || true)))
    note_wrong '^[^ ]+ +Test .* (recorded an issue|failed after)' "$output"
    skipped=$(LC_ALL=C grep -acE '^[^ ]+ +Test .* skipped(: .*|[.])?$' "$output") || true
    # A crash or an issue outside of any test has no line of its own, but it is a failure.
    [ "$code" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    failed=$((failed + bad))
    [ "$((${total:-0} - skipped - bad))" -le 0 ] || passed=$((passed + total - skipped - bad))
    return "$code"
}

# Reads pytest's closing line: "==== 1 failed, 5 passed, 1 error in 3.21s ====".
python_tests() {
    local output=$artifacts/pytest.txt code=0 line good bad
    # Tests side by side, each worker with servers of its own: most of their time is waiting for a browser or a deadline.
    local command=(.venv/bin/python -m pytest -c tests/pytest.ini --color=no -n 3 --dist load --durations 25 "$@")
    [ -z "$filter" ] || command+=(-k "$filter")
    SWITCHBOARD_TEST_BINARY=$PWD/.build/debug/switchboard SWITCHBOARD_TEST_ARTIFACTS=$PWD/$artifacts \
        PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 bin/with-postgres --in-memory "${command[@]}" 2>&1 | tee "$output" || code=$?
    line=$(LC_ALL=C grep -aE '^=+ .* in [0-9.]+s.* =+$' "$output" | tail -n 1) || true
    [ -z "$line" ] || closing+=("$line")
    note_wrong '^(FAILED|ERROR) ' "$output"
    count() { grep -oE "[0-9]+ ($1)" <<<"$line" | awk '{ sum += $1 } END { print sum + 0 }'; }
    good=$(count passed) || true
    bad=$(count 'failed|errors?') || true
    # With a filter it is no failure that no test of this kind matches.
    if [ "$code" = 5 ] && [ -n "$filter" ]; then code=0; fi
    [ "$code" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + good))
    failed=$((failed + bad))
    return "$code"
}
