package funnel_test

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// matModes returns the options that stand for modes of ClickHouse's windowFunnel, as the comment of FunnelOptions has them.
func matModes(modes []string) funnel.FunnelOptions {
	o := funnel.FunnelOptions{Reuse: true}
	for _, mode := range modes {
		switch mode {
		case "strict_once":
			o.Reuse = false
		case "strict_increase":
			o.Ties = funnel.TiesStrict
		case "strict_deduplication":
			o.Ties, o.StopAtRepeat = funnel.TiesBySeq, true
		case "strict_order":
			o.Ties, o.StopAtOther = funnel.TiesBySeq, true
			o.StopAtSkip = !slices.Contains(modes, "allow_reentry")
		}
	}
	return o
}

// matCase is a case of windowFunnel. An event is its time and the steps that it satisfies.
type matCase struct {
	ID       string               `json:"id"`
	Window   int64                `json:"window"`
	Modes    []string             `json:"modes"`
	Steps    int                  `json:"steps"`
	Events   [][2]json.RawMessage `json:"events"`
	Expected int                  `json:"expected_level"`
	Correct  int                  `json:"correct"`
	Peer     int                  `json:"clickhouse"`
}

func matCasesOf(t *testing.T, name string) (cases []matCase) {
	t.Helper()
	data, err := os.ReadFile(testenv.Data(t, "funnel/clickhouse/"+name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func (c matCase) match(t *testing.T) funnel.Match {
	t.Helper()
	o := matModes(c.Modes)
	o.Steps, o.Window = c.Steps, c.Window
	events := make([]funnel.Event, len(c.Events))
	for i, pair := range c.Events {
		var steps []int
		if err := json.Unmarshal(pair[0], &events[i].At); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(pair[1], &steps); err != nil {
			t.Fatal(err)
		}
		for _, k := range steps {
			events[i].Steps |= 1 << (k - 1)
		}
	}
	slices.SortStableFunc(events, func(a, b funnel.Event) int { return cmp.Compare(a.At, b.At) }) // as windowFunnel does
	got := matMatch(t, o, events)
	matValid(t, o, events, got)
	return got
}

// TestE_windowFunnel runs the public tests of ClickHouse's windowFunnel (tests/queries/0_stateless/00632, 00222 and 00688 and the
// issues that they name, Apache-2.0), as transcribed with the results of its source of 2025.
func TestE_windowFunnel(t *testing.T) {
	cases := matCasesOf(t, "windowfunnel_cases.json")
	if len(cases) != 118 {
		t.Errorf("%d cases, want 118", len(cases))
	}
	for _, c := range cases {
		if got := c.match(t).Level; got != c.Expected {
			t.Errorf("%s %v: level %d, want %d: %s", c.ID, c.Modes, got, c.Expected, c.Events)
		}
	}
}

// TestE_windowFunnel_defects are the cases in which ClickHouse is known to be wrong: with strict_increase a later chain overwrites
// one that could still go on (github.com/ClickHouse/ClickHouse issues 34986, 52844, 93789).
func TestE_windowFunnel_defects(t *testing.T) {
	for _, c := range matCasesOf(t, "windowfunnel_known_defects.json") {
		if got := c.match(t).Level; got != c.Correct || got == c.Peer {
			t.Errorf("%s: level %d, want %d, and not %d", c.ID, got, c.Correct, c.Peer)
		}
	}
}

// TestE_mixpanel_anchor is the example of Mixpanel's documentation of conversion windows: from the first A the window of an hour
// holds B only; from the latest, which is what its "optimized re-entry" and ClickHouse read, it holds C.
func TestE_mixpanel_anchor(t *testing.T) {
	const minute = 1
	events := []funnel.Event{
		{At: 13 * 60 * minute, Steps: 1 << 0},
		{At: 13*60 + 30*minute, Steps: 1 << 0},
		{At: 13*60 + 45*minute, Steps: 1 << 1},
		{At: 14*60 + 15*minute, Steps: 1 << 2},
	}
	for anchor, want := range map[funnel.Anchor]int{funnel.FirstEntry: 2, funnel.LatestEntry: 3} {
		o := funnel.FunnelOptions{Steps: 3, Window: 60 * minute, Anchor: anchor}
		if got := matMatch(t, o, events).Level; got != want {
			t.Errorf("anchor %q: level %d, want %d", anchor, got, want)
		}
	}
}

// matApplications returns the events of each loan application of BPI Challenge 2012 (van Dongen, doi 10.4121/uuid:3926db30) that
// satisfy one of the steps, in milliseconds.
func matApplications(t *testing.T, steps []string) map[string][]funnel.Event {
	t.Helper()
	f, err := os.Open(testenv.Data(t, "funnel/eventlogs/bpic2012.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	events := map[string][]funnel.Event{}
	records := csv.NewReader(z)
	records.ReuseRecord = true
	for {
		r, err := records.Read() // case,seq,activity,lifecycle,timestamp,resource,amount_req
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(r[2], "A_") {
			continue
		}
		at, err := time.Parse(time.RFC3339, r[4])
		if err != nil {
			t.Fatal(err)
		}
		e := funnel.Event{At: at.UnixMilli()}
		if k := slices.Index(steps, r[2]); k >= 0 {
			e.Steps = 1 << k
		}
		events[r[0]] = append(events[r[0]], e)
	}
	return events
}

// TestE_bpic2012 is the funnel of the applications and the time that each step took from the first one, counted independently.
func TestE_bpic2012(t *testing.T) {
	data, err := os.ReadFile(testenv.Data(t, "funnel/reference/process/bpic2012_A_funnel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Steps  []string `json:"steps"`
		Funnel []struct {
			Days    *int64 `json:"window_days"`
			Reached []int  `json:"reached"`
		} `json:"funnel"`
		Times []struct {
			Step   string  `json:"step"`
			N      int     `json:"n"`
			Median float64 `json:"median_s"`
			P90    float64 `json:"p90_s"`
			Mean   float64 `json:"mean_s"`
		} `json:"time_from_first"`
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	applications := matApplications(t, want.Steps)
	for _, w := range want.Funnel {
		o := funnel.FunnelOptions{Steps: len(want.Steps), Window: funnel.NoWindow}
		if w.Days != nil {
			o.Window = *w.Days * 24 * time.Hour.Milliseconds()
		}
		reached := make([]int, o.Steps)
		since := make([][]int64, o.Steps)
		for _, events := range applications {
			m := matMatch(t, o, events)
			for k, at := range m.Times {
				reached[k]++
				since[k] = append(since[k], at-m.Times[0])
			}
		}
		if diff := gocmp.Diff(w.Reached, reached); diff != "" {
			t.Errorf("window of %d ms (-want +got)\n%s", o.Window, diff)
		}
		if w.Days != nil {
			continue
		}
		for _, x := range want.Times {
			times := since[slices.Index(want.Steps, x.Step)]
			slices.Sort(times)
			quantile := func(p float64) float64 { // type 7
				at := p * float64(len(times)-1)
				i := int(at)
				return float64(times[i]) + (at-float64(i))*float64(times[i+1]-times[i])
			}
			var sum int64
			for _, x := range times {
				sum += x
			}
			got := []float64{quantile(0.5), quantile(0.9), float64(sum) / float64(len(times))}
			for i, want := range []float64{x.Median, x.P90, x.Mean} {
				if len(times) != x.N || math.Abs(got[i]/1000-want) > 1e-12*want {
					t.Errorf("%s: median, 90th percentile and mean of %d are %.0f ms, want %.3f, %.3f and %.3f s of %d",
						x.Step, len(times), got, x.Median, x.P90, x.Mean, x.N)
				}
			}
		}
	}
}
