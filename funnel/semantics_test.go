package funnel_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// The rules of docs/semantics-funnel.md, each with the cases at its edges.

// semPipeline has the stages A, B and C and the ends Won, Lost and Left.
func semPipeline(t *testing.T) funnel.Pipeline {
	t.Helper()
	p, err := funnel.NewPipeline(funnel.Stage{Key: "A"}, funnel.Stage{Key: "B"}, funnel.Stage{Key: "C"},
		funnel.Stage{Key: "Won", End: funnel.Won}, funnel.Stage{Key: "Lost", End: funnel.Lost}, funnel.Stage{Key: "Left", End: funnel.Left})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// semDay is the start of a day of the year 2026, counted from 0.
func semDay(n int) time.Time { return time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC) }

// semJourney is the way of a deal that moves every ten days, from day 0.
func semJourney(id string, stages ...string) funnel.Journey {
	j := funnel.Journey{ID: id}
	for i, s := range stages {
		j.Moves = append(j.Moves, funnel.Move{To: s, At: semDay(10 * i)})
	}
	return j
}

// semFlow counts journeys as of day 365.
func semFlow(t *testing.T, journeys ...funnel.Journey) *funnel.Flow {
	t.Helper()
	view := funnel.View{Pipeline: semPipeline(t), AsOf: semDay(365)}
	f := new(funnel.Flow)
	for _, j := range journeys {
		if err := f.Add(view, j); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func semShare(t *testing.T) func(funnel.Share, error) funnel.Share {
	t.Helper()
	return func(s funnel.Share, err error) funnel.Share {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestS80_openDealsArePending(t *testing.T) {
	f := semFlow(t, semJourney("won", "A", "B", "Won"), semJourney("lost", "A", "Lost"), semJourney("open", "A"), semJourney("on", "A", "B"))
	got := semShare(t)(f.Conversion("A", "B", funnel.Visited))
	if want := (funnel.Share{Entered: 4, Reached: 2, Pending: 1}); got != want {
		t.Errorf("A to B: %+v, want %+v", got, want)
	}
	if got.Least() != (funnel.Ratio{Num: 2, Den: 4}) || got.Most() != (funnel.Ratio{Num: 3, Den: 4}) || got.Settled() != (funnel.Ratio{Num: 2, Den: 3}) {
		t.Errorf("least %v, most %v, settled %v", got.Least(), got.Most(), got.Settled())
	}
}

func TestS81_threeReadingsOfASkip(t *testing.T) {
	f := semFlow(t, semJourney("all", "A", "B", "C", "Won"), semJourney("skips", "A", "C", "Won"), semJourney("straight", "A", "Won"), semJourney("skips, lost", "A", "C", "Lost"))
	for skip, want := range map[funnel.Skip][2]int64{
		funnel.Visited:    {1, 3}, // B, C
		funnel.Implied:    {4, 4},
		funnel.Contiguous: {1, 1},
	} {
		b, c := semShare(t)(f.Conversion("A", "B", skip)), semShare(t)(f.Conversion("A", "C", skip))
		if got := [2]int64{b.Reached, c.Reached}; got != want {
			t.Errorf("%s: %v reached B and C, want %v", skip, got, want)
		}
	}
}

func TestS82_movesBackAreVisits(t *testing.T) {
	f := semFlow(t, semJourney("1", "A", "B", "A", "A", "B", "C", "Lost"))
	for _, s := range f.Stages() {
		if s.Entered.Count != s.Advanced.Count+s.Regressed.Count+s.Won.Count+s.Lost.Count+s.Left.Count+s.Open.Count {
			t.Errorf("%s does not balance: %+v", s.Stage, s)
		}
	}
	a, err := f.Stage("A")
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Stage("B")
	if err != nil {
		t.Fatal(err)
	}
	if a.Entered.Count != 2 || a.Advanced.Count != 2 || a.Repeated != 1 || a.Reworked != 1 || b.Regressed.Count != 1 {
		t.Errorf("A %+v, B %+v; want two visits to A, one of them rework, one move within it, and one visit of B that fell back", a, b)
	}
}

func TestS83_productOfRatesIsWrongWithSkips(t *testing.T) {
	var journeys []funnel.Journey
	for range 6 {
		journeys = append(journeys, semJourney("", "A", "Won"))
	}
	journeys = append(journeys, semJourney("", "A", "B", "C", "Won"), semJourney("", "A", "B", "Lost"), semJourney("", "A", "B", "C", "Lost"), semJourney("", "A", "Lost"))
	f := semFlow(t, journeys...)
	product := 1.0
	for _, pair := range [][2]string{{"A", "B"}, {"B", "C"}, {"C", "Won"}} {
		rate, _ := semShare(t)(f.Conversion(pair[0], pair[1], funnel.Visited)).Least().Float()
		product *= rate
	}
	c, err := f.Chain()
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Absorb()
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(product-0.1) > 1e-12 || math.Abs(a.Win[0]-0.7) > 1e-12 {
		t.Errorf("product of rates %v, chance to win from A %v; want 0.1 and 0.7, as 7 of 10 were won", product, a.Win[0])
	}
}

func TestS84_movesAfterAnEnd(t *testing.T) {
	p := semPipeline(t)
	back := semJourney("D-1", "A", "Lost", "B", "Won")
	err := p.Check(back)
	var e *funnel.Error
	if !errors.Is(err, funnel.ErrInput) || !errors.As(err, &e) || e.ID != "D-1" || e.Path != "moves/2/to" || !strings.Contains(err.Error(), "Reopening") {
		t.Errorf("back after an end: %v, want an error at moves/2/to of D-1 that names Reopening", err)
	}
	if err := p.Reopening().Check(back); err != nil {
		t.Errorf("in a pipeline that reopens: %v", err)
	}
	if err := p.Reopening().Check(semJourney("D-2", "A", "Lost", "Won")); !errors.Is(err, funnel.ErrInput) {
		t.Errorf("from one end to another: %v, want an error", err)
	}
}

func TestS85_asOf(t *testing.T) {
	j := semJourney("D-1", "A", "B", "Won")
	for day, want := range map[int][]funnel.Exit{
		9:  {funnel.Open},
		10: {funnel.Advanced, funnel.Open}, // a move at AsOf is known
		19: {funnel.Advanced, funnel.Open},
		20: {funnel.Advanced, funnel.Won},
	} {
		visits, err := funnel.View{Pipeline: semPipeline(t), AsOf: semDay(day)}.Visits(nil, j)
		if err != nil {
			t.Fatal(err)
		}
		var got []funnel.Exit
		for _, v := range visits {
			got = append(got, v.Exit)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of day %d (-want +got):\n%s", day, diff)
		}
	}
}

// semLives makes lifetimes.
func semLives(t *testing.T, spells ...funnel.Spell) *funnel.Lifetimes {
	t.Helper()
	l, err := funnel.NewLifetimes(spells...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestS86_openDealsCountAsTime(t *testing.T) {
	l := semLives(t, funnel.Spell{Leave: 10, Exit: funnel.Won}, funnel.Spell{Leave: 20, Exit: funnel.Won}, funnel.Spell{Leave: 30, Exit: funnel.Won},
		funnel.Spell{Leave: 25}, funnel.Spell{Leave: 40})
	c, err := l.Survival(funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	if q, ok := c.Quantile(0.5); !ok || q.Tick != 30 {
		t.Errorf("median %v, %t; want 30, not the 20 of the deals that were won", q.Tick, ok)
	}
}

func TestS87_lossesCompete(t *testing.T) {
	var spells []funnel.Spell
	for range 8 {
		spells = append(spells, funnel.Spell{Leave: 5, Exit: funnel.Lost})
	}
	spells = append(spells, funnel.Spell{Leave: 10, Exit: funnel.Won}, funnel.Spell{Leave: 20})
	c, err := semLives(t, spells...).Incidence(funnel.Won, funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.At(10).Value; math.Abs(got-0.1) > 1e-12 {
		t.Errorf("won by 10: %v, want 0.1, one of ten; with losses as censored it would be 0.5", got)
	}
}

func TestS88_lateEntry(t *testing.T) {
	view := funnel.View{Pipeline: semPipeline(t), AsOf: semDay(100), Since: semDay(5)}
	s, ok, err := view.Lifetime(semJourney("D-1", "A", "B", "Won"))
	if want := (funnel.Spell{Enter: 5, Leave: 20, Exit: funnel.Won}); err != nil || !ok || s != want {
		t.Errorf("%+v, %t, %v; want %+v: at risk from the day on which the history begins", s, ok, err, want)
	}
	view.Since = semDay(21)
	if s, ok, err := view.Lifetime(semJourney("D-1", "A", "B", "Won")); err != nil || ok {
		t.Errorf("%+v, %t, %v; want none: it had ended when the history began", s, ok, err)
	}
}

func TestS89_immatureCellsAreEmpty(t *testing.T) {
	var tri funnel.Triangle
	january := period("2026-01-01", "2026-02-01")
	if err := tri.Add(january, funnel.Spell{Leave: 3, Exit: funnel.Won}); err != nil {
		t.Fatal(err)
	}
	if err := tri.Add(january, funnel.Spell{Leave: 31}); err != nil {
		t.Fatal(err)
	}
	for asOf, mature := range map[string]bool{"2026-03-02": false, "2026-03-03": true} {
		table, err := tri.Table(funnel.CohortOptions{By: funnel.Won, Ages: []int{30}, AsOf: on(asOf).Time(time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		cell := table.Rows[0].Cells[0]
		if _, ok := cell.Ratio.Float(); cell.Mature != mature || ok != mature || mature == (cell.Gap == funnel.Immature) {
			t.Errorf("age 30 as of %s: %+v; want a ratio only when the deals of 31 January are of the age, %t", asOf, cell, mature)
		}
	}
}

func TestS90_clocks(t *testing.T) {
	friday, monday := time.Date(2026, 1, 2, 18, 0, 0, 0, time.UTC), time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		clock funnel.Clock
		want  int
	}{
		{"calendar days", funnel.CalendarDays(nil), 3},
		{"business days", funnel.BusinessDays(salesops.Calendar{}, nil), 1},
		{"hours", funnel.Hours, 63},
		{"minutes", funnel.Minutes, 63 * 60},
	} {
		if got := c.clock(friday, monday); got != c.want {
			t.Errorf("%s from Friday evening to Monday morning: %d, want %d", c.name, got, c.want)
		}
		if got := c.clock(friday, friday.Add(time.Second)); got != 0 {
			t.Errorf("%s within the same second: %d, want 0", c.name, got)
		}
	}
}

func TestS91_medianOfAFlatPiece(t *testing.T) {
	l := semLives(t, funnel.Spell{Leave: 10, Exit: funnel.Won}, funnel.Spell{Leave: 20, Exit: funnel.Lost})
	c, err := l.Survival(funnel.CI{})
	if err != nil {
		t.Fatal(err)
	}
	if q, ok := c.Quantile(0.5); !ok || q.Tick != 15 {
		t.Errorf("median of 10 and 20: %v, %t; want 15", q.Tick, ok)
	}
}

// semLevel is how far the events come; each is a time and the steps that it satisfies.
func semLevel(t *testing.T, o funnel.FunnelOptions, events ...[2]int64) int {
	t.Helper()
	var list []funnel.Event
	for _, e := range events {
		list = append(list, funnel.Event{At: e[0], Steps: uint32(e[1])})
	}
	m, err := funnel.Deepest(o, list)
	if err != nil {
		t.Fatal(err)
	}
	return m.Level
}

func TestS92_deepestChain(t *testing.T) {
	o := funnel.FunnelOptions{Steps: 2, Window: 10}
	if got := semLevel(t, o, [2]int64{0, 1}, [2]int64{10, 2}); got != 2 {
		t.Errorf("at the end of the window: level %d, want 2", got)
	}
	if got := semLevel(t, o, [2]int64{0, 1}, [2]int64{11, 2}); got != 1 {
		t.Errorf("after the window: level %d, want 1", got)
	}
	o.Ties = funnel.TiesStrict // where ClickHouse's strict_increase says 1
	if got := semLevel(t, o, [2]int64{0, 1}, [2]int64{1, 1}, [2]int64{1, 2}); got != 2 {
		t.Errorf("an entry at the time of the conversion: level %d, want 2 by the entry before", got)
	}
}

func TestS93_anchor(t *testing.T) {
	// Minutes after 13:00: A, A at 13:30, B at 13:45, C at 14:15, an hour's window.
	events := [][2]int64{{0, 1}, {30, 1}, {45, 2}, {75, 4}}
	o := funnel.FunnelOptions{Steps: 3, Window: 60}
	if got := semLevel(t, o, events...); got != 3 {
		t.Errorf("latest entry: level %d, want 3", got)
	}
	o.Anchor = funnel.FirstEntry
	if got := semLevel(t, o, events...); got != 2 {
		t.Errorf("first entry: level %d, want 2", got)
	}
}

func TestS94_ties(t *testing.T) {
	for ties, want := range map[funnel.Ties]int{funnel.TiesAsOrdered: 2, funnel.TiesBySeq: 1, funnel.TiesStrict: 1} {
		if got := semLevel(t, funnel.FunnelOptions{Steps: 2, Window: 10, Ties: ties}, [2]int64{0, 2}, [2]int64{0, 1}); got != want {
			t.Errorf("ties %q: the second step before the first at the same time: level %d, want %d", ties, got, want)
		}
	}
}

func TestS95_reuse(t *testing.T) {
	for reuse, want := range map[bool]int{false: 1, true: 2} {
		if got := semLevel(t, funnel.FunnelOptions{Steps: 2, Window: 10, Reuse: reuse}, [2]int64{0, 1 | 2}); got != want {
			t.Errorf("reuse %t: one event for two steps: level %d, want %d", reuse, got, want)
		}
	}
}

func TestS96_exclusion(t *testing.T) {
	m, err := funnel.Deepest(funnel.FunnelOptions{Steps: 3, Window: 10}, []funnel.Event{{At: 0, Steps: 1}, {At: 1, Steps: 2}, {At: 2, Void: 2}, {At: 3, Steps: 4}})
	if err != nil || m.Level != 2 || !m.Voided {
		t.Errorf("%+v, %v; want level 2, voided", m, err)
	}
}

func TestS97_inFlight(t *testing.T) {
	m, err := funnel.Deepest(funnel.FunnelOptions{Steps: 2, Window: 10}, []funnel.Event{{At: 0, Steps: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for asOf, pending := range map[int64]int64{10: 1, 11: 0} {
		var c funnel.Counts
		if err := c.Add(m, asOf); err != nil {
			t.Fatal(err)
		}
		if got, want := semShare(t)(c.Conversion(1, 2)), (funnel.Share{Entered: 1, Pending: pending}); got != want {
			t.Errorf("as of %d: %+v, want %+v", asOf, got, want)
		}
	}
}

func TestS98_retentionDoesNotChain(t *testing.T) {
	var r funnel.Retention
	week := period("2026-01-05", "2026-01-12")
	if err := r.Add(week, 1|4); err != nil { // the first condition and the third
		t.Fatal(err)
	}
	if err := r.Add(week, 2|4); err != nil { // not the first
		t.Fatal(err)
	}
	if got, err := r.Retained(week, 3); err != nil || got != (funnel.Ratio{Num: 1, Den: 1}) {
		t.Errorf("third condition: %v, %v; want 1 of 1", got, err)
	}
	if got, err := r.Retained(week, 2); err != nil || got != (funnel.Ratio{Num: 0, Den: 1}) {
		t.Errorf("second condition: %v, %v; want 0 of 1", got, err)
	}
}

// semPosition is a deal that is due on a day.
func semPosition(status funnel.Exit, amount, due string) funnel.Position {
	return funnel.Position{ID: "D-1", Status: status, Amount: d(amount), Due: on(due)}
}

// semMoved is the movement of one deal.
func semMoved(t *testing.T, scope salesops.Period, before, after *funnel.Position) funnel.Movement {
	t.Helper()
	c, err := funnel.Classify(scope, before, after)
	if err != nil {
		t.Fatal(err)
	}
	var m funnel.Movement
	if err := m.Add(c); err != nil {
		t.Fatal(err)
	}
	if b := m.Balance(); b.Count != 0 || !b.Amount.IsZero() {
		t.Errorf("does not balance: %+v", b)
	}
	return m
}

func TestS99_orderOfMovement(t *testing.T) {
	before, after := semPosition(funnel.Open, "100", "2026-03-01"), semPosition(funnel.Won, "80", "2026-03-01")
	before.Group, after.Group = "north", "south"
	m := semMoved(t, salesops.Period{}, &before, &after)
	if !m.Start.Amount.Equal(d("100")) || !m.TransferredOut.Amount.Equal(d("100")) || !m.TransferredIn.Amount.Equal(d("100")) || !m.Decreased.Amount.Equal(d("20")) || !m.Won.Amount.Equal(d("80")) {
		t.Errorf("%+v; want 100 at the start, transferred, 20 decreased, 80 won", m)
	}
}

func TestS100_createdAndWon(t *testing.T) {
	after := semPosition(funnel.Won, "80", "2026-02-01")
	for name, scope := range map[string]salesops.Period{"rolling": {}, "quarter": period("2026-01-01", "2026-04-01")} {
		m := semMoved(t, scope, nil, &after)
		if !m.Created.Amount.Equal(d("80")) || !m.Won.Amount.Equal(d("80")) || m.Start.Count+m.End.Count != 0 {
			t.Errorf("%s: %+v; want 80 created and 80 won", name, m)
		}
	}
}

func TestS101_scope(t *testing.T) {
	in, later := semPosition(funnel.Open, "50", "2026-03-01"), semPosition(funnel.Open, "50", "2026-05-01")
	quarter := period("2026-01-01", "2026-04-01")
	if m := semMoved(t, quarter, &in, &later); m.PushedOut.Count != 1 || m.End.Count != 0 {
		t.Errorf("to a later quarter: %+v, want pushed out", m)
	}
	if m := semMoved(t, quarter, &later, &in); m.PulledIn.Count != 1 || m.End.Count != 1 {
		t.Errorf("from a later quarter: %+v, want pulled in", m)
	}
	if m := semMoved(t, salesops.Period{}, &in, &later); m.PushedOut.Count+m.PulledIn.Count != 0 || m.Start.Count != 1 || m.End.Count != 1 {
		t.Errorf("rolling: %+v, want nothing but start and end", m)
	}
}

func TestS102_bottleneckNeedsABaseline(t *testing.T) {
	var good, bad []funnel.Journey
	for i := range 200 {
		way := []string{"A", "B", "C", "Won"}
		if i%4 == 0 {
			way = []string{"A", "Lost"}
		}
		good = append(good, semJourney("", way...))
		if i%2 == 0 {
			way = []string{"A", "B", "Lost"}
		}
		bad = append(bad, semJourney("", way...))
	}
	same, err := funnel.Bottlenecks(semFlow(t, good...), semFlow(t, good...), funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range same.Findings {
		if f.Verdict == funnel.Worse || f.Verdict == funnel.Better {
			t.Errorf("a flow beside itself: %v", f)
		}
	}
	d, err := funnel.Bottlenecks(semFlow(t, bad...), semFlow(t, good...), funnel.BottleneckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if f := d.Findings[0]; f.Stage != "B" || f.Cause != funnel.CauseConversion || f.Verdict != funnel.Worse {
		t.Errorf("first finding %v, want the conversion of B", f)
	}
}

func TestS103_overdueByStage(t *testing.T) {
	var past []funnel.Journey
	for i := range 40 { // A lasts 1 to 40 days, B 101 to 140
		past = append(past, funnel.Journey{Moves: []funnel.Move{{To: "A", At: semDay(0)}, {To: "B", At: semDay(1 + i)}, {To: "Won", At: semDay(102 + 2*i)}}})
	}
	open := []funnel.Journey{
		{ID: "in A", Moves: []funnel.Move{{To: "A", At: semDay(365 - 60)}}},
		{ID: "in B", Moves: []funnel.Move{{To: "B", At: semDay(365 - 60)}}},
	}
	aged, err := funnel.Ageing(funnel.View{Pipeline: semPipeline(t), AsOf: semDay(365)}, open, semFlow(t, past...), funnel.AgeingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(aged.Deals) != 1 || aged.Deals[0].Deal != "in A" {
		t.Errorf("%+v; want the deal in A alone, as 60 days are long there and not in B", aged.Deals)
	}
}

func TestS104_ranksOfLuck(t *testing.T) {
	c, err := funnel.CompareReps([]funnel.RepRecord{{Name: "Ana", Won: 6, Lost: 4}, {Name: "Ben", Won: 11, Lost: 9}, {Name: "Cai", Won: 4, Lost: 6}}, funnel.Evidence{MinN: 1})
	if err != nil {
		t.Fatal(err)
	}
	if c.WinRates.P < 0.5 {
		t.Errorf("p = %v, want far from any evidence", c.WinRates.P)
	}
	for _, r := range c.Reps {
		if r.Verdict != funnel.Unclear {
			t.Errorf("%s is %s, want unclear", r.Name, r.Verdict)
		}
	}
}

// To take away what was never added is an error also where each count is large enough by itself.
func TestS98_retentionSubtractsEntities(t *testing.T) {
	var r, o funnel.Retention
	week := period("2026-01-05", "2026-01-12")
	if err := r.Add(week, 1|2); err != nil {
		t.Fatal(err)
	}
	if err := o.Add(week, 1); err != nil {
		t.Fatal(err)
	}
	if err := r.Sub(&o); !errors.Is(err, funnel.ErrMismatch) {
		t.Errorf("Sub of another entity: %v, want ErrMismatch", err)
	}
	if got, err := r.Retained(week, 2); err != nil || got != (funnel.Ratio{Num: 1, Den: 1}) {
		t.Errorf("after that: %v, %v; want what was there", got, err)
	}
}

// A rep who would win 5 deals and lose 5 at the team's rate is not sparse, one with fewer is.
func TestS104_sparse(t *testing.T) {
	c, err := funnel.CompareReps([]funnel.RepRecord{{Name: "Ana", Won: 5, Lost: 5}, {Name: "Ben", Won: 5, Lost: 5}, {Name: "Cai", Won: 4, Lost: 4}}, funnel.Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Sparse != 1 {
		t.Errorf("%d sparse, want Cai alone", c.Sparse)
	}
}
