package forecast

import (
	"github.com/shopspring/decimal"
)

// CRPS returns the continuous ranked probability score of the total against what came in: ∫ (F(x) - 1{x ≥ actual})² dx, F
// being the distribution function. It is in the unit of the amounts, 0 at best, and the absolute error if the total is
// certain. Its mean over past periods tells the better of two ways to get the probabilities, as what is expected of it is
// least for the true distribution (Gneiting and Raftery 2007, doi:10.1198/016214506000001437). An actual
// beyond 10^37 counts as that.
func (t Total) CRPS(actual decimal.Decimal) float64 {
	t = t.points()
	x, step := near(actual), floatOf(t.step)
	i := t.search(x) // the first point that is not below actual
	var sum float64
	add := func(width, p float64) { sum += float64(width * p * p) }
	for j := range i - 1 {
		add(float64(step*float64(t.index(j+1)-t.index(j))), t.upTo(j))
	}
	if i > 0 {
		add(floatOf(x.Sub(t.value(i-1))), t.upTo(i-1))
	}
	if i < len(t.p) {
		add(floatOf(t.value(i).Sub(x)), t.from(i))
	}
	for j := i; j < len(t.p)-1; j++ {
		add(float64(step*float64(t.index(j+1)-t.index(j))), t.from(j+1))
	}
	return sum
}

// PIT returns the probability integral transform of what came in: the probabilities of less than actual, and of at most
// actual. Over many periods, points drawn evenly between the two are evenly distributed over [0, 1] if the totals are
// right; if they gather at the ends, ranges are too narrow (Czado, Gneiting and Held 2009,
// doi:10.1111/j.1541-0420.2009.01191.x).
func (t Total) PIT(actual decimal.Decimal) (below, upTo float64) {
	t = t.points()
	x := near(actual)
	i := t.search(x)
	below = t.upTo(i - 1)
	if i < len(t.p) && t.value(i).Cmp(x) == 0 {
		return below, t.upTo(i)
	}
	return below, below
}
