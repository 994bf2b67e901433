package archtest_test

import (
	"encoding/json"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// requirements are the only modules that go.mod may name. What each is for, and what
// it costs importers, stands in docs/integrating.md.
var requirements = []string{
	"github.com/shopspring/decimal", // amounts
	"github.com/google/go-cmp",      // tests
	"pgregory.net/rapid",            // tests
	"golang.org/x/exp",              // constraints; stats in tests
	"gonum.org/v1/gonum",            // numerics
}

type goMod struct {
	Module    struct{ Path string }
	Go        string
	Toolchain string
	Require   []struct{ Path, Version string }
	Replace   []struct {
		Old, New struct{ Path, Version string }
	}
	Exclude []json.RawMessage
	Tool    []json.RawMessage
	Ignore  []json.RawMessage
}

// TestModule keeps the graph that importers inherit small: only the agreed
// modules, no tools, nothing that works on one machine only.
func TestModule(t *testing.T) {
	m := readModule(t, "go.mod")
	if m.Module.Path != module {
		t.Errorf("go.mod: module %s, want %s", m.Module.Path, module)
	}
	for _, r := range m.Require {
		if !slices.Contains(requirements, r.Path) {
			t.Errorf("go.mod requires %s, which importers would inherit; a tool belongs into tools/go.mod, an example's dependency into a nested module", r.Path)
		}
	}
	for what, n := range map[string]int{
		"replace": len(m.Replace), "exclude": len(m.Exclude), "tool": len(m.Tool), "ignore": len(m.Ignore), "toolchain": len(m.Toolchain),
	} {
		if n != 0 {
			t.Errorf("go.mod has a %s line; the main module has none", what)
		}
	}
	if exists(filepath.Join(root(t), "go.work")) {
		t.Error("go.work hides what importers get: remove it")
	}
}

// TestNestedModules keeps the modules below the root honest: they test the code beside them,
// and ask for no newer Go than the library does.
func TestNestedModules(t *testing.T) {
	goLine := readModule(t, "go.mod").Go
	for _, name := range textFiles(t) {
		if path.Base(name) != "go.mod" || name == "go.mod" {
			continue
		}
		dir := path.Dir(name)
		m := readModule(t, name)
		if want := module + "/" + dir; m.Module.Path != want {
			t.Errorf("%s: module %s, want %s", name, m.Module.Path, want)
		}
		if dir == "tools" {
			continue
		}
		if m.Go < goLine {
			t.Errorf("%s: go %s is older than the library's go %s", name, m.Go, goLine)
		}
		up := strings.TrimSuffix(strings.Repeat("../", strings.Count(dir, "/")+1), "/")
		replaced := false
		for _, r := range m.Replace {
			if r.Old.Path == module && r.New.Path == up {
				replaced = true
				continue
			}
			t.Errorf("%s: replace %s => %s: only the library is replaced, by %s", name, r.Old.Path, r.New.Path, up)
		}
		if !replaced {
			t.Errorf("%s: want the line \"replace %s => %s\"", name, module, up)
		}
	}
}

func readModule(t *testing.T, name string) goMod {
	t.Helper()
	cmd := exec.Command("go", "mod", "edit", "-json", filepath.Join(root(t), filepath.FromSlash(name)))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, stderr(err))
	}
	var m goMod
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
