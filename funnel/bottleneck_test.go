package funnel_test

import (
	gocmp "cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// sloPipeline is Lead, Demo, Offer, and the ends Won and Lost.
func sloPipeline(t testing.TB) funnel.Pipeline {
	t.Helper()
	p, err := funnel.NewPipeline(
		funnel.Stage{Key: "Lead"}, funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Offer"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost},
	)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sloDay returns the n-th day of 2026.
func sloDay(n int) time.Time { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC) }

// sloJourney returns a journey from a text such as "Lead 0 Demo 5 Won 12": stages and days.
func sloJourney(t testing.TB, id, moves string) funnel.Journey {
	t.Helper()
	j := funnel.Journey{ID: id}
	words := strings.Fields(moves)
	for i := 0; i+1 < len(words); i += 2 {
		day, err := strconv.Atoi(words[i+1])
		if err != nil {
			t.Fatal(err)
		}
		j.Moves = append(j.Moves, funnel.Move{To: words[i], At: sloDay(day)})
	}
	return j
}

// sloFlow returns the flow of so many journeys of each kind, as of day 1,000.
func sloFlow(t testing.TB, kinds map[string]int) *funnel.Flow {
	t.Helper()
	v := funnel.View{Pipeline: sloPipeline(t), AsOf: sloDay(1000)}
	var f funnel.Flow
	for moves, n := range kinds {
		for range n {
			if err := f.Add(v, sloJourney(t, "", moves)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return &f
}

// sloFind returns the finding about a stage and a cause.
func sloFind(t testing.TB, d funnel.Diagnosis, stage string, cause funnel.Cause) funnel.Finding {
	t.Helper()
	for _, f := range d.Findings {
		if f.Stage == stage && f.Cause == cause {
			return f
		}
	}
	t.Fatalf("no finding about %s, %s", stage, cause)
	return funnel.Finding{}
}

// By hand. Demo leads on in 50 of 80 visits, in the baseline in 64 of 80; an offer is won in 20 of 50 cases now. So
// 80 × (64/80 - 50/80) × 20/50 = 5.6 wins are lost. The pooled share is 114/160, and chi-squared (14/80)²/(114/160 × 46/160 × 2/80) =
// 5.9801, p = 0.01447. Offers take 6 days instead of 4: 50 × 2 = 100 days.
func TestE03_Bottlenecks_byHand(t *testing.T) {
	cur := sloFlow(t, map[string]int{
		"Lead 0 Lost 3": 20, "Lead 0 Demo 2 Lost 7": 30, "Lead 0 Demo 2 Offer 7 Lost 13": 30, "Lead 0 Demo 2 Offer 7 Won 13": 20,
	})
	base := sloFlow(t, map[string]int{
		"Lead 0 Lost 3": 20, "Lead 0 Demo 2 Lost 7": 16, "Lead 0 Demo 2 Offer 7 Lost 11": 40, "Lead 0 Demo 2 Offer 7 Won 11": 24,
	})
	d, err := funnel.Bottlenecks(cur, base, funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	near := cmpopts.EquateApprox(0, 1e-9)
	demo := sloFind(t, d, "Demo", funnel.CauseConversion)
	want := funnel.Finding{
		Stage: "Demo", Cause: funnel.CauseConversion, Verdict: funnel.Worse, Horizon: 5,
		Current:  &funnel.StageFigure{Value: 0.625, Visits: 80, Trials: 80},
		Baseline: &funnel.StageFigure{Value: 0.8, Visits: 80, Trials: 80},
		Effect: &funnel.Effect{
			Comparison: funnel.Comparison{Difference: -0.175, P: 0.014467},
			Each:       0.4, LostWins: 5.6,
		},
	}
	ignore := cmp.FilterPath(func(p cmp.Path) bool {
		return slices.Contains([]string{"Interval", "AdjustedP", "P"}, strings.TrimPrefix(p.Last().String(), "."))
	}, cmp.Ignore())
	if diff := cmp.Diff(want, demo, near, ignore); diff != "" {
		t.Errorf("demo (-want +got):\n%s", diff)
	}
	if math.Abs(demo.Effect.P-0.014467) > 1e-5 {
		t.Errorf("demo: p = %v, want 0.01447", demo.Effect.P)
	}
	// Lead converts equally; the offer's 20 of 50 against 24 of 64 is the second of two differences: the adjusted p of Demo
	// is p × 3 of three tests.
	if got, want := demo.Effect.AdjustedP, 3*demo.Effect.P; math.Abs(got-want) > 1e-12 {
		t.Errorf("demo: adjusted p = %v, want %v", got, want)
	}
	offer := sloFind(t, d, "Offer", funnel.CauseTime)
	if e := offer.Effect; offer.Verdict != funnel.Worse || math.Abs(e.Difference-2) > 1e-12 || math.Abs(e.ExtraTime-100) > 1e-9 || offer.Current.Trials != 50 {
		t.Errorf("offer: %+v, %+v", offer, offer.Effect)
	}
	lead := sloFind(t, d, "Lead", funnel.CauseConversion)
	if e := lead.Effect; e.LostWins != 0 || e.P != 1 || lead.Verdict != funnel.Unclear {
		t.Errorf("lead: %+v, %+v", lead, e)
	}
	var order []string
	for _, f := range d.Findings {
		order = append(order, f.Stage+" "+string(f.Cause)+" "+string(f.Verdict))
	}
	wantOrder := []string{
		"Demo conversion worse", "Offer time worse", // of 5.6 wins and 100 days
		"Offer conversion unclear", "Lead conversion unclear", "Lead time unclear", "Demo time unclear",
		"Lead rework unclear", "Demo rework unclear", "Offer rework unclear",
	}
	if diff := cmp.Diff(wantOrder, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	wantLoads := []funnel.StageLoad{
		{Stage: "Lead", Visits: 100, Win: 0.2, TimeShare: new(220.0 / 920), Elasticity: new(1.0)},
		{Stage: "Demo", Visits: 80, Win: 0.25, TimeShare: new(400.0 / 920), Elasticity: new(1.0)},
		{Stage: "Offer", Visits: 50, Win: 0.4, TimeShare: new(300.0 / 920), Elasticity: new(1.0)},
	}
	if diff := cmp.Diff(wantLoads, d.Stages, near); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
}

// Open visits are no failures: a flow seen young, against the same flow seen later, shows no bottleneck, although only a fifth of the
// young one's visits have gone on.
func TestBottlenecks_young(t *testing.T) {
	var young, old funnel.Flow
	for i := range 600 {
		start, stay := i%60, 5+i*7%40
		end := "Won"
		if i%3 == 0 {
			end = "Lost"
		}
		j := sloJourney(t, "", "Lead "+strconv.Itoa(start)+" "+end+" "+strconv.Itoa(start+stay))
		for f, asOf := range map[*funnel.Flow]int{&young: 60, &old: 1000} {
			v := funnel.View{Pipeline: sloPipeline(t), AsOf: sloDay(asOf)}
			if err := f.Add(v, j); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s, err := young.Stage("Lead"); err != nil || s.Open.Count < 200 {
		t.Fatalf("the test is none: %d open, %v", s.Open.Count, err)
	}
	d, err := funnel.Bottlenecks(&young, &old, funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Findings {
		if f.Verdict == funnel.Worse || f.Verdict == funnel.Better {
			t.Errorf("%s", f)
		}
	}
	f := sloFind(t, d, "Lead", funnel.CauseConversion)
	if f.Effect == nil || math.Abs(f.Effect.Difference) > 0.05 || f.Current.Trials >= float64(f.Current.Visits) {
		t.Errorf("%s: %+v", f, f.Current)
	}
	// It is the estimate of Aalen and Johansen, worth as many trials as have its variance.
	times, err := young.Times("Lead")
	if err != nil {
		t.Fatal(err)
	}
	curve, err := times.Incidence(funnel.Won, funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	at := curve.At(f.Horizon)
	if trials := at.Value * (1 - at.Value) / (at.SE * at.SE); math.Abs(f.Current.Value-at.Value) > 1e-12 || math.Abs(f.Current.Trials-trials) > 1e-6 {
		t.Errorf("%+v, want %v in %v trials", f.Current, at.Value, trials)
	}
}

// A flow does not differ from itself; and swapped flows differ the other way, with the same p-values.
func TestBottlenecks_law(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: 1}, Horizon: rapid.SampledFrom([]int{0, 0, 3, 30}).Draw(rt, "horizon")}
		cur, base := sloFlows(t).Draw(rt, "cur"), sloFlows(t).Draw(rt, "base")
		self, err := funnel.Bottlenecks(cur, cur, o)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range self.Findings {
			if f.Verdict != funnel.Unclear && f.Verdict != funnel.TooFew {
				rt.Errorf("a flow against itself: %s", f)
			}
			if e := f.Effect; e != nil && (e.Difference != 0 || e.LostWins != 0 || e.ExtraTime != 0 || e.P != 1 || e.AdjustedP != 1) {
				rt.Errorf("a flow against itself: %+v", e)
			}
		}
		ab, err := funnel.Bottlenecks(cur, base, o)
		if err != nil {
			rt.Fatal(err)
		}
		ba, err := funnel.Bottlenecks(base, cur, o)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range ab.Findings {
			g := sloFind(t, ba, f.Stage, f.Cause)
			if (f.Effect == nil) != (g.Effect == nil) {
				rt.Fatalf("%s, but swapped %s", f, g)
			}
			if f.Effect == nil {
				if f.Verdict != funnel.TooFew || f.Reason == "" {
					rt.Errorf("%+v", f)
				}
				continue
			}
			if math.Abs(f.Effect.Difference+g.Effect.Difference) > 1e-12 || math.Abs(f.Effect.P-g.Effect.P) > 1e-9 {
				rt.Errorf("%+v, but swapped %+v", f.Effect, g.Effect)
			}
			opposite := map[funnel.Verdict]funnel.Verdict{funnel.Worse: funnel.Better, funnel.Better: funnel.Worse, funnel.Unclear: funnel.Unclear}
			if g.Verdict != opposite[f.Verdict] {
				rt.Errorf("%s, but swapped %s", f, g)
			}
			if diff := cmp.Diff(f.Current, g.Baseline); diff != "" {
				rt.Errorf("figure swapped (-want +got):\n%s", diff)
			}
			sloCheckFormula(rt, f)
			if f.Cause == funnel.CauseTime {
				sloCheckMean(t, f, cur, base)
			}
		}
		if !slices.IsSortedFunc(ab.Findings, sloByRank) {
			rt.Errorf("not in order: %v", ab.Findings)
		}
		if n := 3 * 3; len(ab.Findings) != n || len(ab.Stages) != 3 {
			rt.Errorf("%d findings of %d stages, want %d of 3", len(ab.Findings), len(ab.Stages), n)
		}
		text, err := json.Marshal(ab)
		if err != nil {
			rt.Fatal(err)
		}
		var back funnel.Diagnosis
		if err := json.Unmarshal(text, &back); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(ab, back); diff != "" {
			rt.Errorf("through JSON (-want +got):\n%s", diff)
		}
	})
}

// sloByRank compares findings by the order that is documented, as far as it is one of their own figures.
func sloByRank(a, b funnel.Finding) int {
	size := func(f funnel.Finding) float64 {
		if f.Effect == nil {
			return 0
		}
		return math.Abs(f.Effect.LostWins) + math.Abs(f.Effect.ExtraTime)
	}
	index := func(f funnel.Finding) int {
		return slices.Index([]funnel.Verdict{funnel.Worse, funnel.Better, funnel.Unclear, funnel.TooFew}, f.Verdict)*3 +
			slices.Index([]funnel.Cause{funnel.CauseConversion, funnel.CauseTime, funnel.CauseRework}, f.Cause)
	}
	if d := index(a) - index(b); d != 0 {
		return d
	}
	return gocmp.Compare(size(b), size(a))
}

// sloCheckMean checks the interval of a difference of two means.
func sloCheckMean(t *testing.T, f funnel.Finding, flows ...*funnel.Flow) {
	t.Helper()
	variance := 0.0
	for _, flow := range flows {
		times, err := flow.Times(f.Stage)
		if err != nil {
			t.Fatal(err)
		}
		mean, err := times.RestrictedMean(f.Horizon, funnel.CI{})
		if err != nil {
			t.Fatal(err)
		}
		variance += mean.SE * mean.SE
	}
	half := 1.959963984540054 * math.Sqrt(variance)
	if in, e := f.Effect.Interval, f.Effect.Difference; math.Abs(in.Low-(e-half)) > 1e-9 || math.Abs(in.High-(e+half)) > 1e-9 {
		t.Errorf("%s: interval %+v, want %v ± %v", f, in, e, half)
	}
}

// sloCheckFormula checks the formulas of the doc comment of Finding.
func sloCheckFormula(t *rapid.T, f funnel.Finding) {
	e, visits := f.Effect, float64(f.Current.Visits)
	less := visits * (f.Baseline.Value - f.Current.Value) * e.Each
	if f.Cause == funnel.CauseConversion {
		if math.Abs(e.LostWins-less) > 1e-9*(1+math.Abs(less)) || e.ExtraTime != 0 {
			t.Errorf("%+v: lost wins, want %v", e, less)
		}
		return
	}
	if math.Abs(e.ExtraTime+less) > 1e-9*(1+math.Abs(less)) || e.LostWins != 0 || f.Cause == funnel.CauseTime && e.Each != 1 {
		t.Errorf("%+v: extra time, want %v", e, -less)
	}
}

// What an advance is worth agrees with the elasticity that the chain has by another way: the percent by which the chance to win
// rises are conversion × worth × visits / chance.
func TestBottlenecks_worth_law(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := sloFlows(t).Draw(rt, "flow")
		d, err := funnel.Bottlenecks(f, f, funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: 1}})
		if err != nil {
			rt.Fatal(err)
		}
		chain, err := f.ChainWithin(funnel.MaxTick)
		if errors.Is(err, funnel.ErrUndefined) {
			return // a stage of which no visit ended
		}
		if err != nil {
			rt.Fatal(err)
		}
		all, err := chain.Absorb()
		if errors.Is(err, funnel.ErrUndefined) {
			return // deals that move to and fro without end
		}
		if err != nil {
			rt.Fatal(err)
		}
		for i, stage := range chain.Stages {
			c := sloFind(t, d, stage, funnel.CauseConversion)
			if c.Effect == nil || all.Elasticity == nil {
				continue
			}
			at := slices.Index([]string{"Lead", "Demo", "Offer"}, stage)
			on := 0.0
			for j, p := range chain.Next[i] {
				if slices.Index([]string{"Lead", "Demo", "Offer"}, chain.Stages[j]) > at {
					on += p
				}
			}
			for j, p := range chain.End[i] {
				if chain.Ends[j].End == funnel.Won {
					on += p
				}
			}
			want := all.Elasticity[i]
			if on == 0 || on == 1 {
				continue // the elasticity of what cannot shrink or grow is a convention
			}
			if got := on * c.Effect.Each * all.StartVisits[i] / all.StartWin; math.Abs(got-want) > 1e-9 {
				rt.Errorf("%s: elasticity %v, want %v", stage, got, want)
			}
			if got := *d.Stages[at].Elasticity; math.Abs(got-want) > 1e-9 {
				rt.Errorf("%s: elasticity %v, want %v", stage, got, want)
			}
		}
	})
}

// sloFlows draws a flow of 1 to 40 journeys that skip, regress, and may be open.
func sloFlows(t *testing.T) *rapid.Generator[*funnel.Flow] {
	t.Helper()
	stages := []string{"Lead", "Demo", "Offer", "Won", "Lost"}
	v := funnel.View{Pipeline: sloPipeline(t), AsOf: sloDay(60)}
	return rapid.Custom(func(rt *rapid.T) *funnel.Flow {
		var f funnel.Flow
		// One that has been everywhere and is lost, so that from every stage there is an end.
		if err := f.Add(v, sloJourney(t, "", "Lead 0 Lost 2")); err != nil {
			rt.Fatal(err)
		}
		for _, moves := range []string{"Lead 0 Demo 1 Lost 5", "Lead 0 Demo 1 Offer 3 Lost 7"} {
			if rapid.Bool().Draw(rt, "more") {
				if err := f.Add(v, sloJourney(t, "", moves)); err != nil {
					rt.Fatal(err)
				}
			}
		}
		for range rapid.IntRange(0, 40).Draw(rt, "journeys") {
			at, day := 0, rapid.IntRange(0, 40).Draw(rt, "start")
			j := funnel.Journey{Moves: []funnel.Move{{To: "Lead", At: sloDay(day)}}}
			for range rapid.IntRange(0, 5).Draw(rt, "moves") {
				if at = (at + rapid.IntRange(1, 4).Draw(rt, "to")) % 5; at == 0 && len(j.Moves) == 1 {
					at = 1
				}
				day += rapid.IntRange(0, 12).Draw(rt, "days")
				j.Moves = append(j.Moves, funnel.Move{To: stages[at], At: sloDay(day)})
				if at >= 3 {
					break
				}
			}
			if err := f.Add(v, j); err != nil {
				rt.Fatal(err)
			}
		}
		return &f
	})
}

func TestBottlenecks_refuses(t *testing.T) {
	one := sloFlow(t, map[string]int{"Lead 0 Lost 1": 1})
	other, err := funnel.NewPipeline(funnel.Stage{Key: "Lead"}, funnel.Stage{Key: "Lost", End: funnel.Lost})
	if err != nil {
		t.Fatal(err)
	}
	var small funnel.Flow
	if err := small.Add(funnel.View{Pipeline: other, AsOf: sloDay(9)}, sloJourney(t, "", "Lead 0")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cur, base *funnel.Flow
		o         funnel.BottleneckOptions
		want      string
		kind      error
	}{
		"nil":            {nil, one, funnel.BottleneckOptions{}, "cur holds no", funnel.ErrUndefined},
		"empty":          {one, new(funnel.Flow), funnel.BottleneckOptions{}, "base holds no", funnel.ErrUndefined},
		"other pipeline": {one, &small, funnel.BottleneckOptions{}, "another pipeline", funnel.ErrMismatch},
		"horizon":        {one, one, funnel.BottleneckOptions{Horizon: -1}, "horizon", funnel.ErrInput},
		"far":            {one, one, funnel.BottleneckOptions{Horizon: math.MaxInt}, "horizon", funnel.ErrInput},
		"evidence":       {one, one, funnel.BottleneckOptions{Evidence: funnel.Evidence{Level: 95}}, "evidence/level", funnel.ErrInput},
	} {
		d, err := funnel.Bottlenecks(c.cur, c.base, c.o)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) || d.Findings != nil {
			t.Errorf("%s: error %v, want one of %v that tells %q", name, err, c.kind, c.want)
		}
	}
}

// The horizon goes as far as half of the visits are known; what is known of a share of 0 is those visits.
func TestBottlenecks_horizon(t *testing.T) {
	flow := func(young int) *funnel.Flow {
		return sloFlow(t, map[string]int{"Lead 0 Lost 3": 10, "Lead 990": young, "Lead 970": 30 - young})
	}
	for young, want := range map[int]int{20: 30, 21: 10} {
		for _, flows := range [][2]*funnel.Flow{{flow(young), flow(0)}, {flow(0), flow(young)}} {
			d, err := funnel.Bottlenecks(flows[0], flows[1], funnel.BottleneckOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if f := sloFind(t, d, "Lead", funnel.CauseConversion); f.Horizon != want {
				t.Errorf("%d young of 40: horizon %d, want %d", young, f.Horizon, want)
			}
		}
	}
	d, err := funnel.Bottlenecks(flow(20), flow(0), funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if f := sloFind(t, d, "Lead", funnel.CauseConversion); f.Current.Trials != 20 || f.Baseline.Trials != 40 {
		t.Errorf("none of 40 went on, 20 of them young: worth %v trials, and %v of 40; want 20 and 40", f.Current.Trials, f.Baseline.Trials)
	}
	// Visits that end later do not count for a horizon that was asked for.
	slow := sloFlow(t, map[string]int{"Lead 0 Lost 9": 30, "Lead 0 Demo 2 Lost 3": 25})
	if d, err = funnel.Bottlenecks(slow, slow, funnel.BottleneckOptions{Horizon: 5}); err != nil {
		t.Fatal(err)
	}
	if f := sloFind(t, d, "Lead", funnel.CauseTime); f.Horizon != 5 || f.Current.Trials != 25 || math.Abs(f.Current.Value-200.0/55) > 1e-12 {
		t.Errorf("%s: %+v, want 25 ended, and (30 × 5 + 25 × 2) / 55 ticks", f, f.Current)
	}
}

// Of the offers of this quarter only five have ended, all lost. What a demo that goes on is worth is taken from the baseline.
func TestBottlenecks_standIn(t *testing.T) {
	cur := sloFlow(t, map[string]int{"Lead 0 Demo 1 Offer 9 Lost 12": 5, "Lead 980 Demo 985 Offer 990": 25, "Lead 0 Demo 1 Lost 9": 30})
	base := sloFlow(t, map[string]int{"Lead 0 Demo 1 Offer 9 Lost 12": 20, "Lead 0 Demo 1 Offer 9 Won 12": 30, "Lead 0 Demo 1 Lost 9": 10})
	for _, c := range []struct {
		minN int64
		want float64
	}{{20, 0.6}, {5, 0}} {
		d, err := funnel.Bottlenecks(cur, base, funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: c.minN}})
		if err != nil {
			t.Fatal(err)
		}
		f := sloFind(t, d, "Demo", funnel.CauseConversion)
		if f.Effect == nil || math.Abs(f.Effect.Each-c.want) > 1e-12 || f.Verdict != funnel.Worse {
			t.Errorf("with %d enough: %s, each %v, want %v", c.minN, f, f.Effect, c.want)
		}
	}
}

// Tests that could find nothing are none, and with Alpha 1 all differences count.
func TestBottlenecks_tests(t *testing.T) {
	cur := sloFlow(t, map[string]int{"Lead 0 Demo 1 Won 9": 20, "Lead 0 Demo 1 Lost 9": 30})
	base := sloFlow(t, map[string]int{"Lead 0 Demo 1 Won 9": 25, "Lead 0 Demo 1 Lost 9": 25})
	for alpha, want := range map[float64]funnel.Verdict{0: funnel.Unclear, 1: funnel.Worse} {
		d, err := funnel.Bottlenecks(cur, base, funnel.BottleneckOptions{Evidence: funnel.Evidence{Alpha: alpha}})
		if err != nil {
			t.Fatal(err)
		}
		f := sloFind(t, d, "Demo", funnel.CauseConversion)
		if f.Verdict != want || f.Effect.P < 0.1 || f.Effect.AdjustedP != f.Effect.P {
			t.Errorf("Alpha %v: %s, %+v, want the p-value of a single test", alpha, f, f.Effect)
		}
	}
}

// Deals that move to and fro, of which none has ended: nobody knows what that is worth, but the rest is told.
func TestBottlenecks_endless(t *testing.T) {
	endless := sloFlow(t, map[string]int{"Lead 0 Demo 1 Lead 2": 30})
	d, err := funnel.Bottlenecks(endless, sloFlow(t, map[string]int{"Lead 0 Demo 5 Won 9": 30}), funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if f := sloFind(t, d, "Lead", funnel.CauseRework); f.Verdict != funnel.Worse || f.Current.Value != 0.5 {
		t.Errorf("%s", f)
	}
	for _, s := range d.Stages {
		if s.Win != 0 || s.Elasticity != nil {
			t.Errorf("%+v, want no wins", s)
		}
	}
}

// What is not judged says why.
func TestBottlenecks_reasons(t *testing.T) {
	cur := sloFlow(t, map[string]int{"Lead 0 Demo 4 Won 9": 19, "Lead 990": 100})
	base := sloFlow(t, map[string]int{"Lead 0 Demo 4 Offer 7 Won 9": 30, "Lead 0 Lost 4": 30})
	for name, c := range map[string]struct {
		o           funnel.BottleneckOptions
		stage       string
		cause       funnel.Cause
		want        funnel.Verdict
		why         string
		hasFigures  bool
		hasBaseline bool
	}{
		"no visit":   {funnel.BottleneckOptions{}, "Offer", funnel.CauseConversion, funnel.TooFew, "the flow has no visit", false, true},
		"few":        {funnel.BottleneckOptions{}, "Demo", funnel.CauseConversion, funnel.TooFew, "the flow has 19 visits of which that is known, fewer than 20", true, true},
		"few ended":  {funnel.BottleneckOptions{}, "Lead", funnel.CauseTime, funnel.TooFew, "the flow has 19 visits that ended, fewer than 20", true, true},
		"few asked":  {funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: 31}}, "Demo", funnel.CauseRework, funnel.TooFew, "the flow has 19 visits, fewer than 31; the baseline has 30 visits, fewer than 31", true, true},
		"too far":    {funnel.BottleneckOptions{Horizon: 50}, "Lead", funnel.CauseConversion, funnel.TooFew, "the flow tells of 10 ticks of a visit, and not of 50", false, true},
		"same":       {funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: 1}}, "Demo", funnel.CauseConversion, funnel.Unclear, "there is no difference", true, true},
		"no test":    {funnel.BottleneckOptions{Evidence: funnel.Evidence{MinN: 1}}, "Demo", funnel.CauseTime, funnel.Worse, "", true, true},
		"no rework":  {funnel.BottleneckOptions{}, "Lead", funnel.CauseRework, funnel.Unclear, "there is no difference", true, true},
		"no horizon": {funnel.BottleneckOptions{}, "Offer", funnel.CauseTime, funnel.TooFew, "the flow has no visit", false, true},
	} {
		d, err := funnel.Bottlenecks(cur, base, c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := sloFind(t, d, c.stage, c.cause)
		if f.Verdict != c.want || f.Reason != c.why || (f.Current != nil) != c.hasFigures || (f.Baseline != nil) != c.hasBaseline {
			t.Errorf("%s: %q because %q, figures %v and %v; want %q because %q", name, f.Verdict, f.Reason, f.Current, f.Baseline, c.want, c.why)
		}
		if !strings.HasPrefix(f.String(), c.stage+", "+string(c.cause)+": ") || !strings.HasSuffix(f.String(), c.why) {
			t.Errorf("%s: %s", name, f)
		}
	}
}
