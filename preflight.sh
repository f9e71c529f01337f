#!/bin/sh
# May the engine be launched? Exit code 0 says yes; everything else says no.
#
# Asks "pytest --gate" in a clean environment and believes the document that it leaves,
# and only if the document brings back a token that was made for this one run. For any
# POSIX shell; preflight.ps1 is its twin, step by step.
#
#     preflight.sh [--on=EXPRESSION] [--v8-home=DIR] [options of pytest]
#
# --on: the environments that must be well, as in "pytest -m": "production" is the default.
# --v8-home: the engine's workspace. Without it, V8_HOME; without both the exchange alone
# is asked. Its path is taken from where this script is called, those of other options
# from the checkout.
set -eu
on=production
v8_home=
# What is ours is taken out of the arguments, the rest goes on to pytest as it is.
for argument in "$@"; do
    shift
    case $argument in
        --on=*) on=${argument#*=} ;;
        --v8-home=*) v8_home=${argument#*=} ;;
        *) set -- "$@" "$argument" ;;
    esac
done
here=$(pwd)

# 1. The checkout is where this script lies; its own Python comes first.
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
python=python3
command -v python3 >/dev/null 2>&1 || python=python
for folder in .venv venv .tox/production .tox/demo .tox/sandbox; do
    candidate=$root/$folder/bin/python
    if [ -x "$candidate" ]; then
        python=$candidate
        break
    fi
done

# 2. Nothing that the caller has set for pytest or Python may change what is asked.
names=$(env | sed -n -e 's/^\(PYTEST[A-Za-z0-9_]*\)=.*/\1/p' \
    -e 's/^\(PYTHON[A-Za-z0-9_]*\)=.*/\1/p' -e 's/^\(PREFLIGHT_TOKEN\)=.*/\1/p')
for name in $names; do
    unset "$name"
done

# 3. A token for this run alone: no document of another run can bring it back.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
[ "${#token}" -eq 32 ]
export PREFLIGHT_TOKEN="$token"

# 4. What an earlier run left is taken away first.
file=$root/reports/gate.json
rm -f -- "$file"

# 5. Ask, in the checkout; our own arguments come last, and the last one counts.
if [ -n "$v8_home" ]; then
    case $v8_home in
        /*) ;;
        *) v8_home=$here/$v8_home ;;
    esac
    set -- "$@" "--v8-home=$v8_home"
fi
set -- "$@" -m "($on) or v8" --gate "--diagnosis=$file"
cd -- "$root"
code=0
"$python" -m pytest "$@" || code=$?

# 6. Believe the document, if it is ours and the exit code agrees.
[ "$code" -eq 0 ] || exit "$code"
"$python" -I -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
sys.exit(not (document["token"] == sys.argv[2] and document["verdict"] == "go"))
' "$file" "$token"

# 7. Whatever went wrong on the way is a no.
# (set -e has ended this script with the code of what went wrong.)
exit 0
