package funnel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

// flowExact compares to a relative difference; nothing but 0 is near 0.
func flowExact(relative float64) cmp.Option {
	return cmp.Comparer(func(a, b float64) bool { return a == b || math.Abs(a-b) <= relative*math.Abs(a) })
}

// E01: four chains solved in exact fractions, among them one with skips and rework and one of a business process in nine
// steps whose visits repeat. The fractions were computed with rational arithmetic from the transition counts, by
// N = (I-Q)^-1, B = NR, t = N1, (2N-I)t - t∘t, N_0j/N_jj and N m.
func TestE01_Chain_Absorb(t *testing.T) {
	text, err := os.ReadFile(testenv.Data(t, "funnel/reference/markov_absorbing.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name                 string
		Transient, Absorbing []string
		TransitionCounts     [][]float64 `json:"transition_counts"`
		N, B                 [][]string
		ExpectedSteps        []string  `json:"expected_steps"`
		VarSteps             []string  `json:"var_steps"`
		VisitProb            []string  `json:"visit_prob_from_0"`
		MeanHoldDays         []float64 `json:"mean_hold_days"`
		ExpectedDays         []string  `json:"expected_days"`
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 4 {
		t.Fatalf("%d cases, want 4", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			chain := funnel.Chain{Stages: c.Transient, Hold: c.MeanHoldDays}
			for i, e := range c.Absorbing {
				end := funnel.Stage{Key: e, End: funnel.Won}
				if i > 0 {
					end.End = funnel.Lost
				}
				chain.Ends = append(chain.Ends, end)
			}
			for _, row := range c.TransitionCounts {
				var sum float64
				for _, n := range row {
					sum += n
				}
				for i := range row {
					row[i] /= sum
				}
				chain.Next = append(chain.Next, row[:len(c.Transient)])
				chain.End = append(chain.End, row[len(c.Transient):])
			}
			got, err := chain.Absorb()
			if err != nil {
				t.Fatal(err)
			}
			near := flowExact(1e-12)
			for _, x := range []struct {
				what      string
				want, got any
			}{
				{"N", flowRatRows(t, c.N), got.Visits},
				{"B", flowRatRows(t, c.B), got.End},
				{"steps", flowRats(t, c.ExpectedSteps), got.Steps},
				{"variance of steps", flowRats(t, c.VarSteps), got.StepsVar},
				{"ever", flowRats(t, c.VisitProb), got.Ever[0]},
				{"time", flowRats(t, c.ExpectedDays), got.Time},
				{"time of a start", flowRats(t, c.ExpectedDays[:min(1, len(c.ExpectedDays))]), append([]float64(nil), got.StartTime)[:min(1, len(c.ExpectedDays))]},
				{"win", flowRatRows(t, c.B)[0][0], got.StartWin},
				{"visits of a start", flowRatRows(t, c.N)[0], got.StartVisits},
			} {
				if diff := cmp.Diff(x.want, x.got, near, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", x.what, diff)
				}
			}
		})
	}
}

func flowRats(t testing.TB, fractions []string) []float64 {
	t.Helper()
	var out []float64
	for _, s := range fractions {
		r, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%q is no fraction", s)
		}
		f, _ := r.Float64()
		out = append(out, f)
	}
	return out
}

func flowRatRows(t testing.TB, rows [][]string) [][]float64 {
	t.Helper()
	var out [][]float64
	for _, r := range rows {
		out = append(out, flowRats(t, r))
	}
	return out
}

// flowChains draws chains of up to 5 stages whose weights are whole numbers, among them very great and small ones, so that
// probabilities differ by many powers of ten.
func flowChains() *rapid.Generator[flowWeights] {
	return rapid.Custom(func(t *rapid.T) flowWeights {
		n := rapid.IntRange(1, 5).Draw(t, "stages")
		ends := rapid.SliceOfN(rapid.SampledFrom([]funnel.Exit{funnel.Won, funnel.Lost, funnel.Left}), 1, 3).Draw(t, "ends")
		w := flowWeights{Ends: ends}
		weight := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 20), rapid.Int64Range(0, 1<<40))
		for i := range n {
			row := rapid.SliceOfN(weight, n+len(ends), n+len(ends)).Draw(t, "row")
			// From each stage to the next one, or at last to an end, so that all come to one.
			row[min(i+1, n)] += rapid.Int64Range(1, 9).Draw(t, "on")
			w.Rows = append(w.Rows, row)
			w.Hold = append(w.Hold, float64(rapid.IntRange(0, 40).Draw(t, "hold")))
		}
		return w
	})
}

type flowWeights struct {
	Rows [][]int64 // stages, then ends
	Ends []funnel.Exit
	Hold []float64
}

func (w flowWeights) chain() funnel.Chain {
	n := len(w.Rows)
	c := funnel.Chain{Hold: w.Hold}
	for i, row := range w.Rows {
		var sum float64
		for _, x := range row {
			sum += float64(x)
		}
		shares := make([]float64, len(row))
		for j, x := range row {
			shares[j] = float64(x) / sum
		}
		c.Stages = append(c.Stages, fmt.Sprint("stage ", i))
		c.Next, c.End = append(c.Next, shares[:n:n]), append(c.End, shares[n:])
	}
	for i, e := range w.Ends {
		c.Ends = append(c.Ends, funnel.Stage{Key: fmt.Sprint("end ", i), End: e})
	}
	return c
}

// solve returns N and B in exact fractions.
func (w flowWeights) solve() (visits, end [][]float64) {
	n, width := len(w.Rows), 2*len(w.Rows)+len(w.Ends) // I-Q, I, R
	m := make([][]*big.Rat, n)
	for i, row := range w.Rows {
		var sum int64
		for _, x := range row {
			sum += x
		}
		m[i] = make([]*big.Rat, width)
		for j := range width {
			m[i][j] = new(big.Rat)
		}
		for j, x := range row {
			p := big.NewRat(x, sum)
			if j < n {
				m[i][j].Neg(p)
			} else {
				m[i][n+j].Set(p)
			}
		}
		m[i][i].Add(m[i][i], big.NewRat(1, 1))
		m[i][n+i].SetInt64(1)
	}
	for k := range n {
		inverse := new(big.Rat).Inv(m[k][k]) // never 0: the pivots of such a matrix are positive
		for j := range width {
			m[k][j].Mul(m[k][j], inverse)
		}
		for i := range n {
			if i == k {
				continue
			}
			by := new(big.Rat).Set(m[i][k])
			for j := range width {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(by, m[k][j]))
			}
		}
	}
	for i := range n {
		var row []float64
		for _, r := range m[i][n:] {
			f, _ := r.Float64()
			row = append(row, f)
		}
		visits, end = append(visits, row[:n:n]), append(end, row[n:])
	}
	return visits, end
}

// Visits and ends are those of rational arithmetic to 13 digits, however small, and even if a deal goes about for a long time.
func TestChain_Absorb_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := flowChains().Draw(t, "chain")
		c := w.chain()
		got, err := c.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		visits, end := w.solve()
		if diff := cmp.Diff(visits, got.Visits, flowExact(1e-13)); diff != "" {
			t.Errorf("visits (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(end, got.End, flowExact(1e-13)); diff != "" {
			t.Errorf("ends (-want +got):\n%s", diff)
		}
		for i := range c.Stages {
			var ends, win, steps float64
			for k, p := range got.End[i] {
				ends += p
				if c.Ends[k].End == funnel.Won {
					win += p
				}
			}
			for j, v := range got.Visits[i] {
				steps += v
				if v < 0 || i == j && v < 1 || got.Ever[i][j] > 1 || got.Ever[i][j] < 0 {
					t.Errorf("%d to %d: %v visits, probability %v", i, j, v, got.Ever[i][j])
				}
			}
			// Kemeny and Snell, theorem 3.2.3.
			square := -steps * steps
			for j, v := range got.Visits[i] {
				x := 2 * v
				if i == j {
					x--
				}
				square += x * got.Steps[j]
			}
			if math.Abs(ends-1) > 1e-13 || math.Abs(win-got.Win[i]) > 1e-13 || math.Abs(steps-got.Steps[i]) > 1e-12*steps || math.Abs(square-got.StepsVar[i]) > 1e-9*(1+steps*steps+math.Abs(square)) {
				t.Errorf("stage %d: ends sum to %v, win %v and %v, steps %v and %v, variance %v and %v", i, ends, win, got.Win[i], steps, got.Steps[i], square, got.StepsVar[i])
			}
			if got.Ever[i][i] != 1 {
				t.Errorf("stage %d is visited with probability %v by who is there", i, got.Ever[i][i])
			}
		}
		if got.StartTime > 0 {
			var sum float64
			for _, s := range got.TimeShare {
				sum += s
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("shares of time sum to %v", sum)
			}
		}
		if again, err := c.Absorb(); err != nil || !cmp.Equal(got, again) {
			t.Errorf("a second call differs: %v", err)
		}
	})
}

// Elasticity is the slope of the win chance as a conversion rises and the other ways out shrink in proportion.
func TestChain_elasticity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := flowChains().Draw(t, "chain")
		for _, row := range w.Rows {
			for j := range row {
				row[j] = row[j]%97 + 1 // near enough to each other for differences to show
			}
		}
		c := w.chain()
		a, err := c.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		const h = 1e-5
		for i := range c.Stages {
			if a.StartWin == 0 {
				break
			}
			slope := (w.tilted(i, 1+h) - w.tilted(i, 1-h)) / (2 * h) / a.StartWin
			if math.Abs(slope-a.Elasticity[i]) > 1e-6 {
				t.Errorf("stage %d: elasticity %v, by differences %v", i, a.Elasticity[i], slope)
			}
		}
	})
}

// tilted returns the win chance with the conversion of a stage times by.
func (w flowWeights) tilted(stage int, by float64) float64 {
	c := w.chain()
	var conversion float64
	forward := func(j int) bool { return j > stage }
	for j, p := range c.Next[stage] {
		if forward(j) {
			conversion += p
		}
	}
	for k, p := range c.End[stage] {
		if w.Ends[k] == funnel.Won {
			conversion += p
		}
	}
	rest := (1 - conversion*by) / (1 - conversion)
	if conversion > 1-1e-9 {
		by, rest = 1, 1
	}
	for j := range c.Next[stage] {
		if forward(j) {
			c.Next[stage][j] *= by
		} else {
			c.Next[stage][j] *= rest
		}
	}
	for k := range c.End[stage] {
		if w.Ends[k] == funnel.Won {
			c.End[stage][k] *= by
		} else {
			c.End[stage][k] *= rest
		}
	}
	a, err := c.Absorb()
	if err != nil {
		panic(err)
	}
	return a.StartWin
}

// In a pipeline without skips and rework the win chance is the product of the conversions, each with elasticity 1, and a start
// anywhere is the mix of the starts.
func TestChain_linear_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "stages")
		c := funnel.Chain{Ends: []funnel.Stage{{Key: "Won", End: funnel.Won}, {Key: "Lost", End: funnel.Lost}}}
		product, starts := 1.0, 0.0
		for i := range n {
			p := float64(rapid.IntRange(1, 99).Draw(t, "percent")) / 100
			next := make([]float64, n)
			end := []float64{0, 1 - p}
			if i+1 < n {
				next[i+1] = p
			} else {
				end[0] = p
			}
			c.Stages, c.Next, c.End = append(c.Stages, fmt.Sprint(i)), append(c.Next, next), append(c.End, end)
			product *= p
			c.Start = append(c.Start, float64(rapid.IntRange(0, 9).Draw(t, "start")+1))
			starts += c.Start[i]
		}
		mixed := c
		mixed.Start = append([]float64(nil), c.Start...)
		for i := range mixed.Start {
			mixed.Start[i] /= starts
		}
		c.Start = nil
		a, err := c.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.StartWin-product) > 1e-14 {
			t.Errorf("win chance %v, want the product %v", a.StartWin, product)
		}
		for i, e := range a.Elasticity {
			if math.Abs(e-1) > 1e-12 {
				t.Errorf("elasticity of stage %d is %v, want 1", i, e)
			}
		}
		b, err := mixed.Absorb()
		if err != nil {
			t.Fatal(err)
		}
		var want float64
		for i, s := range mixed.Start {
			want += s * a.Win[i]
		}
		if math.Abs(b.StartWin-want) > 1e-14 {
			t.Errorf("win chance of mixed starts %v, want %v", b.StartWin, want)
		}
	})
}

// What is no chain, or never ends, is told with the stage; nothing comes out that is no number.
func TestChain_Absorb_errors(t *testing.T) {
	good := func() funnel.Chain {
		return funnel.Chain{
			Stages: []string{"Lead", "Opp", "Demo"},
			Ends:   []funnel.Stage{{Key: "Won", End: funnel.Won}, {Key: "Lost", End: funnel.Lost}},
			Next:   [][]float64{{0, 0.5, 0}, {0, 0, 0.5}, {0, 0.25, 0}},
			End:    [][]float64{{0, 0.5}, {0, 0.5}, {0.25, 0.5}},
			Hold:   []float64{1, 2, 3},
		}
	}
	if _, err := good().Absorb(); err != nil {
		t.Fatal(err)
	}
	nan, inf := math.NaN(), math.Inf(1)
	for name, x := range map[string]struct {
		spoil func(*funnel.Chain)
		kind  error
		path  string
		id    string
	}{
		"no stage":       {func(c *funnel.Chain) { *c = funnel.Chain{} }, funnel.ErrInput, "stages", ""},
		"no end":         {func(c *funnel.Chain) { c.Ends = nil }, funnel.ErrInput, "ends", ""},
		"end of no kind": {func(c *funnel.Chain) { c.Ends[1].End = "gone" }, funnel.ErrInput, "ends/1/end", ""},
		"row missing":    {func(c *funnel.Chain) { c.Next = c.Next[:2] }, funnel.ErrInput, "next", ""},
		"row too short":  {func(c *funnel.Chain) { c.Next[1] = nil }, funnel.ErrInput, "next/1", ""},
		"ends too long":  {func(c *funnel.Chain) { c.End[2] = []float64{1, 0, 0} }, funnel.ErrInput, "next/2", ""},
		"sum below 1":    {func(c *funnel.Chain) { c.End[2][1] = 0.4 }, funnel.ErrInput, "next/2", ""},
		"negative":       {func(c *funnel.Chain) { c.Next[0][0] = -0.5; c.Next[0][2] = 0.5 }, funnel.ErrInput, "next/0/0", ""},
		"NaN":            {func(c *funnel.Chain) { c.Next[0][0] = nan }, funnel.ErrInput, "next/0/0", ""},
		"infinite":       {func(c *funnel.Chain) { c.End[0][0] = inf }, funnel.ErrInput, "end/0/0", ""},
		"start of few":   {func(c *funnel.Chain) { c.Start = []float64{1} }, funnel.ErrInput, "start", ""},
		"start sums":     {func(c *funnel.Chain) { c.Start = []float64{1, 1, 0} }, funnel.ErrInput, "start", ""},
		"hold of few":    {func(c *funnel.Chain) { c.Hold = []float64{1} }, funnel.ErrInput, "hold", ""},
		"hold negative":  {func(c *funnel.Chain) { c.Hold[1] = -1 }, funnel.ErrInput, "hold/1", ""},
		"hold NaN":       {func(c *funnel.Chain) { c.Hold[1] = nan }, funnel.ErrInput, "hold/1", ""},
		"never ends": {func(c *funnel.Chain) {
			c.Next[2], c.End[2] = []float64{0, 1, 0}, []float64{0, 0}
			c.Next[1], c.End[1] = []float64{0, 0, 1}, []float64{0, 0}
		}, funnel.ErrUndefined, "stage", "Opp"},
		"stays forever":     {func(c *funnel.Chain) { c.Next[1], c.End[1] = []float64{0, 1, 0}, []float64{0, 0} }, funnel.ErrUndefined, "stage", "Opp"},
		"too improbable":    {func(c *funnel.Chain) { c.Next[1], c.End[1] = []float64{0, 1, 0}, []float64{5e-324, 0} }, funnel.ErrUndefined, "end", ""},
		"longer than a max": {func(c *funnel.Chain) { c.Hold[0], c.Hold[1] = 1.7e308, 1.7e308 }, funnel.ErrUndefined, "end", ""},
		"too many": {func(c *funnel.Chain) {
			c.Stages = make([]string, 99)
			c.Next, c.End = make([][]float64, 99), make([][]float64, 99)
		}, funnel.ErrInput, "stages", ""},
	} {
		c := good()
		x.spoil(&c)
		_, err := c.Absorb()
		var fault *funnel.Error
		if !errors.Is(err, x.kind) || !errors.As(err, &fault) || fault.Path != x.path || fault.ID != x.id {
			t.Errorf("%s: %v, want a fault of %q at %q", name, err, x.id, x.path)
		}
	}
}

// A win chance of 0 has no elasticity, and a process that takes no time no shares of it.
func TestChain_Absorb_absent(t *testing.T) {
	c := funnel.Chain{Stages: []string{"Lead"}, Ends: []funnel.Stage{{Key: "Lost", End: funnel.Lost}}, Next: [][]float64{{0}}, End: [][]float64{{1}}, Hold: []float64{0}}
	a, err := c.Absorb()
	if err != nil {
		t.Fatal(err)
	}
	if a.Elasticity != nil || a.TimeShare != nil || a.StartTime != 0 || a.Time == nil || a.StartWin != 0 {
		t.Errorf("%+v", a)
	}
	c.Hold = nil
	if a, err = c.Absorb(); err != nil || a.Time != nil || a.TimeShare != nil {
		t.Errorf("%+v, %v", a, err)
	}
}

// Results go through JSON and come back.
func TestAbsorption_JSON(t *testing.T) {
	w := flowWeights{Rows: [][]int64{{0, 3, 1, 2}, {1, 0, 2, 4}}, Ends: []funnel.Exit{funnel.Won, funnel.Lost}, Hold: []float64{3, 4}}
	c := w.chain()
	a, err := c.Absorb()
	if err != nil {
		t.Fatal(err)
	}
	var chain funnel.Chain
	var back funnel.Absorption
	for _, x := range []struct{ from, to any }{{c, &chain}, {a, &back}} {
		text, err := json.Marshal(x.from)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, x.to); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(c, chain); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Errorf("absorption (-want +got):\n%s", diff)
	}
}
