package metrics

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/proportion"
)

// The KPIs of concentration over customers, and of how alike reps are.
const (
	CustomerHHI       ID = "customer_hhi"       // concentration of bookings over customers
	CustomerEffective ID = "customer_effective" // as how many equal customers they are
	CustomerGini      ID = "customer_gini"      // inequality of customers
	CustomerTopShare  ID = "customer_top_share" // share of the greatest
	RepHHI            ID = "rep_hhi"            // concentration of bookings over reps
	RepTopShare       ID = "rep_top_share"      // share of the greatest
	RepGini           ID = "rep_gini"           // inequality of reps
	RepCV             ID = "rep_cv"             // standard deviation over mean
	RepIQR            ID = "rep_iqr"            // interquartile range over median
	RepQuartileRatio  ID = "rep_quartile_ratio" // upper over lower quartile
	RepHomogeneity    ID = "rep_homogeneity"    // may win rates be equal?
)

func spreadKPIs() []kpi {
	index := func(id ID, name, formula string, better Direction, additivity Additivity, edge string, of func(*reading) []exact.Num, value func(*reading, []exact.Num) (float64, bool)) kpi {
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: formula, Unit: UnitIndex, Better: better, Additivity: additivity, Undefined: edge, Source: "general use",
			},
			none: edge,
			figure: func(r *reading, id ID) Figure {
				all := of(r)
				v, ok := value(r, all)
				if !ok {
					return noValue(id, int64(len(all)), "")
				}
				return valueOf(id, v, int64(len(all)))
			},
		}
	}
	plain := func(f func([]exact.Num) (float64, bool)) func(*reading, []exact.Num) (float64, bool) {
		return func(_ *reading, all []exact.Num) (float64, bool) { return f(all) }
	}
	top := func(r *reading, all []exact.Num) (float64, bool) { return topShareOf(all, r.o.Top) }
	effective := func(all []exact.Num) (float64, bool) {
		hhi, ok := hhiOf(all)
		return 1 / hhi, ok
	}
	const edge = "the bookings sum to nothing, or a part of them is negative"
	customers, reps := (*reading).customers, (*reading).bookingsByRep
	out := []kpi{
		index(CustomerHHI, "Concentration over customers", "Σ (share of bookings)² over customers, 1 ÷ n to 1", Lower, Distinctness, edge, customers, plain(hhiOf)),
		index(CustomerEffective, "Effective number of customers", "1 ÷ Σ (share of bookings)² over customers", Higher, Distinctness, edge, customers, plain(effective)),
		index(CustomerGini, "Gini over customers", "ΣΣ |x − y| ÷ (2 × n² × mean) of bookings by customer", Neither, Distinctness, edge, customers, plain(giniOf)),
		index(CustomerTopShare, "Share of the greatest customers", "bookings of the Options.Top greatest customers ÷ bookings", Lower, Distinctness, edge, customers, top),
		index(RepHHI, "Concentration over reps", "Σ (share of bookings)² over reps, 1 ÷ n to 1", Lower, Distribution, edge, reps, plain(hhiOf)),
		index(RepTopShare, "Share of the greatest reps", "bookings of the Options.Top greatest reps ÷ bookings", Lower, Distribution, edge, reps, top),
		index(RepGini, "Gini over reps", "ΣΣ |x − y| ÷ (2 × n² × mean) of bookings by rep", Lower, Distribution, edge, reps, plain(giniOf)),
		index(RepCV, "Spread of reps", "standard deviation (n − 1) ÷ mean of bookings by rep", Lower, Distribution,
			"there are fewer than two reps, or their mean is not above 0", reps, plain(func(all []exact.Num) (float64, bool) { return momentsOf(all).CV() })),
		index(RepIQR, "Interquartile range of reps", "(upper − lower quartile) ÷ median of bookings by rep", Lower, Distribution,
			"there are fewer than two reps, or their median is not above 0", reps, plain(func(all []exact.Num) (float64, bool) {
				q := quartilesOf(all)
				return (q[2] - q[0]) / q[1], len(all) > 1 && q[1] > 0
			})),
		index(RepQuartileRatio, "Quartile ratio of reps", "upper ÷ lower quartile of bookings by rep", Lower, Distribution,
			"there are fewer than two reps, or their lower quartile is not above 0", reps, plain(func(all []exact.Num) (float64, bool) {
				q := quartilesOf(all)
				return q[2] / q[0], len(all) > 1 && q[0] > 0
			})),
		{
			Definition: Definition{
				ID: RepHomogeneity, Name: "Equality of win rates", Formula: "p-value of Pearson's χ² test that all reps win the same share", Unit: UnitIndex,
				Better: Neither, Additivity: Distribution, Undefined: "fewer than two reps have won or lost a deal", Source: "Pearson 1900",
			},
			none: "fewer than two reps have won or lost a deal",
			figure: func(r *reading, id ID) Figure {
				won, closed := r.winsByRep()
				t, ok := proportion.Homogeneity(won, closed)
				if !ok {
					return noValue(id, int64(len(won)), "")
				}
				return valueOf(id, t.P, int64(len(won)))
			},
		},
	}
	for i := range out {
		if id := out[i].ID; id == CustomerTopShare || id == RepTopShare {
			out[i].Unit = UnitShare
		}
	}
	return out
}

// customers returns the bookings of each account that is named.
func (r *reading) customers() []exact.Num {
	if r.buyers != nil {
		return r.buyers
	}
	var all accountSums
	for _, c := range r.cells {
		if c.closed != nil {
			for _, a := range c.closed.accounts.sums {
				if a.account != 0 {
					all.add(a.account, a.amount)
				}
			}
		}
	}
	all.settle()
	r.buyers = make([]exact.Num, len(all.sums))
	for i, a := range all.sums {
		r.buyers[i] = a.amount
	}
	return r.buyers
}

// byRep returns one sum for each rep: of the roster, if there is one, and else of those who closed a deal.
func byRep[T any](r *reading, count func(*T, *closedFacts)) []T {
	at := map[int32]int{}
	var out []T
	place := func(owner int32) int {
		i, ok := at[owner]
		if !ok {
			i = len(out)
			at[owner] = i
			out = append(out, *new(T))
		}
		return i
	}
	for _, rep := range r.reps {
		place(rep.owner)
	}
	roster := len(out) > 0
	for _, c := range r.cells {
		if _, listed := at[c.key.owner]; c.closed != nil && c.key.owner != 0 && (listed || !roster) {
			count(&out[place(c.key.owner)], c.closed)
		}
	}
	return out
}

// bookingsByRep returns what each rep sold.
func (r *reading) bookingsByRep() []exact.Num {
	if r.sellers == nil {
		r.sellers = byRep(r, func(sum *exact.Num, c *closedFacts) { add(sum, c.wonAmount) })
	}
	return r.sellers
}

// winsByRep returns how many deals each rep won, and how many were won or lost.
func (r *reading) winsByRep() (won, closed []int64) {
	type record struct{ won, closed int64 }
	for _, rep := range byRep(r, func(sum *record, c *closedFacts) {
		sum.won += c.won
		sum.closed += c.won + c.lost
	}) {
		won, closed = append(won, rep.won), append(closed, rep.closed)
	}
	return won, closed
}

// topShareOf returns the share of the k greatest; ok is false if the sum is not above 0, or one is negative.
func topShareOf(all []exact.Num, k int) (share float64, ok bool) {
	if !shareable(all) {
		return 0, false
	}
	ordered := slices.SortedFunc(slices.Values(all), func(a, b exact.Num) int { return b.Cmp(a) })
	var top, sum exact.Num
	for i, n := range ordered {
		if i < k {
			add(&top, n)
		}
		add(&sum, n)
	}
	return exact.QuoFloat(top, sum)
}

// momentsOf returns the moments of numbers.
func momentsOf(all []exact.Num) *Moments[float64] {
	m := new(Moments[float64])
	for _, n := range all {
		m.addNum(n)
	}
	return m
}

// quartilesOf returns the quartiles of numbers, zeros if there are none.
func quartilesOf(all []exact.Num) (q [3]float64) {
	var s Sample[float64]
	for _, n := range all {
		_ = s.Add(n.Float64())
	}
	for i, p := range []float64{0.25, 0.5, 0.75} {
		v, _ := s.Quantile(p)
		q[i] = v.Value
	}
	return q
}
