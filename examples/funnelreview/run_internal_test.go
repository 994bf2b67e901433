package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/examples/internal/command"
	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/internal/testenv"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// printed runs the program, wants it to succeed, and returns what it prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := command.Run("funnelreview", review, args, &stdout, &stderr); status != 0 || stderr.Len() > 0 {
		t.Fatalf("run(%q) = %d, stderr:\n%s", args, status, &stderr)
	}
	for i, line := range strings.Split(stdout.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > page.Width || strings.TrimRight(line, " ") != line {
			t.Errorf("run(%q), line %d has %d columns: %q", args, i+1, n, line)
		}
	}
	return stdout.String()
}

// wantText wants every part to be in the text, whatever the blanks between words.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in:\n%s", p, text)
		}
	}
}

// write makes a file and returns its path.
func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The run without flags prints what is in testdata.
func TestSample(t *testing.T) {
	path := filepath.Join("testdata", "sample.txt")
	got := printed(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("-want +got (go test -update writes it anew):\n%s", diff)
	}
}

const log = `deal;stage;when
1;Demo;2026-01-05 09:00
2;Demo;2026-01-06 09:00
1;Offer;2026-01-09 09:00
3;Demo;2026-01-12 09:00
2;Call;2026-01-12 10:00
1;Signed;2026-01-20 09:00
2;Gone;2026-02-01 09:00
1;Invoice;2026-02-02 09:00
4;Invoice;2026-02-03 09:00
`

// A log of one's own: what each deal came to, what is left out, and that it makes no difference whether the file is compressed.
func TestOwnLog(t *testing.T) {
	flags := []string{"-case", "deal", "-time", "When", "-stages", "Demo, Offer", "-won", "Signed", "-lost", "Gone", "-horizons", "5,10"}
	text := printed(t, append(flags, "-log", write(t, "log.csv", []byte(log)))...)
	wantText(
		t, text, "9 events of 4 cases from 2026-01-05 to 2026-02-03", "3 events of what is neither a stage nor an end", "1 case that never came to a stage",
		"Demo ██████████████████████ 3 100.0% 50.0% 9.5 to 90.5% 1",
		"Demo 3 1 - 1 1",  // entered, forward, won, lost, open
		"Offer 1 - 1 - -", // and won
		"Won of closed, 1 of 2, is 50.0%; it leaves out the 1 that are open.",
	)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write([]byte(log)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, printed(t, append(flags, "-log", write(t, "log.csv", zipped.Bytes()))...)); diff != "" {
		t.Errorf("compressed (-want +got):\n%s", diff)
	}
	early := printed(t, append(flags, "-log", write(t, "log.csv", []byte(log)), "-as-of", "2026-01-10")...)
	wantText(t, early, "3 events of 2 cases", "6 events after 2026-01-10: not looked at")
}

// Without stages there is a process.
func TestProcess(t *testing.T) {
	text := printed(t, "-log", write(t, "log.csv", []byte(log)), "-case", "deal", "-time", "when")
	wantText(t, text, "The most frequent of 4 different ways", "Demo > Offer > Signed > Invoice", "Signed Invoice 1")
	if strings.Contains(text, "THE FUNNEL") {
		t.Errorf("there is a funnel without stages:\n%s", text)
	}
}

// What cannot be used is refused, with a remedy, before anything is printed.
func TestRefusals(t *testing.T) {
	path := write(t, "log.csv", []byte(log))
	bad := write(t, "bad.csv", []byte("case,activity,time\n1,Demo,yesterday\n1,Demo,2026-01-01\n"))
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"x.csv"}, 2, "name the log with -log"},
		{[]string{"-cohorts", "decade"}, 2, "want week, month, quarter, half or year"},
		{[]string{"-horizons", "30,20"}, 2, "want rising numbers of days"},
		{[]string{"-horizons", ","}, 2, "want one to eight ages"},
		{[]string{"-split", "May"}, 2, "want a day such as 2026-01-31"},
		{[]string{"-log", "nowhere.csv"}, 1, "nowhere.csv"},
		{[]string{"-log", path}, 1, "add the columns case"},
		{[]string{"-log", path, "-case", "deals"}, 1, `no column "deals"; found`},
		{[]string{"-log", path, "-case", "deal", "-time", "when", "-stages", "Demo,Demo"}, 1, "is that of stages/0 too"},
		{[]string{"-log", path, "-case", "deal", "-time", "when", "-stages", "Pitch"}, 1, "the activities are Demo, Invoice"},
		{[]string{"-log", path, "-case", "deal", "-time", "when", "-as-of", "2025-01-01"}, 1, "no event up to 2025-01-01"},
		{[]string{"-log", path, "-case", "deal", "-time", "when", "-stages", "Demo", "-since", "2027-01-01"}, 1, "give an earlier -since"},
		{[]string{"-log", bad}, 1, "not a time: write 2026-01-31T09:30:00Z"},
	} {
		var stdout, stderr bytes.Buffer
		status := command.Run("funnelreview", review, c.args, &stdout, &stderr)
		if status != c.status || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
			t.Errorf("run(%q) = %d, stdout %q, stderr %q; want %d and %q", c.args, status, &stdout, &stderr, c.status, c.want)
		}
	}
	wantText(t, printed(t, "-log", bad, "-skip-bad"), "rows read 2 = rows used 1 + rows skipped 1")
}

// A real log of 262,200 events: the figures are those of the reference.
func TestLoanProcess(t *testing.T) {
	text := printed(t, "-log", testenv.Data(t, "funnel/eventlogs/bpic2012.csv.gz"), "-stages", "A_SUBMITTED,A_PREACCEPTED,A_ACCEPTED,A_FINALIZED",
		"-won", "A_APPROVED,A_REGISTERED,A_ACTIVATED", "-lost", "A_DECLINED,A_CANCELLED")
	wantText(t, text, "262,200 events of 13,087 cases", "The most frequent of 4,366 different ways", "3,429", "In 9,658 of 13,087 cases",
		"7,367 56.3%", "5,113 39.1%", "5,015 38.3%", "7,635 58.3%", "2,807 21.4%", "Won of closed, 2,246 of 12,688")
}
