# sh measure.sh PROGRAM FOLDER LIMITS COMPILER FLAGS...
# Prints the preprocessed lines (blank lines and line markers left out) and the emitted functions of PROGRAM; fails if one is above
# its number in the file LIMITS (empty: none), or if PROGRAM includes a file of Eigen's decompositions, each of which costs seconds.
set -eu
program=$1 folder=$2 limits=$3
shift 3
"$@" -E "$program" -o "$folder/program.ii"
"$@" -c "$program" -o "$folder/program.o"

status=0
check() {  # name, value
  limit=
  [ -z "$limits" ] || limit=$(awk -v name="$1" '$1 == name { print $2 }' "$limits")
  echo "$1: $2${limit:+ (limit $limit)}"
  [ -z "$limits" ] || [ -n "$limit" ] || { echo "  $limits names no limit for it"; status=1; }
  [ -z "$limit" ] || [ "$2" -le "$limit" ] || { echo "  above the limit"; status=1; }
}
check preprocessed_lines "$(grep -c '^[^#]*[^#[:space:]]' "$folder/program.ii")"
check emitted_functions "$(nm -C "$folder/program.o" | grep -c ' [TW] ')"

if sed -n 's/^# [0-9]* "\([^"]*\)".*/\1/p' "$folder/program.ii" | sort -u | grep -E '/Eigen/(src/)?(SVD|Eigenvalues)(/|$)'; then
  echo "  these files of Eigen's decompositions are included"
  status=1
fi
exit $status
