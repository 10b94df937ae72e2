# Every command of the project. With nothing installed but Python use ./just, which brings `just` and `uv` along.

set positional-arguments

export UV_PYTHON_DOWNLOADS := "never"
# The machine's own trust store, where it has one: package mirrors behind a company's certificate then work.
export UV_SYSTEM_CERTS := env("UV_SYSTEM_CERTS", if path_exists("/etc/ssl/certs") == "true" { "true" } else { "false" })
export PATH := justfile_directory() / ".venv/bin" + ":" + justfile_directory() / ".tools/bin" + ":" + env("PATH")

# List the commands
default:
    @just --list --unsorted

# Everything on this machine, no keys, no network: the sample web, or a FOLDER of hosts (docs/commands.md)
demo *args: setup
    @vitality demo "$@"

# One worker: `just run`, `just run role=extraction`
run *args: setup
    #!/bin/sh
    set -eu
    # just hands `role=extraction` over as a plain word
    for word in "$@"; do
        shift
        case $word in
            role=*) set -- "$@" --role "${word#role=}" ;;
            *) set -- "$@" "$word" ;;
        esac
    done
    exec vitality run "$@"

# Bring the database's schema up to date
migrate *args: _venv
    @vitality migrate "$@"

# Read stored pages: `just read parish PATH…`
read *args: _venv
    @vitality read "$@"

# The whole check, as CI runs it
check: lint types contracts test

# All tests; words go to pytest: `just test -k robots`
test *args: setup
    @pytest "$@"

# The quick tests: no database, no browser, no sockets, no processes
unit *args: _venv
    @pytest -m "not integration and not acceptance" "$@"

# Format and lint rules
lint: _venv
    @ruff format --check .
    @ruff check .

# Types, strictly
types: _venv
    @mypy

# Which layer may import which
contracts: _venv
    @lint-imports

# Write what the formatter and the linter can mend
fix: _venv
    @ruff format .
    @ruff check --fix .

# Scores on the shared gold material: `just score sites`
score *args: setup
    @python bench/score.py "$@"

# A benchmark by name: `just bench NAME`; without a name, which there are
bench name="" *args: setup
    #!/bin/sh
    set -eu
    if [ -z "$1" ]; then
        find bench -maxdepth 1 -name '*.py' ! -name '_*' -exec basename {} .py \; | sort
        exit
    fi
    name=$1
    shift
    exec python "bench/$name.py" "$@"

# Real workers under faults drawn from a seed, and the books checked: `just chaos seed=1 minutes=10`
chaos *args: setup
    #!/bin/sh
    set -eu
    for word in "$@"; do
        shift
        case $word in
            seed=* | minutes=* | faults=*) set -- "$@" "--$word" ;;
            *) set -- "$@" "$word" ;;
        esac
    done
    exec python bench/chaos.py "$@"

# Install everything: packages as locked, the project itself, a browser
setup: _venv _browser

# Make the lock files anew after a change of pyproject.toml: `just lock`, `just lock --upgrade`
lock *args: _uv
    uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.lock "$@"
    uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group dev --group bench -o requirements-dev.lock "$@"
    uv pip compile --quiet --universal --generate-hashes --no-header --group tools -o requirements-tools.lock "$@"

# Write the parts of docs/ that are made from the code
docs: _venv
    @python docs/generate.py

# Build the container image from the last commit: `just image`, `just image REGISTRY/vitality:pipeline-… --base python@sha256:…`
image *args:
    @python3 -m manifests.image.build "$@"

# Build the image and run it under each role's limits, as Kubernetes would (needs root, buildah, podman and runc)
image-check *args: setup
    @python -m manifests.image.check "$@"

# List what is in the image, as SPDX: `just sbom vitality.spdx.json --image REGISTRY/vitality:pipeline-…`
sbom *args: _uv
    @python3 -m manifests.image.sbom "$@"

# Render every overlay and hold it against the Kubernetes schemas: `just manifests-check --security` with checkov and hadolint
manifests-check *args: _venv
    @python -m manifests.check "$@"

# Remove what the commands above made, but for .tools
clean:
    rm -rf .venv .vitality .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

_uv:
    @command -v uv >/dev/null || ./just --version >/dev/null

# The virtual environment is right when its stamp says what the lock and pyproject.toml say.
_venv: _uv
    #!/bin/sh
    set -eu
    cat requirements-dev.lock requirements-tools.lock pyproject.toml >.venv.wanted.$$
    trap 'rm -f .venv.wanted.$$' EXIT
    if [ -x .venv/bin/vitality ] && cmp -s .venv.wanted.$$ .venv/made-from; then exit; fi
    echo "setup: installing the locked packages into .venv" >&2
    uv venv --quiet --allow-existing .venv
    uv pip sync --quiet --python .venv --require-hashes requirements-dev.lock
    uv pip install --quiet --python .venv --no-deps --build-constraints requirements-tools.lock --editable .
    mv .venv.wanted.$$ .venv/made-from

# Pages drawn by JavaScript need a Chromium. Without one all else works, and such pages are reported as not read.
_browser:
    #!/bin/sh
    set -u
    for name in chromium-headless-shell chromium google-chrome; do
        command -v "$name" >/dev/null && exit 0
    done
    if [ "$(id -u)" = 0 ] && [ -r /etc/debian_version ]; then
        echo "setup: installing Debian's chromium-headless-shell" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium-headless-shell libatomic1; } >/dev/null && exit 0
        echo "setup: could not install a browser; pages that need JavaScript will be reported as not read" >&2
    else
        echo "setup: no Chromium found; pages that need JavaScript will be reported as not read. Debian: sudo apt-get install chromium-headless-shell libatomic1" >&2
    fi
    exit 0
