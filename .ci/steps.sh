# The steps of .ci/run, one function each. A step fails by its exit status, runs under set -e,
# may say a few words for its line on descriptor 3, and may leave more for everybody to read in
# $LOGS/report. Packages, fuzz targets, nested modules and commands are discovered: nothing
# here changes when one is added.

note() { echo "$*" >&3; }

# must_be_empty WHAT: copies its input, and fails if there is any.
must_be_empty() {
	local found
	found=$(cat)
	[ -z "$found" ] || { printf '%s:\n%s\n' "$1" "$found"; return 1; }
}

# The folders of the modules below the root, tools left out.
nested_modules() { find . -mindepth 2 -name go.mod -not -path './tools/*' -not -path '*/testdata/*' -exec dirname {} \; | sort; }

# The packages that run: archtest only reads the tree, once is enough.
running_packages() { go list ./... | grep -v /internal/archtest; }

git_here() { git -c safe.directory="$PWD" "$@"; }

# The commands in the shell blocks of README.md that start with $1, as written there.
readme_commands() {
	awk -v want="$1" '
		/^```/ { inside = !inside && $0 ~ /^```(sh|bash|shell|console)$/; next }
		inside { sub(/^\$ /, ""); if (index($0, want) == 1) print }' README.md
}

step_build() {
	go mod download
	go build ./...
}

# All modules: complete and unneeded requirements, and the sums of what is in the cache.
step_mod() {
	local dir failed=0
	for dir in . ./tools $(nested_modules); do
		echo "== $dir"
		(cd "$dir" && go mod tidy -diff && go mod verify) || failed=1
	done
	return $failed
}

# In a copy: what go generate writes is what the repository holds.
step_generate() {
	mkdir "$LOGS/generated"
	tar -c --exclude=./.git . | tar -x -C "$LOGS/generated"
	go -C "$LOGS/generated" generate ./...
	diff -r --exclude=.git . "$LOGS/generated" | must_be_empty 'go generate changes'
}

step_format() {
	local failed=0
	gofmt -s -d . | must_be_empty 'gofmt -s would change' || failed=1
	tool gofumpt -d . | must_be_empty 'gofumpt would change' || failed=1
	tool goimports -d . | must_be_empty 'goimports would change' || failed=1
	return $failed
}

step_vet() {
	local failed=0
	go vet ./... || failed=1
	echo "== windows"
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go vet ./... || failed=1
	echo "== linux/386"
	GOOS=linux GOARCH=386 CGO_ENABLED=0 go vet ./... || failed=1
	return $failed
}

# What the source tree must look like: internal/archtest.
step_arch() { go test -count=1 ./internal/archtest; }

# The README's test command, as a reader would type it.
step_test() {
	local command
	command=$(readme_commands 'go test' | head -n 1)
	[ -n "$command" ] || { echo 'README.md has no shell block with a line that starts with "go test"'; return 1; }
	note "$command"
	[ -n "${SALESOPS_DATA:-}" ] || note '(SALESOPS_DATA is not set: tests on outside data are skipped)'
	GOFLAGS="$GOFLAGS -count=1" bash -c "$command"
}

# The README's go run commands as written, then the examples that it does not mention. Programs in
# internal folders are not examples: they write what the examples read.
step_examples() {
	local commands dir command output failed=0 n=0
	commands=$(readme_commands 'go run')
	[ -n "$commands" ] || { echo 'README.md has no shell block with a line that starts with "go run"'; failed=1; }
	for dir in $(go list -f '{{if eq .Name "main"}}{{.Dir}}{{end}}' ./examples/... | grep -v /internal/); do
		dir=.${dir#"$PWD"}
		grep -Eq -- "(^| )$dir( |\$)" <<<"$commands" || commands+=$'\n'"go run $dir"
	done
	while read -r command; do
		[ -n "$command" ] || continue
		echo "== $command"
		n=$((n + 1))
		if ! output=$(bash -c "$command" </dev/null 2>&1); then
			failed=1
			echo "$output"
			echo 'it failed'
		elif [ -z "$output" ]; then
			failed=1
			echo 'it printed nothing'
		fi
	done <<<"$commands"
	note "$n commands"
	return $failed
}

step_staticcheck() { tool staticcheck ./...; }

step_lint() { golangci_lint run ./...; }

step_race() { go test -count=1 -race -short -shuffle=on -timeout=20m $(running_packages); }

# The results must not depend on the host program's decimal globals, nor on its time zone.
step_hostile() {
	TZ=Pacific/Chatham HOSTILE_GLOBALS=1 go test -count=1 $(running_packages)
}

# int has 32 bits there, and floating point has no fused multiply-add.
step_386() { GOOS=linux GOARCH=386 CGO_ENABLED=0 go test -count=1 -short $(running_packages); }

# Every fuzz target for FUZZTIME (default 5s), FUZZJOBS of them (default 2) at a time.
step_fuzz() {
	local targets
	targets=$(go test -vet=off -list '^Fuzz' ./... | awk '/^Fuzz/ { names[n++] = $1 } /^ok/ { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }')
	[ -n "$targets" ] || { note 'no targets'; return 0; }
	note "$(wc -l <<<"$targets") targets, ${FUZZTIME:-5s} each"
	export FUZZLOGS=$LOGS
	export -f fuzz_one
	xargs -P "${FUZZJOBS:-2}" -L 1 bash -c 'fuzz_one "$@"' fuzz <<<"$targets"
}

# fuzz_one PACKAGE TARGET
fuzz_one() {
	local log=$FUZZLOGS/fuzz-$2-$$.log input
	fuzz() { go test -vet=off -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-5s}" -fuzzminimizetime 1x -parallel 1 "$1" >"$log" 2>&1; }
	fuzz "$@" && { tail -n 1 "$log"; return 0; }
	# At the end of the time the fuzzing engine sometimes takes its own deadline for a failure.
	if grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"; then
		fuzz "$@" && { tail -n 1 "$log"; return 0; }
	fi
	cat "$log"
	input=$(sed -n 's/^ *Failing input written to //p' "$log")
	if [ -n "$input" ]; then
		echo "$input:"
		cat "$(go list -f '{{.Dir}}' "$1")/$input"
	fi
	return 1
}

# Each benchmark once: it must run, its time is not judged.
step_bench() { go test -short -run '^$' -bench . -benchtime 1x -timeout 20m $(running_packages); }

# What changed for importers since the last tag. A breaking change needs its line in CHANGELOG.md.
step_api() {
	local tag module breaking
	git_here rev-parse --git-dir >/dev/null 2>&1 || { note 'no repository'; return 0; }
	tag=$(git_here describe --tags --abbrev=0 --match 'v*' 2>/dev/null) || { note 'no tag yet'; return 0; }
	module=$(go list -m)
	mkdir "$LOGS/tagged"
	git_here archive "$tag" | tar -x -C "$LOGS/tagged"
	(cd "$LOGS/tagged" && quiet_apidiff -w "$LOGS/api" "$module")
	quiet_apidiff "$LOGS/api" "$module" | tee "$LOGS/report"
	breaking=$(quiet_apidiff -incompatible "$LOGS/api" "$module")
	[ -n "$breaking" ] || { note "compatible with $tag"; return 0; }
	note "breaks $tag"
	if git_here diff --quiet "$tag" -- CHANGELOG.md; then
		echo "this breaks importers of $tag, and CHANGELOG.md has not changed since:"
		echo "$breaking"
		return 1
	fi
}

# apidiff compares modules, and tells on its standard error of each internal package that it leaves out.
quiet_apidiff() { tool apidiff -m "$@" 2> >(grep -v '^Ignoring internal package' >&2); }

# The modules below the root, each as its own users would build it.
step_modules() {
	local dir failed=0 n=0
	for dir in $(nested_modules); do
		echo "== $dir"
		n=$((n + 1))
		(cd "$dir" && go vet ./... && tool staticcheck ./... && go build -o /dev/null ./... && go test -count=1 ./...) || failed=1
	done
	note "$n modules"
	return $failed
}

# Nothing above leaves a file behind. Judged on a fresh clone only.
step_clean() {
	[ "${CI:-}" = true ] && git_here rev-parse --git-dir >/dev/null 2>&1 || { note 'not judged outside CI'; return 0; }
	git_here status --porcelain | must_be_empty 'files changed or left behind'
}

# On request: the properties with many more cases.
step_laws() { RAPID_CHECKS=${RAPID_CHECKS:-10000} go test -count=1 -timeout 60m ./...; }
