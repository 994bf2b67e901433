package series_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/forecast/series"
	"github.com/salesops-go/salesops/internal/testenv"
)

// What the tests on the M3 and the M4 competition share. They recompute the tables of docs/accuracy.md, so that the page says what the
// code does. By default the slow methods forecast a part of the series only, for which the page has tables too:
//
//	go test ./forecast/series -run 'M3|M4' -accuracy full     # all series; some minutes
//	go test ./forecast/series -run 'M3|M4' -accuracy update   # the same, and the tables are written anew
var combAccuracy = flag.String("accuracy", "", "for the M3 and M4 tests: full compares all of docs/accuracy.md, update rewrites its tables")

const combPagePath = "../../docs/accuracy.md"

// combCase is a series of a competition.
type combCase struct {
	id, group     string
	m             int
	train, actual []float64
}

// combRow is a line of a table: figures that were published, or a method whose figures are computed.
type combRow struct {
	name      string
	of        func(m int) series.Method // nil for published figures
	fast      bool                      // is computed on all series in every run
	only      string                    // the one group that the method is for
	published []string
	most      float64 // the sMAPE over all points that it must reach, 0 for none
}

// combM3 reads the 3,003 series of the M3 competition.
func combM3(t *testing.T) []combCase {
	t.Helper()
	f, err := os.Open(testenv.Data(t, "forecast/m3/m3.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var cases []combCase
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s struct {
			ID, Period string
			Freq       int
			X, XX      []float64
		}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, combCase{s.ID, s.Period, s.Freq, s.X, s.XX})
	}
	if err := lines.Err(); err != nil || len(cases) != 3003 {
		t.Fatalf("%d series, want 3003: %v", len(cases), err)
	}
	return cases
}

// combM4 reads the series of one frequency of the M4 competition.
func combM4(t *testing.T, frequency string, m, count int) []combCase {
	t.Helper()
	trains, actuals := accRows(t, "forecast/m4/"+frequency+"-train.csv.gz"), accRows(t, "forecast/m4/"+frequency+"-test.csv.gz")
	var cases []combCase
	for i := range count {
		id := frequency[:1] + strconv.Itoa(i+1)
		if len(trains[id]) == 0 || len(actuals[id]) == 0 {
			t.Fatalf("there is no series %s", id)
		}
		cases = append(cases, combCase{id, frequency, m, trains[id], actuals[id]})
	}
	return cases
}

// combEvery returns every n-th case.
func combEvery(cases []combCase, n int) []combCase {
	var some []combCase
	for i := 0; i < len(cases); i += n {
		some = append(some, cases[i])
	}
	return some
}

// combHeldBack returns the cases whose last values of training data, as many as there are actuals, are forecast from those before.
func combHeldBack(cases []combCase) []combCase {
	var out []combCase
	for _, c := range cases {
		n := len(c.train) - min(len(c.actual), len(c.train)-6)
		c.train, c.actual = c.train[:n:n], c.train[n:]
		out = append(out, c)
	}
	return out
}

// combMemo returns the method with its forecasts remembered by the place of the series in memory.
func combMemo(of func(m int) series.Method) func(m int) series.Method {
	type key struct {
		first   *float64
		n, h, m int
	}
	var mu sync.Mutex
	known := map[key]series.Forecast{}
	return func(m int) series.Method {
		return func(y []float64, h int) (series.Forecast, error) {
			k := key{&y[0], len(y), h, m}
			mu.Lock()
			f, ok := known[k]
			mu.Unlock()
			if ok {
				return f, nil
			}
			f, err := of(m)(y, h)
			if err == nil {
				mu.Lock()
				known[k] = f
				mu.Unlock()
			}
			return f, err
		}
	}
}

// combStandings forecasts the cases by the methods of the rows, and returns the standings by group and method; those of all cases have no
// group. A method that fails, returns what is no number, or strays from the past by ten times its range fails the test.
func combStandings(t *testing.T, all []combCase, rows []combRow, benchmark string) map[[2]string]series.Standing {
	t.Helper()
	cases := make([]series.Case, len(all))
	var faults []string
	var mu sync.Mutex
	var wg sync.WaitGroup
	for worker := range 2 {
		wg.Go(func() {
			for i := worker; i < len(all); i += 2 {
				c := all[i]
				cases[i] = series.Case{Group: c.group, Season: c.m, Train: c.train, Actual: c.actual}
				for _, r := range rows {
					entry, err := combEntry(c, r)
					if err != nil {
						mu.Lock()
						faults = append(faults, r.name+" on "+c.id+": "+err.Error())
						mu.Unlock()
					}
					cases[i].Entries = append(cases[i].Entries, entry)
				}
			}
		})
	}
	wg.Wait()
	if len(faults) > 0 {
		slices.Sort(faults)
		t.Fatalf("%d forecasts failed:\n%s", len(faults), strings.Join(faults[:min(20, len(faults))], "\n"))
	}
	standings, err := series.Compare(cases, benchmark)
	if err != nil {
		t.Fatal(err)
	}
	by := map[[2]string]series.Standing{}
	for _, s := range standings {
		by[[2]string{s.Group, s.Method}] = s
	}
	return by
}

func combEntry(c combCase, r combRow) (series.Entry, error) {
	f, err := r.of(c.m)(c.train, len(c.actual))
	if err != nil {
		return series.Entry{}, err
	}
	entry := series.Entry{Method: r.name, Mean: f.Mean}
	if f.SD != nil {
		lo, hi, err := f.Interval(0.95)
		if err != nil {
			return series.Entry{}, err
		}
		entry.Interval = series.Interval{Level: 0.95, Lo: lo, Hi: hi}
	}
	least, most := slices.Min(c.train), slices.Max(c.train)
	for _, v := range f.Mean {
		if room := 10 * (most - least); !(v >= least-room && v <= most+room) {
			return series.Entry{}, fmt.Errorf("%v is far from the past, %v to %v", v, least, most)
		}
	}
	return entry, nil
}

// combTable is a table of docs/accuracy.md: the lines after <!-- figures: key -->.
type combTable struct {
	key, head string
	lines     map[string]string // by row
	order     []string
}

func (c *combTable) add(row string, cells ...string) {
	if c.lines == nil {
		c.lines = map[string]string{}
	}
	c.order = append(c.order, row)
	c.lines[row] = "| " + row + " | " + strings.Join(cells, " | ") + " |"
}

// check compares the lines with those of the page, or writes them there. If part, the page may have other rows too.
func (c *combTable) check(t *testing.T, part bool) {
	t.Helper()
	page, err := os.ReadFile(combPagePath)
	if err != nil {
		t.Fatal(err)
	}
	marker := "<!-- figures: " + c.key + " -->\n"
	before, rest, ok := strings.Cut(string(page), marker)
	if !ok {
		t.Fatalf("docs/accuracy.md has no %s", marker)
	}
	table, after, _ := strings.Cut(rest, "\n\n")
	if *combAccuracy == "update" {
		lines := []string{c.head, "|---" + strings.Repeat("|---:", strings.Count(c.head, "|")-2) + "|"}
		for _, row := range c.order {
			lines = append(lines, c.lines[row])
		}
		if err := os.WriteFile(combPagePath, []byte(before+marker+strings.Join(lines, "\n")+"\n\n"+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	found := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		row, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		want, ok := c.lines[row]
		switch {
		case i < 2 || part && !ok:
		case !ok:
			t.Errorf("docs/accuracy.md, table %s: no such row: %s", c.key, row)
		default:
			found[row] = true
			if diff := cmp.Diff(line, want); diff != "" {
				t.Errorf("docs/accuracy.md, table %s (-page +computed):\n%s", c.key, diff)
			}
		}
	}
	for _, row := range c.order {
		if !found[row] {
			t.Errorf("docs/accuracy.md, table %s lacks the row %s", c.key, row)
		}
	}
}

// combShares reports what part of the rows and series is to be computed: all in full, or only the fast rows and the samples.
func combFull() bool { return *combAccuracy != "" }

func combSkip(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: thousands of series take too long under the race detector and without a floating point unit; they tell nothing there that the other tests do not")
	}
}

func combText(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }

// combComputed returns the rows with a method: all, or those that are fast.
func combComputed(rows []combRow, all bool) []combRow {
	var some []combRow
	for _, r := range rows {
		if r.of != nil && (all || r.fast) {
			some = append(some, r)
		}
	}
	return some
}

// combPublished reads a table of published figures: cells by method and group.
func combPublished(t *testing.T, name string, of func(row []string) (method, group, measure, value string)) func(method, group, measure string) string {
	t.Helper()
	rows, err := csv.NewReader(accOpen(t, name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[[3]string]string{}
	for _, row := range rows[1:] {
		method, group, measure, value := of(row)
		v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || math.IsNaN(v) {
			continue
		}
		known[[3]string{method, group, measure}] = combText(v)
	}
	return func(method, group, measure string) string {
		v, ok := known[[3]string{method, group, measure}]
		if !ok {
			t.Errorf("%s has no %s of %s for %s", name, measure, method, group)
		}
		return v
	}
}
