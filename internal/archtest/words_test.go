package archtest_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// foreign are the things that no file of the repository mentions: it must read
// the same to whoever clones it, on any machine.
var foreign = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"a path of one machine", regexp.MustCompile(`(?:^|[^\w./~$}-])/(?:work|tmp|root|home)/`)},
	{"a folder beside the repository", regexp.MustCompile(`\bshared/design\b|/\.library\b`)},
	{"a package registry's host", regexp.MustCompile(`\b(?:proxy|sum|registry|index|deb|files)\.[a-z]+\.(?:org|com|io)\b`)},
	{"a number of a tracker that readers may not have (owner/project#12 is fine)", regexp.MustCompile(`(?i)\b(?:issues?|tickets?|PR|pull request|fix(?:e[sd])?|close[sd]?)\s+#\d`)},
	{"who or what wrote it", regexp.MustCompile(`(?i)\bsub-?agents?\b`)},
}

func TestNothingForeign(t *testing.T) {
	for _, name := range textFiles(t) {
		text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			for _, f := range foreign {
				if m := f.pattern.Find(line); m != nil {
					t.Errorf("%s:%d: %q is %s", name, i+1, m, f.what)
				}
			}
		}
	}
}

// textFiles returns the files of the repository, nested modules included, and
// without what .gitignore leaves out.
func textFiles(t *testing.T) []string {
	t.Helper()
	base := root(t)
	var out []string
	err := filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == ".git" || rel == "bin" || d.Name() == "rapid" && filepath.Base(filepath.Dir(p)) == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(rel) {
		case ".test", ".out", ".prof":
			return nil
		}
		if d.Type().IsRegular() {
			out = append(out, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
