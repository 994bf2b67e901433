package funnel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
)

// flowAt returns the time so many hours after Monday, 5 January 2026, 0:00.
func flowAt(hours int) time.Time {
	return time.Date(2026, time.January, 5, hours, 0, 0, 0, time.UTC)
}

// flowPipeline returns the pipeline of stages, ends written "Won=won".
func flowPipeline(t testing.TB, stages ...string) funnel.Pipeline {
	t.Helper()
	var list []funnel.Stage
	for _, s := range stages {
		var stage funnel.Stage
		for i := range s {
			if s[i] == '=' {
				stage.Key, stage.End = s[:i], funnel.Exit(s[i+1:])
			}
		}
		if stage.Key == "" {
			stage.Key = s
		}
		list = append(list, stage)
	}
	p, err := funnel.NewPipeline(list...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// flowJourney returns a journey with a move every ten hours.
func flowJourney(id string, stages ...string) funnel.Journey {
	j := funnel.Journey{ID: id, Amount: d("100")}
	for i, s := range stages {
		j.Moves = append(j.Moves, funnel.Move{To: s, At: flowAt(10 * i)})
	}
	return j
}

// flowSet is a view with journeys.
type flowSet struct {
	View     funnel.View
	Journeys []funnel.Journey
}

func (s flowSet) GoString() string {
	return fmt.Sprintf("%v as of %v: %v", s.View.Pipeline.Stages(), s.View.AsOf, s.Journeys)
}

// flowPipelines draws pipelines of 1 to 5 stages that are worked and up to 4 ends, in any order.
func flowPipelines(t *rapid.T) (p funnel.Pipeline, worked, ends []string) {
	n := rapid.IntRange(1, 5).Draw(t, "stages")
	var stages []funnel.Stage
	for i := range n {
		worked = append(worked, string(rune('a'+i)))
		stages = append(stages, funnel.Stage{Key: worked[i]})
	}
	for i, e := range rapid.SliceOfN(rapid.SampledFrom([]funnel.Exit{funnel.Won, funnel.Lost, funnel.Left}), 0, 4).Draw(t, "ends") {
		ends = append(ends, string(rune('W'+i)))
		stages = slices.Insert(stages, rapid.IntRange(0, len(stages)).Draw(t, "place"), funnel.Stage{Key: ends[i], End: e})
	}
	p, err := funnel.NewPipeline(stages...)
	if err != nil {
		t.Fatal(err)
	}
	return p, worked, ends
}

// flowSets draws views with journeys that are valid.
func flowSets(most int) *rapid.Generator[flowSet] {
	return rapid.Custom(func(t *rapid.T) flowSet {
		p, worked, ends := flowPipelines(t)
		reopens := rapid.Bool().Draw(t, "reopens")
		if reopens {
			p = p.Reopening()
		}
		s := flowSet{View: funnel.View{Pipeline: p, AsOf: flowAt(rapid.IntRange(0, 500).Draw(t, "asOf"))}}
		if rapid.Bool().Draw(t, "truncated") {
			s.View.Since = flowAt(rapid.IntRange(0, 300).Draw(t, "since"))
		}
		if rapid.Bool().Draw(t, "hours") {
			s.View.Clock = funnel.Hours
		}
		n := rapid.IntRange(0, most).Draw(t, "journeys")
		for i := range n {
			s.Journeys = append(s.Journeys, flowDrawJourney(t, fmt.Sprint("j", i), worked, ends, reopens))
		}
		return s
	})
}

func flowDrawJourney(t *rapid.T, id string, worked, ends []string, reopens bool) funnel.Journey {
	j := funnel.Journey{ID: id, Currency: "EUR", Amount: decimal.New(rapid.Int64Range(-5, 400).Draw(t, "amount"), rapid.Int32Range(-2, 1).Draw(t, "exponent"))}
	at, ended := rapid.IntRange(0, 300).Draw(t, "begins"), false
	moves := rapid.IntRange(1, 12).Draw(t, "moves")
	for range moves {
		from := worked
		if ended && !reopens {
			break
		}
		if !ended && (len(j.Moves) > 0 || rapid.IntRange(0, 9).Draw(t, "ends at once") == 9) {
			from = append(append(slices.Clip(from), worked...), ends...)
		}
		to := rapid.SampledFrom(from).Draw(t, "to")
		ended = slices.Contains(ends, to)
		j.Moves = append(j.Moves, funnel.Move{To: to, At: flowAt(at)})
		at += rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 60)).Draw(t, "stays")
	}
	return j
}

func flowOf(t rapid.TB, v funnel.View, journeys ...funnel.Journey) *funnel.Flow {
	t.Helper()
	f := new(funnel.Flow)
	for _, j := range journeys {
		if err := f.Add(v, j); err != nil {
			t.Fatalf("Add(%v): %v", j, err)
		}
	}
	return f
}

// flowNodes numbers the stages that are worked from 0, and then the ends.
type flowNodes struct {
	stages []funnel.Stage
	worked int
}

func flowNodesOf(p funnel.Pipeline) flowNodes {
	n := flowNodes{stages: p.Stages()}
	for n.worked < len(n.stages) && n.stages[n.worked].End == "" {
		n.worked++
	}
	return n
}

func (n flowNodes) index(key string) int {
	return slices.IndexFunc(n.stages, func(s funnel.Stage) bool { return s.Key == key })
}

func (n flowNodes) isWon(i int) bool { return n.stages[i].End == funnel.Won }

// past reports whether who is at i is at stage k or further on.
func (n flowNodes) past(i, k int) bool { return i < n.worked && i >= k || n.isWon(i) }

// known returns the places of a journey as of a time, those that follow themselves once, and how often they did.
func (n flowNodes) known(v funnel.View, j funnel.Journey) (nodes []int, at []time.Time, repeated map[int]int64) {
	repeated = map[int]int64{}
	for _, m := range j.Moves {
		if m.At.After(v.AsOf) {
			break
		}
		i := n.index(m.To)
		if len(nodes) > 0 && nodes[len(nodes)-1] == i {
			repeated[i]++
			continue
		}
		nodes, at = append(nodes, i), append(at, m.At)
	}
	return nodes, at, repeated
}

// entered reports whether a journey entered a, by the policy, and where first.
func (n flowNodes) entered(nodes []int, a int, skip funnel.Skip) (at int, ok bool) {
	for i, x := range nodes {
		if x == a || skip == funnel.Implied && n.past(x, a) {
			return i, true
		}
	}
	return 0, false
}

// reached returns the first place at which a journey had reached b from a, searching all ways.
func (n flowNodes) reached(nodes []int, a, b int, skip funnel.Skip) (at int, ok bool) {
	switch skip {
	case funnel.Implied:
		for k, x := range nodes {
			for i := range nodes[:k+1] {
				if (nodes[i] == a || n.past(nodes[i], a)) && (x == b || b < n.worked && n.past(x, b)) {
					return k, true
				}
			}
		}
		return 0, false
	case funnel.Contiguous:
		best := -1
		var walk func(level, from int)
		walk = func(level, from int) { // at stage level since place from
			if level == b {
				if best < 0 || from < best {
					best = from
				}
				return
			}
			next := level + 1
			if level == n.worked-1 {
				next = b
			}
			for k := from + 1; k < len(nodes); k++ {
				if nodes[k-1] == level && nodes[k] == next {
					walk(next, k)
				}
			}
		}
		for i, x := range nodes {
			if x == a {
				walk(a, i)
			}
		}
		return best, best >= 0
	}
	for k, x := range nodes {
		if x == b && slices.Contains(nodes[:k], a) {
			return k, true
		}
	}
	return 0, false
}

// asks reports whether a policy can be asked for a conversion.
func (n flowNodes) asks(a, b int, skip funnel.Skip) bool {
	switch skip {
	case funnel.Implied:
		return a < n.worked && b > a
	case funnel.Contiguous:
		return a < n.worked && b > a && (b < n.worked || n.isWon(b))
	}
	return a != b
}

// flowTruth is what a flow should say, found by looking at each journey for each figure.
type flowTruth struct {
	Stages  []funnel.StageFlow
	Outcome funnel.Outcome
	Moves   map[[2]string]funnel.Part
	Shares  map[string]funnel.Share // conversions by from, to and policy; reached by to and policy
	Spells  map[string][]funnel.Spell
}

func flowAddPart(p *funnel.Part, j funnel.Journey) {
	p.Count++
	p.Amount = p.Amount.Add(j.Amount)
}

func flowTell(s flowSet) flowTruth {
	n := flowNodesOf(s.View.Pipeline)
	out := flowTruth{Stages: make([]funnel.StageFlow, n.worked), Moves: map[[2]string]funnel.Part{}, Shares: map[string]funnel.Share{}, Spells: map[string][]funnel.Spell{}}
	for i := range out.Stages {
		out.Stages[i].Stage = n.stages[i].Key
	}
	for _, j := range s.Journeys {
		nodes, at, repeated := n.known(s.View, j)
		if len(nodes) == 0 {
			continue
		}
		flowAddPart(&out.Outcome.Journeys, j)
		for k, r := range repeated {
			out.Stages[k].Repeated += r
		}
		if nodes[0] < n.worked {
			out.Stages[nodes[0]].Started++
		}
		last := nodes[len(nodes)-1]
		switch n.stages[last].End {
		case funnel.Won:
			flowAddPart(&out.Outcome.Won, j)
		case funnel.Lost:
			flowAddPart(&out.Outcome.Lost, j)
		case funnel.Left:
			flowAddPart(&out.Outcome.Left, j)
		default:
			flowAddPart(&out.Outcome.Open, j)
		}
		from := ""
		for i, x := range nodes {
			move := out.Moves[[2]string{from, n.stages[x].Key}]
			flowAddPart(&move, j)
			out.Moves[[2]string{from, n.stages[x].Key}] = move
			from = n.stages[x].Key
			if x >= n.worked {
				if i+1 < len(nodes) {
					out.Outcome.Reopened++
				}
				continue
			}
			stage := &out.Stages[x]
			flowAddPart(&stage.Entered, j)
			if slices.Contains(nodes[:i], x) {
				stage.Reworked++
			}
			part, exit, end := &stage.Open, funnel.Open, s.View.AsOf
			if i+1 < len(nodes) {
				next := nodes[i+1]
				end = at[i+1]
				switch {
				case next < x:
					part, exit = &stage.Regressed, funnel.Regressed
				case next < n.worked:
					part, exit = &stage.Advanced, funnel.Advanced
				case n.isWon(next):
					part, exit = &stage.Won, funnel.Won
				case n.stages[next].End == funnel.Lost:
					part, exit = &stage.Lost, funnel.Lost
				default:
					part, exit = &stage.Left, funnel.Left
				}
				for k := x + 1; k < n.worked && n.past(next, k+1); k++ {
					out.Stages[k].Skipped++
				}
			}
			flowAddPart(part, j)
			if spell, ok := flowSpell(s.View, at[i], end, exit); ok {
				out.Spells[stage.Stage] = append(out.Spells[stage.Stage], spell)
			}
		}
		out.shares(n, nodes)
	}
	return out
}

// flowSpell counts the ticks by looking at every hour.
func flowSpell(v funnel.View, start, end time.Time, exit funnel.Exit) (funnel.Spell, bool) {
	clock := v.Clock
	if clock == nil {
		clock = funnel.CalendarDays(time.UTC)
	}
	s := funnel.Spell{Leave: clock(start, end), Exit: exit}
	if v.Since.IsZero() || !start.Before(v.Since) {
		return s, true
	}
	for at := start; at.Before(v.Since); at = at.Add(time.Hour) {
		s.Enter = clock(start, at) + 1 // that tick had begun before Since
	}
	return s, s.Enter <= s.Leave
}

func (o *flowTruth) shares(n flowNodes, nodes []int) {
	open := nodes[len(nodes)-1] < n.worked
	for _, skip := range []funnel.Skip{funnel.Visited, funnel.Implied, funnel.Contiguous} {
		for b := range n.stages {
			if skip == funnel.Contiguous && b >= n.worked && !n.isWon(b) {
				continue
			}
			_, ok := n.entered(nodes, b, skip)
			if b >= n.worked { // ends are not implied
				_, ok = n.entered(nodes, b, funnel.Visited)
			}
			if skip == funnel.Contiguous && b > 0 {
				_, ok = n.reached(nodes, 0, b, skip)
			}
			o.share(fmt.Sprint("start ", n.stages[b].Key, " ", skip), ok, open)
			for a := range n.stages {
				if _, entered := n.entered(nodes, a, skip); entered && n.asks(a, b, skip) {
					_, ok := n.reached(nodes, a, b, skip)
					o.share(fmt.Sprint(n.stages[a].Key, " ", n.stages[b].Key, " ", skip), ok, open)
				}
			}
		}
	}
}

func (o *flowTruth) share(key string, reached, open bool) {
	s := o.Shares[key]
	s.Entered++
	switch {
	case reached:
		s.Reached++
	case open:
		s.Pending++
	}
	o.Shares[key] = s
}

// flowAsk asks a flow for all of that.
func flowAsk(t rapid.TB, f *funnel.Flow, p funnel.Pipeline) flowTruth {
	n := flowNodesOf(p)
	out := flowTruth{Stages: f.Stages(), Outcome: f.Outcome(), Moves: map[[2]string]funnel.Part{}, Shares: map[string]funnel.Share{}, Spells: map[string][]funnel.Spell{}}
	for _, m := range f.Moves() {
		out.Moves[[2]string{m.From, m.To}] = m.Part
	}
	for _, skip := range []funnel.Skip{funnel.Visited, funnel.Implied, funnel.Contiguous} {
		for b, to := range n.stages {
			s, err := f.Reached(to.Key, skip)
			if bad := skip == funnel.Contiguous && b >= n.worked && !n.isWon(b); bad != (err != nil) {
				t.Fatalf("Reached(%q, %v): error %v", to.Key, skip, err)
			}
			if err == nil {
				out.Shares[fmt.Sprint("start ", to.Key, " ", skip)] = s
			}
			for a, from := range n.stages {
				s, err := f.Conversion(from.Key, to.Key, skip)
				if n.asks(a, b, skip) != (err == nil) {
					t.Fatalf("Conversion(%q, %q, %v): error %v", from.Key, to.Key, skip, err)
				}
				if err == nil && s.Entered > 0 {
					out.Shares[fmt.Sprint(from.Key, " ", to.Key, " ", skip)] = s
				}
			}
		}
	}
	return out
}

// What a flow says is what looking at each journey for each figure gives.
func TestFlow_bruteForce_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(6).Draw(t, "set")
		f, want := flowOf(t, s.View, s.Journeys...), flowTell(s)
		if want.Outcome.Journeys.Count == 0 {
			if f.Journeys() != 0 || len(f.Stages()) != 0 {
				t.Fatalf("%d journeys, stages %v, want none", f.Journeys(), f.Stages())
			}
			return
		}
		got := flowAsk(t, f, s.View.Pipeline)
		for key, spells := range want.Spells {
			times, err := f.Times(key)
			if err != nil {
				t.Fatal(err)
			}
			l, err := funnel.NewLifetimes(spells...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(flowBytes(t, l), flowBytes(t, times)); diff != "" {
				t.Errorf("times of %s (-want +got):\n%s", key, diff)
			}
		}
		want.Spells = got.Spells
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// flowBytes returns the binary form.
func flowBytes(t rapid.TB, v interface{ MarshalBinary() ([]byte, error) }) []byte {
	t.Helper()
	b, err := v.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The time from one stage to another, counted, is the conversion: the same number of journeys enter and reach it.
func TestView_Conversion_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(3).Draw(t, "set")
		n := flowNodesOf(s.View.Pipeline)
		for _, skip := range []funnel.Skip{"", funnel.Visited, funnel.Implied, funnel.Contiguous} {
			for a, from := range n.stages {
				for b, to := range n.stages {
					for _, j := range s.Journeys {
						want, wantOK := n.conversion(s.View, j, a, b, skip)
						got, ok, err := s.View.Conversion(j, from.Key, to.Key, skip)
						if (err == nil) != n.asks(a, b, skip) {
							t.Fatalf("%s to %s, %s: error %v", from.Key, to.Key, skip, err)
						}
						if err == nil && (got != want || ok != wantOK) {
							t.Errorf("%v: %s to %s, %s: %+v, %v, want %+v, %v", j, from.Key, to.Key, skip, got, ok, want, wantOK)
						}
					}
				}
			}
		}
	})
}

func (n flowNodes) conversion(v funnel.View, j funnel.Journey, a, b int, skip funnel.Skip) (funnel.Spell, bool) {
	nodes, at, _ := n.known(v, j)
	start, ok := n.entered(nodes, a, skip)
	if !ok || !n.asks(a, b, skip) {
		return funnel.Spell{}, false
	}
	target := n.stages[b].End
	if target == "" {
		target = funnel.Advanced
		if b < a && a < n.worked {
			target = funnel.Regressed
		}
	}
	end, exit := v.AsOf, funnel.Open
	last := len(nodes) - 1
	if k, ok := n.reached(nodes, a, b, skip); ok {
		end, exit = at[k], target
	} else if nodes[last] >= n.worked {
		end, exit = at[last], n.stages[nodes[last]].End
		if exit == target {
			exit = funnel.Left
		}
	}
	s, ok := flowSpell(v, at[start], end, exit)
	if !ok {
		return funnel.Spell{}, false
	}
	return s, true
}

// The lifetime of a deal goes from its first move to the end at which it stands.
func TestView_Lifetime_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(4).Draw(t, "set")
		n := flowNodesOf(s.View.Pipeline)
		for _, j := range s.Journeys {
			var want funnel.Spell
			wantOK := false
			if nodes, at, _ := n.known(s.View, j); len(nodes) > 0 {
				last := len(nodes) - 1
				end, exit := s.View.AsOf, funnel.Open
				if nodes[last] >= n.worked {
					end, exit = at[last], n.stages[nodes[last]].End
				}
				if x, ok := flowSpell(s.View, at[0], end, exit); ok {
					want, wantOK = x, true
				}
			}
			got, ok, err := s.View.Lifetime(j)
			if err != nil || got != want || ok != wantOK {
				t.Errorf("%v: %+v, %v, %v, want %+v, %v", j, got, ok, err, want, wantOK)
			}
		}
	})
}

// Visits tell each stay, in order; their spells are those of the flow.
func TestView_Visits_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flowSets(4).Draw(t, "set")
		n := flowNodesOf(s.View.Pipeline)
		spells := map[string][]funnel.Spell{}
		for _, j := range s.Journeys {
			nodes, at, _ := n.known(s.View, j)
			var want []funnel.Visit
			nth := map[int]int{}
			for i, x := range nodes {
				if x >= n.worked {
					continue
				}
				nth[x]++
				visit := funnel.Visit{Stage: n.stages[x].Key, Nth: nth[x], Enter: at[i], Exit: funnel.Open}
				if i+1 < len(nodes) {
					to := nodes[i+1]
					visit.Leave, visit.To = at[i+1], n.stages[to].Key
					switch {
					case to >= n.worked:
						visit.Exit = n.stages[to].End
					case to > x:
						visit.Exit = funnel.Advanced
					default:
						visit.Exit = funnel.Regressed
					}
					for k := x + 1; k < n.worked && n.past(to, k+1); k++ {
						visit.Skipped++
					}
				}
				want = append(want, visit)
			}
			before := funnel.Visit{Stage: "before"}
			got, err := s.View.Visits([]funnel.Visit{before}, j)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]funnel.Visit{before}, want...), got); diff != "" {
				t.Errorf("%v (-want +got):\n%s", j, diff)
			}
			for _, x := range got[1:] {
				if spell, ok := s.View.Spell(x); ok {
					spells[x.Stage] = append(spells[x.Stage], spell)
				}
			}
		}
		if diff := cmp.Diff(flowTell(s).Spells, spells); diff != "" {
			t.Errorf("spells (-want +got):\n%s", diff)
		}
	})
}
