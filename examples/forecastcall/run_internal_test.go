package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/examples/internal/command"
	"github.com/salesops-go/salesops/internal/testenv"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// printed runs the program, wants it to succeed, and returns what it prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := command.Run("forecastcall", call, args, &stdout, &stderr); status != 0 || stderr.Len() > 0 {
		t.Fatalf("run(%q) = %d, stderr:\n%s", args, status, &stderr)
	}
	return stdout.String()
}

// The run without flags prints what is in testdata, in lines that fit a page.
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
	for i, line := range strings.Split(got, "\n") {
		if n := utf8.RuneCountInString(line); n > 102 || strings.TrimRight(line, " ") != line {
			t.Errorf("line %d has %d columns: %q", i+1, n, line)
		}
	}
}

// A forecast of the past does not depend on what happened later: without the later part of the export it is the same.
func TestForecast_knowsNoFuture(t *testing.T) {
	c, err := load(options{firstMonth: 1})
	if err != nil {
		t.Fatal(err)
	}
	august := month{period: salesops.Period{Start: salesops.NewDate(2026, 8, 1), End: salesops.NewDate(2026, 9, 1)}}
	if err := c.forecast(&august, nil); err != nil {
		t.Fatal(err)
	}
	past, again := *c, month{period: august.period}
	past.deals = c.known(august.period.Start.AddDays(-1))
	if len(past.deals) >= len(c.deals) || !past.won(august.period).IsZero() || c.won(august.period).IsZero() {
		t.Fatal("the export of July knows of August")
	}
	if err := past.forecast(&again, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(august.call, again.call); diff != "" {
		t.Errorf("-with +without the future:\n%s", diff)
	}
	if !august.low.Equal(again.low) || !august.high.Equal(again.high) || !august.static.Equal(again.static) {
		t.Errorf("%s to %s, %s, without the future %s to %s, %s", august.low, august.high, august.static, again.low, again.high, again.static)
	}
}

// The data set of Maven Analytics, replayed from its folder.
func TestMaven(t *testing.T) {
	got := printed(t, "-opportunities", testenv.Data(t, "crm/maven"))
	for _, want := range []string{
		"2017-05      1,025,713", "2017-12      1,131,573",
		"33.1%      210.8%       19.6%", " of 8",
		"8,300 opportunities: 4,238 won, 2,473 lost, 1,589 open",
		"500 opportunities without the day they were created are left out",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

const header = "Opportunity ID,Opportunity Name,Opportunity Owner,Stage,Created Date,Close Date,Amount,Amount Currency\n"

// A small export, of deals won after 20 days and lost after 10, can be replayed from a file.
func TestExport(t *testing.T) {
	var b strings.Builder
	b.WriteString(header)
	for i := range 120 {
		stage, days := "Closed Won", 20
		if i%2 == 1 {
			stage, days = "Closed Lost", 10
		}
		month, day := 1+i/24, 1+i%24
		closeMonth, closeDay := month, day+days
		if closeDay > 28 {
			closeMonth, closeDay = month+1, closeDay-28
		}
		fmt.Fprintf(&b, "O-%d,Deal,Ada Moyo,%s,2026-%02d-%02d,2026-%02d-%02d,1000,EUR\n", i, stage, month, day, closeMonth, closeDay)
	}
	got := printed(t, "-opportunities", write(t, b.String()), "-months", "2", "-since", "always")
	for _, want := range []string{"FORECAST CALL 2026-06", "EUR", "2026-04", "2026-05", "the history is taken as complete", "rows read 120 = rows used 120"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "2026-03 ") {
		t.Errorf("more than two months in:\n%s", got)
	}
}

// Input that cannot be used ends the run before anything is printed.
func TestRefused(t *testing.T) {
	undated := strings.ReplaceAll(header, "Created Date,", "")
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"flag", []string{"-months", "0"}, 2, "want 1 to 60"},
		{"month", []string{"-first-month", "13"}, 2, "want 1 to 12"},
		{"day", []string{"-since", "soon"}, 2, "want a day"},
		{"argument", []string{"export.csv"}, 2, "-opportunities"},
		{"no file", []string{"-opportunities", filepath.Join(t.TempDir(), "none.csv")}, 1, "none.csv"},
		{"no creation", []string{"-opportunities", write(t, undated+"O-1,One,Ada Moyo,Closed Won,2026-01-15,60000,EUR\n")}, 1, "Created Date"},
		{"nothing closed", []string{"-opportunities", write(t, header+"O-1,One,Ada Moyo,Qualification,2026-01-15,2026-02-15,60000,EUR\n")}, 1, "won or lost"},
		{"too short", []string{"-opportunities", write(t, header+"O-1,One,Ada Moyo,Closed Won,2026-01-10,2026-01-15,60000,EUR\n")}, 1, "too few"},
		{"two currencies", []string{"-opportunities", write(t, header+"O-1,One,Ada Moyo,Closed Won,2026-01-10,2026-01-15,6,EUR\nO-2,Two,Ada Moyo,Closed Won,2026-01-10,2026-01-15,6,USD\n")}, 1, "each currency"},
		{"bad row", []string{"-opportunities", write(t, header+"O-1,One,Ada Moyo,Closed Won,2026-01-10,2026-01-35,6,EUR\n")}, 1, "-skip-bad"},
	} {
		var stdout, stderr bytes.Buffer
		if got := command.Run("forecastcall", call, c.args, &stdout, &stderr); got != c.status || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
			t.Errorf("%s: status %d, want %d with %q, printed %q and %q", c.name, got, c.status, c.want, &stdout, &stderr)
		}
	}
}

// write makes an export and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
