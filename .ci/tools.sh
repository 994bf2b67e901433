# Tools are installed once per version into a cache outside the repository.
# Sourced by .ci/run.

CACHE=${SALESOPS_CI_CACHE:-${XDG_CACHE_HOME:-${HOME:?set HOME or XDG_CACHE_HOME}/.cache}/salesops-ci}
export GOLANGCI_LINT_CACHE=$CACHE/golangci-lint STATICCHECK_CACHE=$CACHE/staticcheck

TOOLS=$PWD/tools

# golangci-lint drags in some 400 modules: it stays out of tools/go.mod.
GOLANGCI_LINT=v2.15.0

# installed KEY COMMAND...: runs the command with GOBIN set to the folder of KEY, once;
# prints the folder. What is half installed does not count.
installed() {
	local key dir
	key=$1-$(go env GOVERSION)-$(go env GOHOSTARCH)
	shift
	dir=$CACHE/bin/$key
	if [ ! -d "$dir" ]; then
		mkdir -p "$CACHE/bin"
		rm -rf "$dir.new"
		mkdir "$dir.new"
		echo "installing $key" >&2
		GOBIN=$dir.new GOOS='' GOARCH='' "$@" >&2 || return
		mv "$dir.new" "$dir"
	fi
	echo "$dir"
}

# tool NAME ARGS...: runs one of the tools that tools/go.mod pins.
tool() {
	local dir name=$1
	shift
	dir=$(installed "tools-$(cat "$TOOLS/go.mod" "$TOOLS/go.sum" | sha256sum | cut -c1-12)" go -C "$TOOLS" install tool) || return
	"$dir/$name" "$@"
}

golangci_lint() {
	local dir
	dir=$(installed "golangci-lint-$GOLANGCI_LINT" go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$GOLANGCI_LINT") || return
	"$dir/golangci-lint" "$@"
}
