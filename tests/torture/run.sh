#!/bin/sh
# Runs the torture programs that are named and then the scripts beside this one, whatever the ones
# before found. The environment says how often: KILLS, CUTS, CAS, COMMITS, QUERIES, EVERY.
here=$(dirname "$0")
status=0
for program in "$@"; do
    "$program" || status=1
done
for script in "$here"/*_torture.py; do
    [ -e "$script" ] || continue
    /usr/bin/python3 "$script" || status=1
done
exit "$status"
