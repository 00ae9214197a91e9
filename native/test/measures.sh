# shellcheck shell=bash
# System containers, and figures.

test_system() { :; }
test_measure() { :; }
