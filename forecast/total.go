package forecast

import (
	"math"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Total is the distribution of the sum of deals that may be won or not: what a period may bring. Its zero value is the
// total of no deals, which is surely 0. It is immutable and safe for concurrent use.
//
// The distribution is computed, not simulated: see [NewTotal]. It lies on finitely many points, which [Total.All] lists,
// and every question below is answered for these points. Probabilities have an absolute error of about 1e-13, with a
// Correlation too, so those of less mean no more than that they are tiny.
type Total struct {
	origin exact.Num // the first point
	step   exact.Num // between points of at
	at     []int64   // the points, ascending from 0; nil for 0, 1, 2, …
	p      []float64 // of the points; the first and the last are positive
	tail   []float64 // up to mid the probability of the point and those before, after it of the point and those behind
	mid    int

	mean      exact.Num
	cumulants [3]float64 // the second to the fourth, of the deals: without what the grid adds
	excess    float64    // the variance that the grid adds
	lost      float64
	approx    bool
}

// TotalOptions are the options of [NewTotal].
type TotalOptions struct {
	// SpreadTolerance is how much larger the standard deviation may get, relatively, where amounts must be put on a grid.
	// 0 means 1e-4, the least is 1e-9. Computing time grows as its inverse square root.
	SpreadTolerance float64 `json:"spreadTolerance,omitempty"`
	// Correlation is what deals have in common, from 0 (independent, the default) to below 1: the market, the quarter, the
	// product. It is the correlation ρ of the one-factor Gaussian copula, in which deal i is won when √ρ Z + √(1-ρ) Xᵢ
	// falls below the normal quantile of its probability, with Z standard normal for all deals and Xᵢ for each. It widens
	// the range (of amounts of one sign) and leaves the mean, as each deal keeps its probability: that is the mean of what it
	// is in the states Z of the market. [FitCorrelation] estimates it from past periods.
	Correlation float64 `json:"correlation,omitempty"`
}

const (
	defaultTolerance = 1e-4 // the SpreadTolerance of 0
	leastTolerance   = 1e-9
)

// NewTotal computes the distribution of the sum of deals.
//
// If the amounts are multiples of one unit, such as 100, and sum to at most 2^20 units, or if their sums take at most 2^16
// values, which are soon listed and lie within 2^62 of their common unit, then the total has just these values
// ([Total.Exact]). Otherwise amounts are put on a
// grid, split between the two points around each so that its mean stays: this widens the distribution by at most
// SpreadTolerance ([Total.Inflation]), and quantiles are points of the grid ([Total.Resolution]). Deals that are more
// likely won than not are counted as won, and not winning them as the event; so a probability of 1, or a deal already won,
// just shifts the total.
//
// The order of the deals does not matter. NewTotal takes O(n log n + L log L) for n deals and a grid of L points, L
// growing as √n. With a Correlation it takes O(n L) at worst for each of the states of the market that it tells apart: 65,
// or more if deals are many and much alike.
//
// NewTotal returns an error if:
//   - a probability is not in [0, 1], or an amount is out of bounds (ErrInput)
//   - SpreadTolerance is neither 0 nor in [1e-9, 1], or Correlation is not in [0, 1) (ErrInput)
//   - the sum of the amounts needs more than 36 digits, the grid needs more than 2^20 points, or the Correlation needs more
//     than 2^13 states of the market (ErrTooLarge)
func NewTotal(chances []Chance, o TotalOptions) (Total, error) {
	var f faults
	eps := o.SpreadTolerance
	if !(eps == 0 || eps >= leastTolerance && eps <= 1) {
		f.add(ErrInput, "", "spreadTolerance", floatText(eps), "must be from 1e-9 to 1, or 0 for the default")
	}
	if eps == 0 {
		eps = defaultTolerance
	}
	f.correlation(o.Correlation)
	b := f.book("chances", chances)
	if err := f.err(); err != nil {
		return Total{}, err
	}
	return b.total(eps, o.Correlation)
}

func (f *faults) correlation(rho float64) {
	if !(rho >= 0 && rho < 1) {
		f.add(ErrInput, "", "correlation", floatText(rho), "must be at least 0 and below 1")
	}
}

func (b *book) total(eps, rho float64) (Total, error) {
	t := Total{origin: b.base, mean: b.mean, step: exact.Int(1), p: []float64{1}}
	if len(b.lots) == 0 {
		return t.finish(), nil
	}
	m := newMixture(b.lots, rho)
	moments := m.moments()
	t.cumulants = moments.cumulants
	if m.cuts != nil {
		m = m.resolve(m.bandwidth(moments.information))
		if len(m.nodes) >= mostNodes {
			return Total{}, &Error{
				Path: "correlation", Value: floatText(rho), Err: ErrTooLarge,
				Msg: "needs more than " + strconv.Itoa(mostNodes) + " states of the market for so many deals: give a lower one",
			}
		}
	}
	if !t.exactly(m) {
		if err := t.nearly(m, eps); err != nil {
			return Total{}, err
		}
	}
	return t.finish(), nil
}

// exactly computes the distribution on the values that the total can have, and reports whether it could.
func (t *Total) exactly(m *mixture) bool {
	step, shift, ok := units(m.lots)
	if !ok {
		return false
	}
	g := &grid{mixture: m, size: floatOf(step), shift: shift}
	first, last := g.ends()
	limit, steps := int64(mostAtoms), int64(mostMerge/len(m.nodes))
	if cells := last - first; cells < mostCells { // so that a list takes no more than a row, nor longer
		limit, steps = min(limit, cells/8), min(steps, 4*cells)
	}
	if at, p, ok := m.atoms(shift, int(limit), int(steps)); ok {
		t.at, t.p = at, p
		t.place(step, 0)
		return true
	}
	if last-first >= mostCells {
		return false
	}
	d, _ := g.solve()
	t.p, t.lost = d.p, d.lost
	t.place(step, d.first)
	return true
}

// nearly computes the distribution on a grid.
func (t *Total) nearly(m *mixture, eps float64) error {
	sd := math.Sqrt(t.cumulants[0])
	if rest, missing := m.likely(); missing > 0 {
		t.approx, t.lost = true, missing
		if len(rest.lots) == 0 {
			return nil
		}
		m, sd = rest, math.Sqrt(rest.moments().cumulants[0])
	}
	coarsest := m.coarsest(sd, eps)
	var needs float64
	for _, size := range []float64{min(coarsest, m.finer(sd)), coarsest} {
		step := roundDown(size)
		g, excess := m.disperse(step)
		var d distribution
		if d, needs = g.solve(); d.p != nil {
			t.p, t.lost, t.excess, t.approx = d.p, t.lost+d.lost, excess, true
			t.place(step, d.first)
			return nil
		}
	}
	msg := "needs a grid of more than " + strconv.Itoa(mostCells) + " points: "
	needs /= mostCells
	if eps = float64(1.1 * eps * needs * needs); eps < 1 {
		msg += "give " + strconv.FormatFloat(eps, 'g', 2, 64)
	} else {
		msg += "round the amounts, or leave out the largest of the least likely deals"
	}
	return &Error{Path: "spreadTolerance", Msg: msg, Err: ErrTooLarge}
}

// place sets the points to multiples of a step from the origin, beginning with first.
func (t *Total) place(step exact.Num, first int64) {
	t.step = step
	t.origin = t.origin.Add(step.Mul(exact.Int(first)))
}

// finish drops points of probability 0 at the ends, and sums up.
func (t *Total) finish() Total {
	from, to := 0, len(t.p)
	for from < to-1 && t.p[from] == 0 {
		from++
	}
	for from < to-1 && t.p[to-1] == 0 {
		to--
	}
	t.p = t.p[from:to]
	first := int64(from)
	if t.at != nil {
		t.at = t.at[from:to]
		first = t.at[0]
		for i := 0; first != 0 && i < len(t.at); i++ {
			t.at[i] -= first
		}
	}
	t.place(t.step, first)
	t.tail = make([]float64, len(t.p))
	var below, above float64
	for t.mid = 0; t.mid < len(t.p) && (below < 0.5 || t.p[t.mid] == 0); t.mid++ { // so that p is not 0 behind mid
		below += t.p[t.mid]
		t.tail[t.mid] = below
	}
	t.mid--
	for i := len(t.p) - 1; i > t.mid; i-- {
		above += t.p[i]
		t.tail[i] = above
	}
	return *t
}

// points is t with the points that the zero value lacks.
func (t Total) points() Total {
	if t.p == nil {
		t.step, t.p = exact.Int(1), []float64{1}
		return t.finish()
	}
	return t
}

// Mean returns the expected total, Σ amount × p, exactly: a probability stands for the shortest decimal that reads as it.
// What has more than 18 decimal places, as probabilities of 17 digits make it, is rounded there, half to even. A
// Correlation does not change the mean.
func (t Total) Mean() decimal.Decimal { return t.mean.Round(18, exact.HalfEven).Decimal() }

// SD returns the standard deviation of the total, that of the deals: without what a grid adds to it. Past the normal
// approximation, read quantiles instead.
func (t Total) SD() float64 { return math.Sqrt(t.cumulants[0]) }

// Cumulants returns the variance and the third and fourth cumulant of the total. Skewness is third / variance^1.5, and
// excess kurtosis fourth / variance². Without Correlation they are Σ pq a², Σ pq(1-2p) a³ and Σ pq(1-6pq) a⁴, with q = 1-p.
func (t Total) Cumulants() (variance, third, fourth float64) {
	return t.cumulants[0], t.cumulants[1], t.cumulants[2]
}

// Exact reports whether the total has just the values that sums of the amounts can have. If not, amounts are dispersed to
// a grid.
func (t Total) Exact() bool { return !t.approx }

// Resolution returns the distance of the points of the grid, which is how precise quantiles are; 0 if the total is [Total.Exact].
func (t Total) Resolution() decimal.Decimal {
	if !t.approx {
		return decimal.Decimal{}
	}
	return t.step.Decimal()
}

// Inflation returns by what share of itself the grid makes the standard deviation larger; 0 if the total is [Total.Exact].
func (t Total) Inflation() float64 {
	if t.excess == 0 {
		return 0
	}
	x := t.excess / t.cumulants[0]
	return x / (1 + math.Sqrt(1+x)) // √(1+x) - 1
}

// LostMass returns a bound of the probability that the computation left out, or counted at wrong points, by confining the
// total to a window: mostly 0, and about 1e-17 for many deals. It does not hold what rounding does.
func (t Total) LostMass() float64 { return t.lost }
